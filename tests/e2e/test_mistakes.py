"""What people get wrong: each mistake is one clear line, exit code 1 (2 for the command line), nothing left behind."""

import json
import os
import re
import socket

import pytest
from kit.box import TOP
from kit.pool import NAME

NAME_SERVER, NODE = "127.0.3.1", "127.0.3.2"


def dnsd_settings(box, **changes):
    """A configuration that works, with some keys changed; None removes a key."""
    settings = {
        "listen": [f"{NAME_SERVER}:5300"], "admin": "off", "control": str(box.path("mistake.sock")),
        "state": str(box.path("mistake.state")),
        "zones": {NAME: {"ns": {"ns1": [NAME_SERVER]}, "contact": "hostmaster.example.com", "serial": 1}},
        "pools": {"s3": {"nodes": [NODE], "names": [NAME], "probe": {"preset": "s3node", "port": 9000}}},
        **changes}
    return json.dumps({key: value for key, value in settings.items() if value is not None}, indent=2) + "\n"


def s3node_settings(box, **changes):
    settings = {"listen": [f"{NODE}:9000"], "root": str(box.folder("mistake-root")), **changes}
    return json.dumps({key: value for key, value in settings.items() if value is not None}, indent=2) + "\n"


SETTINGS = {"dnsd": dnsd_settings, "s3node": s3node_settings}
POOL = {"nodes": [NODE], "names": [NAME], "probe": {"preset": "s3node", "port": 9000}}
ZONE = {"ns": {"ns1": [NAME_SERVER]}, "contact": "hostmaster.example.com", "serial": 1}

# program, keys that are wrong, what the line says
WRONG_KEYS = [
    ("dnsd", {"lisen": ["x"]}, r':\d+:\d+: .*"?lisen"?.* did you mean "listen"'),
    ("dnsd", {"threads": "many"}, r":\d+:\d+: threads: "),
    ("dnsd", {"listen": ["${S3POOL_TEST_UNSET}:53"]}, r":\d+:\d+: listen.*S3POOL_TEST_UNSET"),
    ("dnsd", {"listen": ["localhost:53"]}, r":\d+:\d+: listen"),
    ("dnsd", {"pools": {"s3": {**POOL, "ttl": "5 parsecs"}}}, r":\d+:\d+: pools\.s3\.ttl: "),
    ("dnsd", {"pools": {"s3": {**POOL, "names": ["s3.example.net"]}}}, r"s3\.example\.net"),
    ("dnsd", {"pools": {"s3": {**POOL, "nodes": []}}}, r":\d+:\d+: pools\.s3"),
    ("dnsd", {"pools": {"s3": {**POOL, "probe": {"preset": "s3nod"}}}}, r":\d+:\d+: .*did you mean \"?s3node"),
    ("dnsd", {"pools": {"s3": {**POOL, "nodes": [NODE, NODE]}}}, r"127\.0\.3\.2"),
    ("dnsd", {"zones": {NAME: {**ZONE, "file": "no-such.zone"}}}, r"no-such\.zone"),
    ("dnsd", {"zones": {NAME: {**ZONE, "file": "broken.zone"}}}, r"broken\.zone:2"),
    ("s3node", {"rooot": "/x"}, r':\d+:\d+: .*"?rooot"?.* did you mean "root"'),
    ("s3node", {"root": "${S3POOL_TEST_UNSET}"}, r":\d+:\d+: root.*S3POOL_TEST_UNSET"),
    ("s3node", {"durability": "perhaps"}, r":\d+:\d+: durability: "),
    ("s3node", {"connections": {"limit": 10, "resume": 20}}, r":\d+:\d+: connections"),
]


@pytest.fixture(autouse=True)
def broken_zone(box):
    box.write("broken.zone", "a 60 A 192.0.2.1\nb 60 A not-an-address\n")


def one_line(done, says):
    """Exit code 1, and one line on stderr that says it."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert re.search(says, done.stderr), done.stderr


@pytest.mark.smoke
@pytest.mark.parametrize("program, changes, says", WRONG_KEYS,
                         ids=[f"{program} {json.dumps(changes)[:50]}" for program, changes, _ in WRONG_KEYS])
def test_wrong_values(box, run, program, changes, says):
    file = box.write(f"{program}-mistake.yaml", SETTINGS[program](box, **changes))
    for words in ([], ["--check"]):
        done = run(program, "--config", file, *words)
        one_line(done, says)
        assert done.stderr.startswith("/"), "the line begins with the place"


@pytest.mark.parametrize("program", ["dnsd", "s3node"])
@pytest.mark.parametrize("text, says", [
    ("listen: [\n", r":\d+:\d+: "),
    ("listen:\n\t- x\n", r":2:1: "),
    ("- a\n- b\n", r":1:1: "),
    ("listen: [a]\nlisten: [b]\n", r":2:1: .*listen"),
], ids=["unclosed", "tab", "a list", "a key twice"])
def test_text_that_is_no_configuration(box, run, program, text, says):
    file = box.write(f"{program}-text.yaml", text)
    done = run(program, "--config", file, "--check")
    assert done.returncode == 1 and re.search(re.escape(str(file)) + says, done.stderr), done.stderr


@pytest.mark.parametrize("program", ["dnsd", "s3node"])
def test_check_tells_every_error(box, run, program):
    file = box.write(f"{program}-two.yaml", SETTINGS[program](box, listen=["nowhere"], frobnicate=1))
    done = run(program, "--config", file, "--check")
    assert done.returncode == 1 and len(done.stderr.strip().splitlines()) == 2, done.stderr


def test_check_tells_every_error_of_a_zone_file(box, run):
    box.write("three.zone", "a A x\nb A 192.0.2.1\n\nc BOGUS\nd TXT \"x\n")
    file = box.write("dnsd-three.yaml", dnsd_settings(box, zones={NAME: {**ZONE, "file": "three.zone"}}))
    done = run("dnsd", "--config", file, "--check")
    assert done.returncode == 1
    assert re.findall(r"three\.zone:(\d+): ", done.stderr) == ["1", "4", "5"], done.stderr


def test_a_warning_is_no_error(box, run):
    box.write("odd.zone", "a 60 A 192.0.2.1\na 5 A 192.0.2.2\n")
    file = box.write("dnsd-odd.yaml", dnsd_settings(box, zones={NAME: {**ZONE, "file": "odd.zone"}}))
    done = run("dnsd", "--config", file, "--check")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    assert re.search(r"odd\.zone:2: warning: a\..*differ", done.stderr), done.stderr


@pytest.mark.parametrize("program", ["dnsd", "s3node"])
def test_a_missing_file(box, run, program):
    one_line(run(program, "--config", box.path("not-there.yaml")), r"not-there\.yaml")


def test_a_missing_root(box, run):
    file = box.write("s3node-rootless.yaml", s3node_settings(box, root="/nonexistent/s3"))
    one_line(run("s3node", "--config", file), r"/nonexistent/s3")


@pytest.mark.smoke
@pytest.mark.parametrize("program, kind, at", [
    ("dnsd", socket.SOCK_DGRAM, (NAME_SERVER, 5300)),
    ("dnsd", socket.SOCK_STREAM, (NAME_SERVER, 5300)),
    ("s3node", socket.SOCK_STREAM, (NODE, 9000)),
], ids=["dnsd UDP", "dnsd TCP", "s3node"])
def test_a_port_in_use(box, run, program, kind, at):
    file = box.write(f"{program}-port.yaml", SETTINGS[program](box))
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(at)
        if kind == socket.SOCK_STREAM:
            taken.listen()
        one_line(run(program, "--config", file), rf"{re.escape(at[0])}:{at[1]}.*in use")


def test_an_unreadable_zone_file(box, run):
    if box.user is None and os.geteuid() == 0:
        pytest.skip("root can read every file")
    secret = box.path("secret.zone")  # ours, and not for the user of the box
    secret.write_text("a 60 A 192.0.2.1\n")
    secret.chmod(0)
    file = box.write("dnsd-secret.yaml", dnsd_settings(box, zones={NAME: {**ZONE, "file": "secret.zone"}}))
    one_line(run("dnsd", "--config", file), r"secret\.zone.*[Pp]ermission denied")


@pytest.mark.smoke
@pytest.mark.parametrize("program", ["dnsd", "dnsctl", "probe", "s3node"])
def test_command_lines(run, program):
    shown = run(program, "--help")
    assert shown.returncode == 0 and program in shown.stdout and not shown.stderr
    version = run(program, "--version")
    assert version.returncode == 0 and re.match(rf"{program} \d+\.\d+\.\d+ .*[0-9a-f]{{7,}}", version.stdout)
    wrong = run(program, "--hlep")
    assert wrong.returncode == 2 and "--help" in wrong.stderr


@pytest.mark.parametrize("program", ["dnsd", "s3node"])
def test_the_example_configuration_is_good(box, run, program):
    for file in (TOP / "zones").iterdir():  # a copy: the user of the box may not look into our home
        box.write(file.name, file.read_text())
    done = run(program, "--config", box.path(f"{program}.yaml"), "--check", env={"APP_SECRET": "any"})
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1, done.stdout + done.stderr


def test_the_configuration_shown_reads_back(box, run):
    shown = run("dnsd", "--config", box.write("dnsd-shown.yaml", dnsd_settings(box)), "--show-config")
    assert shown.returncode == 0, shown.stderr
    again = run("dnsd", "--config", box.write("dnsd-again.yaml", shown.stdout), "--show-config")
    assert again.stdout == shown.stdout
