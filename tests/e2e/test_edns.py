"""The EDNS compliance calls of the DNS flag day, with the real dig: what each wants, and what it got (RFC 8906 8,
RFC 6891)."""

import re

import pytest
from conftest import DNS_PORT
from kit.pool import Dnsd
from tables.edns import CALLS

ADDRESS = "127.0.53.22"


@pytest.fixture(scope="module")
def dnsd(box, network):
    return Dnsd(box, ADDRESS, ["127.0.9.1"], port=DNS_PORT, probe={"port": 9}, identity="the judged").up()


OPTION = re.compile(r"^; (NSID|COOKIE|CLIENT-SUBNET|EXPIRE|PAD|TCP|OPT=\d+)\b", re.M)


def facts(text):
    """What a reply shows, as words of the table."""
    found = {re.search(r"status: (\w+)", text).group(1).lower()}
    found |= set(re.search(r"^;; flags:([^;]*);", text, re.M).group(1).split())
    found |= {"mbz"} if "MBZ" in text else set()
    found |= {f"option:{name.lower()}" for name in OPTION.findall(text)}
    if edns := re.search(r"^; EDNS: version: (\d+), flags:([^;]*);.* udp: (\d+)", text, re.M):
        found |= {f"version:{edns.group(1)}", f"size:{edns.group(3)}"} | set(edns.group(2).split())
    if answer := re.search(r"^;; ANSWER SECTION:\n((?:.+\n)+)", text, re.M):
        found |= {line.split()[3].lower() for line in answer.group(1).splitlines()}
    return found


@pytest.mark.smoke
@pytest.mark.parametrize("name, words, want, never, rule", CALLS, ids=[call[0] for call in CALLS])
def test_call(dnsd, dig, name, words, want, never, rule):
    text = dig(dnsd.address, *words.split())
    got = facts(text)
    assert set(want.split()) <= got, f"{rule}: wanted {want}, got {sorted(got)}\n{text}"
    assert not set(never.split()) & got, f"{rule}: never {never}, got {sorted(got)}\n{text}"


def test_there_are_28_calls():
    assert len(CALLS) == len({call[0] for call in CALLS}) == 28
