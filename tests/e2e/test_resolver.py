"""The pool as the world sees it: through a real resolver, below a real parent zone."""

import socket

import pytest
from conftest import ADDRESSES
from kit.dns import Asker
from kit.pool import NAME
from kit.process import until


@pytest.fixture(autouse=True)
def resolving(resolver, pool):
    """The resolver finds the pool from the root down."""
    with Asker(resolver.address) as asker:
        until(lambda: asker.addresses(NAME), 30, f"{NAME} through the resolver")


@pytest.mark.smoke
def test_rotation_through_a_resolver(resolver, figures):
    """The resolver is told not to rotate by itself, so every turn comes from dnsd when the TTL of 1 s ends."""
    seen = []
    with Asker(resolver.address) as asker:
        def turned():
            addresses = asker.addresses(NAME)
            if addresses and addresses[0] not in seen:
                seen.append(addresses[0])
            return len(seen) == len(ADDRESSES)
        until(turned, 30, "each node to come first once", step_s=0.1)
    figures(f"rotation through unbound: first addresses in turn: {' '.join(seen)}")


@pytest.mark.smoke
def test_dig_through_a_resolver(resolver, dig):
    addresses = dig(resolver.address, "+short", NAME).split()
    assert sorted(addresses) == ADDRESSES


@pytest.mark.smoke
def test_every_bucket_has_a_name(resolver, dig):
    assert sorted(dig(resolver.address, "+short", f"some-bucket.{NAME}").split()) == ADDRESSES


def test_the_system_resolves_it():
    found = {info[4][0] for info in socket.getaddrinfo(NAME, 9000, socket.AF_INET, socket.SOCK_STREAM)}
    assert found == set(ADDRESSES)


def test_a_dead_node_is_gone_when_the_ttl_ends(resolver, pool, figures):
    node = pool.nodes[0]
    moment = node.kill()
    node.reap()
    with Asker(resolver.address) as asker:
        last = asker.last_seen(NAME, node.address, within_s=30)
    figures(f"kill -9 to the resolver's last answer with the node: {1000 * (last - moment):.0f} ms (TTL 1 s)")
    assert last - moment < 10 * 1.05
