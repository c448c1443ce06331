"""What dnsd answers: rotation, the rcodes, TCP, truncation, pool names, and packets that are no queries."""

import collections
import random
import re
import socket
import struct

import pytest
from conftest import ADDRESSES, DNS_PORT
from kit.dns import A, HEADER, TXT, parse, question
from kit.pool import NAME, Dnsd

QUERIES = 3000
POOL = {"zone": {"file": "static.zone"}, "policy": "rotate"}
STATIC = "txt  60 TXT \"a static record\"\nhost 60 A 192.0.2.7\nalias 60 CNAME host\ndeep.below 60 A 192.0.2.8\n"


@pytest.fixture(scope="module", autouse=True)
def zone_file(box):
    box.write("static.zone", STATIC)


def status_of(text):
    return re.search(r"status: (\w+)", text).group(1)


@pytest.mark.smoke
def test_equal_nodes_come_first_equally_often(pool, figures):
    """Strict rotation is per answering thread, so each count is exact but for one turn per thread."""
    askers = [pool.dnsd.asker() for _ in range(8)]  # several flows, so that every thread answers some
    first = collections.Counter(askers[i % 8].addresses(NAME)[0] for i in range(QUERIES))
    for asker in askers:
        asker.socket.close()
    figures(f"rotation: first addresses of {QUERIES} answers: {dict(first)}")
    threads = pool.dnsd.settings["threads"]
    assert set(first) == set(ADDRESSES)
    assert all(abs(count - QUERIES // 3) <= threads for count in first.values())


@pytest.mark.smoke
def test_every_answer_holds_every_healthy_node_once(pool):
    with pool.dnsd.asker() as asker:
        for _ in range(30):
            assert sorted(asker.addresses(NAME)) == ADDRESSES


DIGS = [  # what is asked, the status, what the reply holds
    ([NAME], "NOERROR", r"ANSWER: 3,"),
    ([f"bucket.{NAME}"], "NOERROR", r"bucket\.s3\.example\.com\.\s+1\s+IN\s+A\s+127\.0\.1\.[123]"),
    ([NAME, "SOA"], "NOERROR", r"SOA\s+ns1\.s3\.example\.com\. hostmaster\.example\.com\. 1 "),
    ([NAME, "NS"], "NOERROR", r"NS\s+ns1\.s3\.example\.com\."),
    ([f"ns1.{NAME}"], "NOERROR", r"A\s+127\.0\.53\.10"),
    ([NAME, "AAAA"], "NOERROR", r"ANSWER: 0, AUTHORITY: 1.*SOA"),
    ([f"txt.{NAME}", "TXT"], "NOERROR", r'"a static record"'),
    ([f"txt.{NAME}", "A"], "NOERROR", r"ANSWER: 0, AUTHORITY: 1.*SOA"),
    ([f"alias.{NAME}"], "NOERROR", r"CNAME\s+host\.s3\.example\.com\.\s.*A\s+192\.0\.2\.7"),
    ([f"below.{NAME}"], "NOERROR", r"ANSWER: 0, AUTHORITY: 1.*SOA"),
    ([f"no.such.txt.{NAME}"], "NXDOMAIN", r"ANSWER: 0, AUTHORITY: 1.*SOA"),
    (["www.example.org"], "REFUSED", r"ANSWER: 0"),
    ([NAME.upper()], "NOERROR", r"S3\.EXAMPLE\.COM\.\s+1\s+IN\s+A"),
    ([NAME, "+tcp"], "NOERROR", r"ANSWER: 3,"),
    ([NAME, "+noedns"], "NOERROR", r"ANSWER: 3,"),
]


@pytest.mark.smoke
@pytest.mark.parametrize("words, status, expected", DIGS, ids=[" ".join(words) for words, _, _ in DIGS])
def test_dig(pool, dig, words, status, expected):
    text = dig(pool.dnsd.address, *words)
    assert status_of(text) == status
    assert re.search(expected, text, re.S), text
    assert ("flags: qr aa" in text) == (status != "REFUSED")


def test_a_large_answer_is_cut_over_udp_and_whole_over_tcp(box, dig):
    """`answers: all` sets TC when it does not fit; dig then asks over TCP. The nodes are dead on purpose: the
    answers are never empty."""
    nodes = [f"127.0.9.{n}" for n in range(1, 101)]
    with Dnsd(box, "127.0.53.11", nodes, port=DNS_PORT, answers="all", probe={"port": 9}).up() as dnsd:
        with dnsd.asker() as asker:
            assert asker.ask(NAME).truncated
        assert "TRUNCATED" in dig(dnsd.address, NAME, "+ignore") or "flags: qr aa tc" in dig(dnsd.address, NAME, "+ignore")
        whole = dig(dnsd.address, NAME)
        assert "ANSWER: 100," in whole and "(TCP)" in whole


@pytest.mark.smoke
def test_pool_names_tell_the_state(pool):
    with pool.dnsd.asker() as asker:
        summary, *nodes = sorted(asker.ask(f"_pool.{NAME}", TXT).texts, key=lambda text: text.startswith("node="))
        assert re.match(r"pool=s3 up=3 full=0 down=0\b", summary)
        assert len(nodes) == 3
        for address in ADDRESSES:
            [text] = asker.ask(f"{address}._pool.{NAME}", TXT).texts
            assert re.fullmatch(rf'node={address} state=up load=\d+/1536 since=\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ '
                                r'reason="[^"]+"', text), text
        assert all(ttl == 0 for _, ttl, _ in asker.ask(f"_pool.{NAME}", TXT).records)


@pytest.mark.smoke
def test_version_is_told_in_class_chaos(pool, dig):
    assert re.search(r'CH\s+TXT\s+"', dig(pool.dnsd.address, "CH", "TXT", "version.bind"))


def bad_packets():
    """Packets that break one rule of RFC 1035 each, and then noise."""
    good = question(NAME, A, 7)
    yield from (good[:cut] for cut in range(len(good)))
    yield HEADER.pack(7, 0, 2, 0, 0, 0) + good[12:] * 2              # two questions
    yield HEADER.pack(7, 0x8000, 1, 0, 0, 0) + good[12:]             # a response
    yield HEADER.pack(7, 0x2800, 1, 0, 0, 0) + good[12:]             # opcode UPDATE
    yield HEADER.pack(7, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"        # a name that points at itself
    yield HEADER.pack(7, 0, 1, 0, 0, 0) + b"\x40" + b"a" * 64 + b"\0\0\1\0\1"  # label type 01
    yield HEADER.pack(7, 0, 1, 0, 0, 0) + b"\x3f" + b"a" * 63 + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1"  # over 255
    yield HEADER.pack(7, 0, 1, 65535, 65535, 65535) + good[12:]      # records that are not there
    yield good[:2] + good[2:10] + struct.pack("!H", 1) + good[12:] + b"\0\0\x29\x04"  # half an OPT
    noise = random.Random(1)
    yield from (noise.randbytes(noise.randrange(1, 600)) for _ in range(500))
    yield from (good[:2] + noise.randbytes(noise.randrange(1, 100)) for _ in range(500))


@pytest.mark.smoke
def test_packets_that_are_no_queries_get_an_error_or_silence(pool):
    """After each one, the next good query on the same socket is answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect((pool.dnsd.address, pool.dnsd.port))
        udp.settimeout(5)
        for packet in bad_packets():
            udp.send(packet)
            udp.send(question(NAME, A, 0xBEEF))
            while (reply := parse(udp.recv(65535))).ident != 0xBEEF or not reply.addresses:
                assert not reply.addresses and len(packet) >= 12, f"{packet.hex()} was answered"
    assert pool.dnsd.alive() and not pool.dnsd.findings()


@pytest.mark.smoke
@pytest.mark.parametrize("data", [b"\0", b"\0\0", b"\xff\xff", b"\0\x05hello", b"GET / HTTP/1.1\r\n\r\n", b"\0\x0c" * 500],
                         ids=["half a length", "empty", "a length and nothing", "too short", "HTTP", "many headers"])
def test_nonsense_over_tcp_harms_nobody(pool, data):
    with socket.create_connection((pool.dnsd.address, pool.dnsd.port), timeout=5) as tcp:
        tcp.sendall(data)
        query = question(NAME, A, 1)
        with socket.create_connection((pool.dnsd.address, pool.dnsd.port), timeout=5) as other:
            other.sendall(struct.pack("!H", len(query)) + query)
            [length] = struct.unpack("!H", other.recv(2, socket.MSG_WAITALL))
            assert sorted(parse(other.recv(length, socket.MSG_WAITALL)).addresses) == ADDRESSES


@pytest.mark.smoke
def test_many_queries_on_one_tcp_connection(pool):
    """RFC 7766: queries are pipelined; every one is answered."""
    with socket.create_connection((pool.dnsd.address, pool.dnsd.port), timeout=5) as tcp:
        queries = [question(NAME, A, ident) for ident in range(200)]
        tcp.sendall(b"".join(struct.pack("!H", len(query)) + query for query in queries))
        idents = set()
        for _ in queries:
            [length] = struct.unpack("!H", tcp.recv(2, socket.MSG_WAITALL))
            idents.add(parse(tcp.recv(length, socket.MSG_WAITALL)).ident)
        assert idents == set(range(200))
