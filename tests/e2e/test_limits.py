"""A node with too many connections leaves the answers, and returns when enough have gone: 1536 and 1024."""

import time

import pytest
from kit.crowd import Crowd
from kit.pool import NAME
from kit.process import until


@pytest.fixture
def crowd(pool):
    until(lambda: pool.nodes[0].load()["conns"] == 0, 10, "connections of the test before to be gone")
    with Crowd(pool.nodes[0].address, pool.nodes[0].port) as crowd:
        yield crowd


def settle(pool, node, crowd, count):
    """Holds `count` connections and waits until the node has looked at them and dnsd has heard of exactly that
    many."""
    crowd.resize(count)
    until(lambda: node.load()["conns"] == count, 20, f"{node.name} to count {count} connections")
    if count >= 1536:
        until(lambda: node.load()["state"] == "full", 5, f"{node.name} to be full")
    pool.dnsd.wait_for(lambda: f"load={count}/1536" in pool.dnsd.told_of(node.address), 20,
                       f"dnsd to hear of {count} connections")


@pytest.mark.smoke
def test_a_full_node_leaves_and_returns(pool, crowd, figures):
    node, others = pool.nodes[0], {other.address for other in pool.nodes[1:]}

    settle(pool, node, crowd, 1535)
    assert node.address in pool.dnsd.addresses()

    crowd.resize(1536)
    began = time.monotonic()
    pool.dnsd.wait_addresses(others)
    figures(f"1536th connection to an answer without the node: {1000 * (time.monotonic() - began):.0f} ms")
    pool.dnsd.wait_for(lambda: "state=full" in pool.dnsd.told_of(node.address), 5, "the status to say full")

    for count in (1536, 1025, 1024):
        settle(pool, node, crowd, count)
        assert set(pool.dnsd.addresses()) == others, f"with {count} connections it stays out"

    crowd.resize(1023)
    began = time.monotonic()
    pool.dnsd.wait_addresses(others | {node.address})
    figures(f"1023 connections left to an answer with the node: {1000 * (time.monotonic() - began):.0f} ms")

    # Being full closed nothing: every connection that was kept open is served.
    assert crowd.request_all(NAME) == [403] * 1023


@pytest.mark.smoke
def test_a_full_node_still_serves(pool, crowd, s3):
    node = pool.nodes[0]
    settle(pool, node, crowd, 1536)
    direct = s3(f"http://{node.address}:{node.port}")
    direct.create_bucket(Bucket="served")
    direct.put_object(Bucket="served", Key="k", Body=b"while full")
    assert direct.get_object(Bucket="served", Key="k")["Body"].read() == b"while full"
    assert node.load()["state"] == "full"
    direct.close()


@pytest.mark.smoke
def test_full_nodes_answer_when_there_is_no_other(pool, crowd):
    """The ladder: with the other nodes dead, the full one is better than none."""
    node = pool.nodes[0]
    settle(pool, node, crowd, 1536)
    for other in pool.nodes[1:]:
        other.kill()
        other.reap()
    pool.dnsd.wait_for(lambda: "down=2" in pool.dnsd.summary(), 30, "the others to be down")
    assert node.address in pool.dnsd.addresses()
