"""Checkers of whole zones as judges: zonemaster and dnsviz, where they are installed."""

import json
import shutil
import subprocess

import netns
import pytest
import servers
from conftest import DNS_PORT
from kit.pool import NAME, Dnsd

# They like two name servers in two networks, with addresses of the real world, and a way down from the root.
ROOT, WORLD = "198.41.0.4", ["185.3.3.53", "185.4.4.53"]
HEAD = "$TTL 60\n@ SOA a.root-servers.net. hostmaster.example.com. 1 60 60 600 1\n@ NS a.root-servers.net.\n"
ABOVE = {
    ".": f"{HEAD}a.root-servers.net. A {ROOT}\ncom. NS a.root-servers.net.\n",
    "com": f"{HEAD}example NS a.root-servers.net.\n",
    "example.com": HEAD + "".join(f"s3 NS ns{n}.s3\nns{n}.s3 A {address}\n" for n, address in enumerate(WORLD, 1)),
}


def program(name):
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    return name


@pytest.fixture(scope="module")
def zone(box, network):
    """Our zone and those above it."""
    for address in WORLD:
        netns.add_address(address)
    servers.Named(box, "above", ROOT, ABOVE).up()
    return Dnsd(box, WORLD[0], WORLD, port=DNS_PORT, listen=[f"{address}:{DNS_PORT}" for address in WORLD],
                zone={"ns": {f"ns{n}": [address] for n, address in enumerate(WORLD, 1)}}, probe={"port": 9}).up()


def run_judge(*words):
    done = subprocess.run(list(map(str, words)), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_zonemaster(zone, box):
    """Nothing at WARNING or above, but for the reverse zone, which is not ours to have (ADDRESS02)."""
    tool = program("zonemaster-cli")
    hints = box.write("zonemaster.hints", f". 3600 NS a.root-servers.net.\na.root-servers.net. 3600 A {ROOT}\n")
    found = json.loads(run_judge(tool, "--hints", hints, "--no-ipv6", "--no-progress", "--json", "--raw", "--level",
                                 "INFO", NAME))
    assert len({entry["testcase"] for entry in found}) > 20, f"hardly anything was looked at: {found}"
    bad = [entry for entry in found if entry["level"] in ("WARNING", "ERROR", "CRITICAL")]
    assert [entry for entry in bad if entry["testcase"] != "ADDRESS02"] == []


def test_dnsviz(zone, box):
    """No warning and no error from the root down to our zone."""
    tool = program("dnsviz")
    probed = box.path("dnsviz.json")
    run_judge(tool, "probe", "-4", "-A", "-n", "-a", ".", "-x", f".+:a.root-servers.net={ROOT}", "-o", probed, NAME)
    assert json.loads(run_judge(tool, "grok", "-r", probed))[f"{NAME}."]["queries"]
    assert json.loads(run_judge(tool, "grok", "-l", "warning", "-r", probed) or "{}") == {}
