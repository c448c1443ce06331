"""Builders of DNS packets, good and bad, one field at a time. Nothing here checks or corrects anything."""

import struct

HOST = b"\4host\2s3\7example\3com\0"
SOME_IP = b"\xc0\0\2\1"
A, NS, CNAME, SOA, TXT, OPT, TSIG, ANY = 1, 2, 5, 6, 16, 41, 250, 255
IN, CH = 1, 3
IDENT = 0x5A5A


def header(flags=0, questions=1, answers=0, authority=0, additional=0, ident=IDENT):
    return struct.pack("!6H", ident, flags, questions, answers, authority, additional)


def ask(name=HOST, kind=A, klass=IN):
    """The question section."""
    return name + struct.pack("!HH", kind, klass)


def query(name=HOST, kind=A, klass=IN, flags=0, **counts):
    return header(flags, **counts) + ask(name, kind, klass)


def labels(*sizes):
    """A name of labels of these sizes, without its root."""
    return b"".join(bytes([size]) + b"a" * size for size in sizes)


def record(owner=HOST, kind=A, klass=IN, ttl=60, data=SOME_IP, length=None):
    """One record; `length` lies about its data."""
    return owner + struct.pack("!HHIH", kind, klass, ttl, len(data) if length is None else length) + data


def option(code, data=b"", length=None):
    return struct.pack("!HH", code, len(data) if length is None else length) + data


def opt(options=b"", size=1232, flags=0, version=0, rcode=0, owner=b"\0", length=None):
    """An OPT record (RFC 6891 6.1.2)."""
    return record(owner, OPT, size, rcode << 24 | version << 16 | flags, options, length)


def with_opt(options=b"", kind=A, **fields):
    """A good query with one OPT record."""
    return query(kind=kind, additional=1) + opt(options, **fields)


def opcode(number):
    return number << 11
