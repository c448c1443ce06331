"""Operating dnsd: dnsctl, the admin pages, reloads that lose nothing."""

import json
import re
import signal
import threading

import pytest
from conftest import ADDRESSES
from kit import http as web
from kit.pool import NAME, S3Node
from kit.process import until

FIRST = ADDRESSES[0]
NODE = {"drain": "2s"}  # longer than a probe interval


@pytest.fixture
def dnsctl(pool, run):
    """Runs dnsctl against the pool's dnsd; returns (exit code, its words)."""
    def ask(*words):
        done = run("dnsctl", "--socket", pool.dnsd.control, *words)
        return done.returncode, done.stdout + done.stderr
    yield ask
    for address in ADDRESSES:
        ask("enable", address)


@pytest.fixture
def settings(pool):
    """The configuration of dnsd, put back afterwards."""
    before = json.dumps(pool.dnsd.settings)
    yield pool.dnsd.settings
    pool.dnsd.settings = json.loads(before)
    pool.dnsd.write_config()
    pool.dnsd.signal(signal.SIGHUP)


def admin(pool, path):
    return web.get(pool.dnsd.address, pool.dnsd.admin_port, path)


def node_of(pool, address):
    [found] = [node for node in pool.dnsd.pools()["pools"][0]["nodes"] if node["name"] == address]
    return found


@pytest.mark.smoke
def test_status(pool, dnsctl):
    code, text = dnsctl("status")
    assert code == 0
    for address in ADDRESSES:
        assert re.search(rf"^{re.escape(address)}\s+up\s", text, re.M), text
    code, text = dnsctl("--json", "status")
    assert code == 0
    assert [node["state"] for node in json.loads(text)["pools"][0]["nodes"]] == ["up"] * 3


@pytest.mark.smoke
def test_drain_and_enable(pool, dnsctl):
    assert dnsctl("drain", FIRST, "--reason", "new disk")[0] == 0
    pool.dnsd.wait_addresses(set(ADDRESSES) - {FIRST})
    until(lambda: node_of(pool, FIRST)["state"] == "drain", 5, "the status to say drain")
    code, text = dnsctl("why", FIRST)
    assert code == 0 and "new disk" in text
    assert "state=drain" in pool.dnsd.told_of(FIRST)
    assert dnsctl("enable", FIRST)[0] == 0
    pool.dnsd.wait_addresses(ADDRESSES)


@pytest.mark.smoke
def test_disable_and_enable(pool, dnsctl):
    assert dnsctl("disable", FIRST)[0] == 0
    pool.dnsd.wait_addresses(set(ADDRESSES) - {FIRST})
    until(lambda: node_of(pool, FIRST)["state"] == "maint", 5, "the status to say maint")
    assert dnsctl("enable", FIRST)[0] == 0
    pool.dnsd.wait_addresses(ADDRESSES)


@pytest.mark.smoke
def test_draining_the_last_node_needs_force(pool, dnsctl):
    code, text = dnsctl("drain", "127.0.1.*")
    assert code == 1 and "--force" in text
    assert dnsctl("drain", FIRST)[0] == 0 and dnsctl("drain", ADDRESSES[1])[0] == 0
    assert dnsctl("drain", ADDRESSES[2])[0] == 1
    assert dnsctl("drain", ADDRESSES[2], "--force")[0] == 0
    assert pool.dnsd.addresses(), "the answers are never empty"


def test_all_nodes_in_maintenance_is_servfail(pool, dnsctl, dig):
    assert dnsctl("disable", "*", "--force")[0] == 0
    pool.dnsd.wait_for(lambda: not pool.dnsd.addresses(), 5, "answers without addresses")
    assert "status: SERVFAIL" in dig(pool.dnsd.address, NAME)


def test_an_order_for_a_time_ends_by_itself(pool, dnsctl):
    assert dnsctl("drain", FIRST, "--for", "2s")[0] == 0
    pool.dnsd.wait_addresses(set(ADDRESSES) - {FIRST})
    pool.dnsd.wait_addresses(ADDRESSES)


@pytest.mark.parametrize("words, code, says", [
    (["why", "192.0.2.99"], 1, "192.0.2.99"),
    (["drain", "192.0.2.99"], 1, "192.0.2.99"),
    (["statsu"], 2, "status"),
    (["drain"], 2, "NODE"),
    ([], 2, "help"),
])
def test_mistakes_are_told(dnsctl, words, code, says):
    got, text = dnsctl(*words)
    assert got == code and says in text


def test_no_daemon_is_told(run, box):
    done = run("dnsctl", "--socket", box.path("nothing.sock"), "status")
    assert done.returncode == 1 and "nothing.sock" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.smoke
def test_admin_pages(pool):
    assert admin(pool, "/live")[0] == 200
    assert admin(pool, "/ready")[0] == 200
    assert admin(pool, "/nothing")[0] == 404
    pools = pool.dnsd.pools()["pools"]
    assert [node["name"] for node in pools[0]["nodes"]] == ADDRESSES
    assert all({"op", "admin", "load"} <= set(node) for node in pools[0]["nodes"])
    status, headers, page = admin(pool, "/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert all(address in page for address in ADDRESSES)


@pytest.mark.smoke
def test_metrics_are_prometheus_text(pool):
    status, headers, text = admin(pool, "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain")
    sample = re.compile(r'^[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? -?[0-9.e+]+$')
    lines = text.splitlines()
    assert [line for line in lines if not line.startswith("# ") and not sample.match(line)] == []
    assert any(line.startswith("dnsd_queries_total") for line in lines)
    assert sum(line.startswith("dnsd_node_answered{") for line in lines) == 3


def test_pages_change_nothing(pool):
    for method in ("POST", "PUT", "DELETE"):
        assert web.get(pool.dnsd.address, pool.dnsd.admin_port, "/api/v1/pools", method=method)[0] in (405, 501)


@pytest.mark.smoke
def test_a_broken_file_keeps_the_running_configuration(pool, dnsctl, settings):
    settings["pools"]["s3"]["ttll"] = "1s"
    pool.dnsd.write_config()
    pool.dnsd.signal(signal.SIGHUP)
    place = re.compile(rf'{re.escape(str(pool.dnsd.config))}:\d+:\d+: .*ttll.*"ttl"')
    pool.dnsd.wait_for(lambda: place.search(pool.dnsd.tail()), 10, "the error in the log")
    assert sorted(pool.dnsd.addresses()) == ADDRESSES
    code, text = dnsctl("reload")
    assert code == 1 and place.search(text)
    assert sorted(pool.dnsd.addresses()) == ADDRESSES


@pytest.mark.smoke
def test_a_reload_adds_and_removes_a_node_without_losing_a_query(pool, box, dnsctl, settings, figures):
    fourth = "127.0.1.4"
    over, lost, asked = threading.Event(), [], [0]

    def ask_on():
        with pool.dnsd.asker(timeout_s=2) as asker:
            while not over.is_set():
                asked[0] += 1
                if not asker.addresses(NAME):
                    lost.append(asked[0])

    asking = threading.Thread(target=ask_on)
    asking.start()
    try:
        with S3Node(box, fourth, pool.root, name="fourth").up():
            settings["pools"]["s3"]["nodes"] = [*ADDRESSES, fourth]
            pool.dnsd.write_config()
            assert dnsctl("reload")[0] == 0
            pool.dnsd.wait_addresses({*ADDRESSES, fourth})
            settings["pools"]["s3"]["nodes"] = ADDRESSES
            pool.dnsd.write_config()
            assert dnsctl("reload")[0] == 0
            pool.dnsd.wait_addresses(ADDRESSES)
    finally:
        over.set()
        asking.join()
    figures(f"reload: {asked[0]} queries while a node came and went, {len(lost)} without an answer")
    assert asked[0] > 100 and not lost


def test_a_reload_keeps_the_state_of_nodes(pool, dnsctl):
    """A node that is down stays out: a reload is no amnesty."""
    node = pool.nodes[0]
    node.kill()
    node.reap()
    pool.dnsd.wait_for(lambda: "state=down" in pool.dnsd.told_of(FIRST), 30, "the node to be down")
    assert dnsctl("reload")[0] == 0
    with pool.dnsd.asker() as asker:
        assert not any(FIRST in asker.addresses(NAME) for _ in range(200))


@pytest.mark.smoke
def test_an_operator_order_survives_a_reload(pool, dnsctl):
    assert dnsctl("drain", FIRST)[0] == 0
    pool.dnsd.wait_addresses(set(ADDRESSES) - {FIRST})
    assert dnsctl("reload")[0] == 0
    assert set(pool.dnsd.addresses()) == set(ADDRESSES) - {FIRST}


@pytest.mark.smoke
def test_a_node_that_drains_itself_leaves_before_it_stops(box, pool, figures):
    """SIGTERM of an s3node: the answers are without it while it still serves."""
    node = pool.nodes[1]
    node.child.terminate()
    with pool.dnsd.asker() as asker:
        asker.last_seen(NAME, node.address, within_s=10)
    figures(f"SIGTERM: out of the answers while it {'still ran' if node.alive() else 'had stopped already'}")
    assert node.reap() == 0
