"""DNS cookies that every server of a name understands (RFC 7873, RFC 9018): BIND with our secret is the other one."""

import re
import signal

import pytest
import servers
from conftest import DNS_PORT
from kit import http
from kit.pool import NAME, Dnsd
from kit.process import until

OURS, BIND = "127.0.53.20", "127.0.53.21"
ACTIVE, BEFORE = "e5e973e5a6b2a43f48e7dc849e37bfcf", "dd3bdf9344b678b185a6f5cb60fca715"
CLIENT = "2464c4abcf10c957"
ZONE = servers.HEAD.format(ns="ns.example.com.") + f"ns A {BIND}\nwww A 192.0.2.80\n"
STRICT = f'cookie-algorithm siphash24; cookie-secret "{ACTIVE}"; require-server-cookie yes;'


def up(box, secrets, **words):
    return Dnsd(box, OURS, ["127.0.9.1"], port=DNS_PORT, probe={"port": 9}, cookie_secret=secrets, **words).up()


def cookie(text):
    """The cookie of a reply, and what dig says of it."""
    found = re.search(r"COOKIE: ([0-9a-f]+) \((\w+)\)", text)
    assert found, text
    return found.groups()


def good_ones(dnsd):
    """How many queries had a good cookie, as the metrics tell."""
    _, _, body = http.get(dnsd.address, dnsd.admin_port, "/metrics")
    return int(re.search(r'dnsd_cookies_total\{state="good"\} (\d+)', body).group(1))


@pytest.fixture
def ask(dig):
    """Asks from one address, since a cookie is good for that alone."""
    def once(server, name, value=CLIENT):
        return dig(server, "-b", "127.0.0.1", "+nobadcookie", f"+cookie={value}", name, port=DNS_PORT)
    return once


@pytest.fixture(scope="module")
def bind(box, closing, network):
    """BIND answers only who brings a good server cookie."""
    return servers.Named(box, "named-cookies", BIND, {"example.com": ZONE}, options=STRICT).up()


def test_a_cookie_of_bind_is_good_here(box, bind, ask):
    theirs, echoed = cookie(ask(BIND, "www.example.com"))
    assert echoed == "good" and len(theirs) == 48
    with up(box, ACTIVE) as dnsd:
        reply = ask(OURS, NAME, theirs)
        assert cookie(reply) == (theirs, "good") and "status: NOERROR" in reply
        assert good_ones(dnsd) == 1


def test_a_cookie_of_ours_is_good_for_bind(box, bind, ask):
    refused = ask(BIND, "www.example.com")
    assert "status: BADCOOKIE" in refused
    with up(box, ACTIVE):
        ours, echoed = cookie(ask(OURS, NAME))
    assert echoed == "good" and len(ours) == 48
    accepted = ask(BIND, "www.example.com", ours)
    assert "status: NOERROR" in accepted and "192.0.2.80" in accepted


def test_a_new_secret_takes_over_while_the_one_before_is_good(box, ask):
    with up(box, BEFORE) as dnsd:
        old, _ = cookie(ask(OURS, NAME))
        dnsd.settings["cookie_secret"] = [ACTIVE, BEFORE]
        dnsd.write_config()
        dnsd.signal(signal.SIGHUP)

        def renewed():
            value, _ = cookie(ask(OURS, NAME, old))
            return value if value != old else None
        new = until(renewed, 10, "a cookie of the new secret")
        before = good_ones(dnsd)
        assert cookie(ask(OURS, NAME, old))[0] != old
        assert cookie(ask(OURS, NAME, new))[0] == new
        assert good_ones(dnsd) == before + 2


def test_cookies_are_on_without_a_secret_in_the_file(box, ask):
    with Dnsd(box, OURS, ["127.0.9.1"], port=DNS_PORT, probe={"port": 9}).up() as dnsd:
        made, echoed = cookie(ask(OURS, NAME))
        assert echoed == "good"
        assert cookie(ask(OURS, NAME, made))[0] == made
        assert good_ones(dnsd) == 1


def test_check_names_a_bad_secret_without_repeating_it(box, run):
    secret = ACTIVE[:-1]
    file = box.write("bad-secret", secret + "\n")
    conf = box.write("bad-secret.yaml", f"cookie_secret: ${{file:{file}}}\nzones: {{}}\npools: {{}}\n")
    done = run("dnsd", "--config", conf, "--check")
    assert done.returncode == 1
    assert f"{conf}:1:16: cookie_secret[0]: expected 32 hexadecimal digits, found 31 characters" in \
        done.stdout + done.stderr
    assert secret not in done.stdout + done.stderr
