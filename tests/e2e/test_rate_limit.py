"""What a flood with one source brings out of dnsd. Loopback is never limited, so these addresses are others."""

import math
import re
import socket
import time

import netns
import pytest
from conftest import DNS_PORT
from kit import http
from kit.dns import parse, question
from kit.pool import NAME, Dnsd

SERVER, CLIENT = "198.51.100.53", "203.0.113.7"
RATE, FLOOD = 50, 1000


@pytest.fixture(scope="module")
def dnsd(box, closing, network):
    for address in (SERVER, CLIENT):
        netns.add_address(address)
    return Dnsd(box, SERVER, ["127.0.9.1"], probe={"port": 9}, rrl={"rate": RATE}).up()


def flood(dnsd, client):
    """Sends FLOOD queries from one socket; returns the replies that came, and in how many seconds dnsd counted them."""
    replies, start = [], time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((client, 0))
        sender.connect((dnsd.address, dnsd.port))
        for ident in range(FLOOD):
            sender.send(question(NAME, ident=ident))
        sender.settimeout(1)
        try:
            while True:
                replies.append(parse(sender.recv(4096)))
                seconds = 1 + math.ceil(time.monotonic() - start)
        except TimeoutError:
            return replies, seconds


def limited(dnsd):
    """How many replies were shortened and dropped, as the metrics tell."""
    _, _, body = http.get(dnsd.address, dnsd.admin_port, "/metrics")
    return tuple(int(re.search(rf'dnsd_rrl_total{{action="{action}"}} (\d+)', body).group(1))
                 for action in ("shortened", "dropped"))


def test_a_flood_gets_the_rate_and_every_second_reply_above_it_without_records(dnsd, figures):
    before = limited(dnsd)
    replies, seconds = flood(dnsd, CLIENT)
    whole = [reply for reply in replies if reply.records]
    short = [reply for reply in replies if reply.truncated]
    shortened, dropped = (now - then for now, then in zip(limited(dnsd), before))
    figures(f"rate limit {RATE}/s: {FLOOD} queries of one source brought {len(whole)} whole replies and {len(short)} short")
    assert len(whole) + len(short) == len(replies)
    assert RATE <= len(whole) <= RATE * seconds
    assert len(short) <= shortened and 0 <= dropped - shortened <= seconds


def test_tcp_and_a_good_cookie_are_served_while_others_are_limited(dnsd, dig):
    flood(dnsd, CLIENT)
    for _ in range(RATE + 10):
        assert "ANSWER: 1," in dig(SERVER, "-b", CLIENT, "+tcp", NAME, port=53)
    made = re.search(r"COOKIE: (\w{48}) \(good\)", dig(SERVER, "-b", CLIENT, "+tcp", NAME, port=53)).group(1)
    before = limited(dnsd)
    for _ in range(RATE + 10):
        assert "ANSWER: 1," in dig(SERVER, "-b", CLIENT, "+nobadcookie", f"+cookie={made}", NAME, port=53)
    assert limited(dnsd) == before


def test_loopback_is_never_limited(box):
    with Dnsd(box, "127.0.53.22", ["127.0.9.1"], probe={"port": 9}, rrl={"rate": 1}, port=DNS_PORT).up() as near:
        with near.asker() as asker:
            assert all(asker.addresses(NAME) for _ in range(100))
        assert limited(near) == (0, 0)
