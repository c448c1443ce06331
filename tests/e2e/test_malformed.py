"""Packets that are no ordinary queries, and what each gets: the table is tables/malformed.py. Replies are read by
dnspython, never by code of ours."""

import itertools
import socket
import struct
from dataclasses import dataclass

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import pytest
from conftest import DNS_PORT
from peers import ours
from tables import malformed, packets

ADDRESS, CLIENT = "127.0.53.20", "127.0.53.21"
SENTINEL = packets.query(ident=0xBEEF)
FLAGS = {"aa": dns.flags.AA, "tc": dns.flags.TC, "rd": dns.flags.RD}
OPTIONS = {dns.edns.NSID: "nsid", dns.edns.COOKIE: "cookie"}
PLAIN, MOST = 512, 1232


@pytest.fixture(scope="module")
def dnsd(box, network):
    """One answering thread, so that replies come in the order of the packets."""
    return ours(box, ADDRESS, DNS_PORT, threads=1).up()


@pytest.fixture(scope="module")
def udp(dnsd):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connected:
        connected.connect((dnsd.address, dnsd.port))
        connected.settimeout(5)
        yield connected


def reply_before_sentinel(udp, packet):
    """What this packet gets, or None; the good query behind it must be answered, and is answered after it."""
    udp.send(packet)
    udp.send(SENTINEL)
    replies = []
    while not (replies and replies[-1][:2] == SENTINEL[:2]):
        replies.append(udp.recv(65535))
    assert dns.message.from_wire(replies.pop()).rcode() == dns.rcode.NOERROR
    assert len(replies) <= 1, f"{len(replies)} replies"
    return replies[0] if replies else None


@dataclass
class Outcome:
    """One outcome of the table, taken apart."""
    rcode: int
    words: set
    counts: dict

    @classmethod
    def of(cls, text):
        rcode, *words = text.split()
        counts = dict(word.split("=") for word in words if "=" in word)
        return cls(dns.rcode.from_text(rcode), {word for word in words if "=" not in word}, counts)


def room(packet):
    """Bytes that the client takes: what its OPT says, from 512 to 1232 (RFC 6891 6.2.3, RFC 9715 3.1)."""
    try:
        return min(max(dns.message.from_wire(packet).payload, PLAIN), MOST)
    except (dns.exception.DNSException, ValueError):
        return MOST


def check_invariants(packet, wire):
    """What holds for every reply: identity, opcode, bits, size, and the question if there is one."""
    ident, flags, questions = struct.unpack_from("!3H", wire)
    assert wire[:2] == packet[:2], f"identity {ident:#x}"
    assert flags & 0x8000, "QR"
    assert flags & 0x7800 == packet[2] << 8 & 0x7800, "opcode"
    assert flags & 0x00F0 == 0, f"RA, Z, AD or CD: {flags:#06x}"
    assert len(wire) <= room(packet), f"{len(wire)} bytes"
    assert questions <= 1


def check_question(packet, wire):
    """The question is echoed bit by bit (RFC 5452 9.1: a resolver may hide bits in its letters)."""
    at = 12
    while wire[at]:
        at += 1 + wire[at]
    assert wire[12:at + 5] == packet[12:at + 5]


def words_of(message):
    """The words of the table that a reply earns."""
    words = {word for word, bit in FLAGS.items() if message.flags & bit}
    if message.question:
        words.add("question")
    if message.edns >= 0:
        words.add("opt")
        assert message.edns == 0 and message.ednsflags & 0x7FFF == 0, "OPT: version 0 and no flag but DO"
        if message.ednsflags & dns.flags.DO:
            words.add("do")
        codes = [int(option.otype) for option in message.options]
        words |= {word for code, word in OPTIONS.items() if code in codes}
        assert len(codes) == len(set(codes)), f"an option twice: {codes}"
        assert set(codes) <= {*OPTIONS, dns.edns.EDE}, f"options that nobody asked for: {codes}"
    return words


@pytest.mark.smoke
@pytest.mark.parametrize("name, packet, outcome, rule", malformed.ROWS, ids=[row[0] for row in malformed.ROWS])
def test_packet(dnsd, udp, name, packet, outcome, rule):
    wire = reply_before_sentinel(udp, packet)
    if outcome == "silence":
        assert wire is None, f"{rule}: {packet.hex()} was answered: {wire.hex()}"
        return
    assert wire is not None, f"{rule}: {packet.hex()} got no reply"
    message = dns.message.from_wire(wire)
    expected = Outcome.of(outcome)
    counts = {"answer": sum(map(len, message.answer)), "authority": sum(map(len, message.authority))}
    about = f"{rule}\nsent {packet.hex()}\ngot  {wire.hex()}\n{message}"
    check_invariants(packet, wire)
    assert message.rcode() == expected.rcode, about
    assert words_of(message) == expected.words, about
    assert {key: str(counts[key]) for key in expected.counts} == expected.counts, about
    if message.question:
        check_question(packet, wire)


class RawUdp:
    """UDP from any source port, 0 as well: the header is ours."""

    def __init__(self, source, server, port):
        self.server, self.port = server, port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        self.socket.bind((source, 0))
        self.socket.settimeout(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, source_port, data):
        head = struct.pack("!4H", source_port, self.port, 8 + len(data), 0)  # no checksum: IPv4 allows it
        self.socket.sendto(head + data, (self.server, 0))

    def receive(self):
        """(port it was sent to, data) of the next datagram to our address."""
        packet = self.socket.recv(65535)
        at = 4 * (packet[0] & 15)
        return struct.unpack_from("!H", packet, at + 2)[0], packet[at + 8:]


@pytest.mark.smoke
@pytest.mark.parametrize("port", malformed.PORTS)
def test_source_port_gets_no_reply(dnsd, port):
    """A query whose port would make us talk to an echo service for ever; the same from port 4000 is answered."""
    with RawUdp(CLIENT, dnsd.address, dnsd.port) as raw:
        for source_port in (port, 4000):
            raw.send(source_port, SENTINEL)
        assert raw.receive()[0] == 4000


def test_the_table_is_large_and_its_names_are_its_own():
    names = [row[0] for row in malformed.ROWS]
    assert len(names) >= 120
    assert [name for name, group in itertools.groupby(sorted(names)) if len(list(group)) > 1] == []
