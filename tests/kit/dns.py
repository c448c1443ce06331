"""Just enough DNS to ask fast: address questions over one UDP socket (RFC 1035)."""

import itertools
import socket
import struct
import time
from dataclasses import dataclass

A, TXT, OPT = 1, 16, 41
RECURSION_DESIRED, TRUNCATED, AUTHORITATIVE = 0x0100, 0x0200, 0x0400
HEADER = struct.Struct("!HHHHHH")
RR = struct.Struct("!HHIH")


@dataclass
class Reply:
    ident: int
    rcode: int
    authoritative: bool
    truncated: bool
    records: list  # (type, ttl, rdata) of the answer section

    @property
    def addresses(self):
        return [socket.inet_ntoa(data) for kind, _, data in self.records if kind == A]

    @property
    def texts(self):
        return ["".join(character_strings(data)) for kind, _, data in self.records if kind == TXT]


def character_strings(data):
    """The strings of a TXT record."""
    at = 0
    while at < len(data):
        yield data[at + 1:at + 1 + data[at]].decode()
        at += 1 + data[at]


def question(name, kind=A, ident=0):
    """A plain question, as in 1987."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    return HEADER.pack(ident, RECURSION_DESIRED, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def with_edns(query):
    """The same with an OPT record that makes room for 1232 bytes (RFC 6891)."""
    return query[:10] + struct.pack("!H", 1) + query[12:] + b"\0" + RR.pack(OPT, 1232, 0, 0)


def after_name(packet, at):
    """The offset behind a name."""
    while packet[at]:
        if packet[at] >= 0xC0:
            return at + 2
        at += packet[at] + 1
    return at + 1


def parse(packet):
    ident, flags, questions, answers, _, _ = HEADER.unpack_from(packet)
    at, records = HEADER.size, []
    for _ in range(questions):
        at = after_name(packet, at) + 4
    for _ in range(answers):
        at = after_name(packet, at)
        kind, _, ttl, length = RR.unpack_from(packet, at)
        at += RR.size + length
        records.append((kind, ttl, packet[at - length:at]))
    return Reply(ident, flags & 15, bool(flags & AUTHORITATIVE), bool(flags & TRUNCATED), records)


class Asker:
    """One connected UDP socket to one name server."""

    def __init__(self, address, port=53, timeout_s=1.0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((address, port))
        self.socket.settimeout(timeout_s)
        self.idents = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, name, kind=A):
        """The reply, or None when none came in time."""
        ident = next(self.idents) & 0xFFFF
        try:
            self.socket.send(with_edns(question(name, kind, ident)))
            while True:
                reply = parse(self.socket.recv(65535))
                if reply.ident == ident:
                    return reply
        except (TimeoutError, ConnectionRefusedError):
            return None

    def addresses(self, name):
        """The addresses now, in order; empty when there is no answer."""
        reply = self.ask(name)
        return reply.addresses if reply else []

    def last_seen(self, name, address, within_s):
        """Asks without pause until `address` is out of the answers; returns when an answer last held it
        (monotonic seconds). Out means out for 20 answers in a row."""
        last, without = time.monotonic(), 0
        deadline = last + within_s
        while without < 20:
            reply = self.ask(name)
            now = time.monotonic()
            if reply and address in reply.addresses:
                last, without = now, 0
            elif reply:
                without += 1
            if now > deadline:
                raise TimeoutError(f"{address} is still in the answers for {name} after {within_s} s")
        return last
