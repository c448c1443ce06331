"""Malformed and unusual packets over UDP, and what each deserves.

A row is (name, packet, outcome, rule). An outcome is `silence`, or the rcode and then everything else that the reply
has: header flags besides QR, `question` (echoed bit by bit), `opt`, `do`, `nsid`, `answer=N`, `authority=N`. A flag or
an OPT that is not named must be absent; a section that is not named may hold anything. Every reply besides keeps the
invariants of test_malformed.py. The zone is rich.zone.
"""

from tables.packets import (ANY, CH, CNAME, HOST, NS, OPT, SOA, TSIG, TXT, ask, header, labels, opcode, opt, option,
                            query, record, with_opt)

GOOD = "NOERROR aa question answer=1"
GOOD_OPT = GOOD + " opt"
BAD = "FORMERR question"
BAD_OPT = BAD + " opt"
UNREADABLE = "FORMERR"
NOTIMP = "NOTIMP"
APEX = HOST[5:]

SILENCE = [
    ("an empty datagram", b"", "silence", "RFC 1035 4.1.1"),
    *[(f"{n} bytes of a header", query()[:n], "silence", "RFC 1035 4.1.1") for n in (1, 2, 3, 4, 6, 8, 10, 11)],
    ("a response", query(flags=0x8000), "silence", "RFC 1035 4.1.1, QR"),
    ("a response with answer", query(flags=0x8400, answers=1) + record(), "silence", "RFC 1035 4.1.1, QR"),
    ("a response of nothing but a header", header(0x8000, 0), "silence", "RFC 1035 4.1.1, QR"),
    ("a response FORMERR", header(0x8001, 0), "silence", "RFC 1035 4.1.1, QR"),
    ("a response to UPDATE", query(flags=0x8000 | opcode(5)), "silence", "RFC 1035 4.1.1, QR"),
    ("a response of an unknown opcode", header(0x8000 | opcode(15), 0), "silence", "RFC 1035 4.1.1, QR"),
    ("a response with garbage", header(0x8000) + b"\xff" * 40, "silence", "RFC 1035 4.1.1, QR"),
    ("a response with OPT", query(flags=0x8000, additional=1) + opt(), "silence", "RFC 1035 4.1.1, QR"),
    ("all bits set", b"\xff" * 40, "silence", "RFC 1035 4.1.1, QR"),
]

# Source ports of services that answer anything: a forged one would make two servers talk for ever.
PORTS = [0, 7, 13, 19, 37]

OPCODES = [
    *[(f"opcode {n}", query(flags=opcode(n)), NOTIMP, "RFC 8906 3.1.4, RFC 6895 2.2") for n in range(1, 16)],
    ("opcode 15, header only", header(opcode(15), 0), NOTIMP, "RFC 8906 3.1.4"),
    ("opcode 15 with every flag", header(opcode(15) | 0x07F0), NOTIMP, "RFC 8906 3.1.4: flags are those of QUERY"),
    ("opcode 3 with garbage", header(opcode(3), 9, 9, 9, 9) + b"\xff" * 9, NOTIMP, "RFC 8906 3.1.4"),
    ("IQUERY as in 1987", header(opcode(1), 0, 1) + record(b"\0"), NOTIMP, "RFC 3425 3"),
    ("STATUS, header only", header(opcode(2), 0), NOTIMP, "RFC 1035 4.1.1"),
    ("NOTIFY with a SOA", query(APEX, SOA, flags=opcode(4) | 0x0400, answers=1) +
     record(APEX, SOA, data=b"\0\0" + bytes(20)), NOTIMP, "RFC 1996 3.12, conformance.md"),
    ("UPDATE that adds a record", query(APEX, SOA, flags=opcode(5), authority=1) + record(), NOTIMP, "RFC 2136 3"),
    ("UPDATE of two zones", header(opcode(5), 2) + ask() * 2, NOTIMP, "RFC 9619 4: for QUERY only"),
    ("DSO keepalive", header(opcode(6), 0) + b"\0\1\0\x08" + bytes(8), NOTIMP, "RFC 8490 5.1.1"),
]

QUESTIONS = [
    ("no question", header(0, 0), UNREADABLE, "RFC 9619 4"),
    ("no question, and RD", header(0x0100, 0), UNREADABLE + " rd", "RFC 9619 4"),
    ("no question but its bytes", header(0, 0) + ask(), UNREADABLE, "RFC 9619 4"),
    ("one question twice", header(0, 2) + ask() * 2, UNREADABLE, "RFC 9619 4"),
    ("two questions", header(0, 2) + ask() + ask(APEX, SOA), UNREADABLE, "RFC 9619 4"),
    ("three questions and one is there", header(0, 3) + ask(), UNREADABLE, "RFC 9619 4"),
    ("65535 questions", header(0, 65535) + ask(), UNREADABLE, "RFC 9619 4"),
    ("one question that is not there", header(), UNREADABLE, "RFC 1035 4.1.2"),
    ("no type", header() + HOST, UNREADABLE, "RFC 1035 4.1.2"),
    ("half a type", header() + HOST + b"\0", UNREADABLE, "RFC 1035 4.1.2"),
    ("no class", header() + HOST + b"\0\1", UNREADABLE, "RFC 1035 4.1.2"),
    ("half a class", header() + HOST + b"\0\1\0", UNREADABLE, "RFC 1035 4.1.2"),
    ("malformed, and RD", header(0x0100) + HOST, UNREADABLE + " rd", "RFC 1035 4.1.1: RD is copied"),
]

NAMES = [
    ("a pointer to itself", header() + ask(b"\xc0\x0c"), UNREADABLE, "conformance.md: no pointers in a question"),
    ("two pointers in a circle", header() + ask(b"\xc0\x0e\xc0\x0c"), UNREADABLE, "conformance.md"),
    ("a pointer forward", header() + ask(b"\xc0\x12") + HOST, UNREADABLE, "RFC 1035 4.1.4: a prior name"),
    ("a pointer past the end", header() + ask(b"\xff\xff"), UNREADABLE, "RFC 1035 4.1.4"),
    ("a pointer into the header", header() + ask(b"\xc0\x00"), UNREADABLE, "RFC 1035 4.1.4"),
    ("a pointer to the counts", header() + ask(b"\xc0\x04"), UNREADABLE, "RFC 1035 4.1.4"),
    ("a label and a pointer to it", header() + ask(b"\1a\xc0\x0c"), UNREADABLE, "conformance.md"),
    ("half a pointer", header() + b"\xc0", UNREADABLE, "RFC 1035 4.1.4"),
    ("label type 01", header() + ask(b"\x40" + b"a" * 64 + b"\0"), UNREADABLE, "RFC 6891 5"),
    ("a bit-string label", header() + ask(b"\x41\x08\xff\0"), UNREADABLE, "RFC 6891 5"),
    ("label type 01, longest", header() + ask(b"\x7f" + b"a" * 127 + b"\0"), UNREADABLE, "RFC 6891 5"),
    ("label type 10", header() + ask(b"\x80" + b"a" * 64 + b"\0"), UNREADABLE, "RFC 1035 4.1.4"),
    ("label type 10, longest", header() + ask(b"\xbf" + b"a" * 191 + b"\0"), UNREADABLE, "RFC 1035 4.1.4"),
    ("a name without end", header() + HOST[:-1], UNREADABLE, "RFC 1035 3.1"),
    ("a label past the end", header() + b"\x3fabc", UNREADABLE, "RFC 1035 3.1"),
    ("a label of 63 bytes", query(labels(63) + APEX), "NXDOMAIN aa question answer=0 authority=1", "RFC 1035 2.3.4"),
    ("a name of 255 bytes", query(labels(63, 63, 63, 46) + APEX), "NXDOMAIN aa question answer=0 authority=1",
     "RFC 1035 2.3.4"),
    ("a name of 256 bytes", query(labels(63, 63, 63, 47) + APEX), UNREADABLE, "RFC 1035 2.3.4"),
    ("a foreign name of 255 bytes", query(labels(63, 63, 63, 61) + b"\0"), "REFUSED question", "RFC 1035 2.3.4"),
    ("127 labels", query(labels(*[1] * 127) + b"\0"), "REFUSED question", "RFC 1035 2.3.4"),
    ("128 labels", query(labels(*[1] * 128) + b"\0"), UNREADABLE, "RFC 1035 2.3.4"),
    ("200 labels", query(labels(*[1] * 200) + b"\0"), UNREADABLE, "RFC 1035 2.3.4"),
    ("the root", query(b"\0"), "REFUSED question", "RFC 8906 3.1.1"),
    ("a top-level name", query(b"\3com\0"), "REFUSED question", "RFC 8906 3.1.1"),
    ("a name above the zone", query(APEX[3:]), "REFUSED question", "RFC 8906 3.1.1"),
    ("a NUL in a label", query(b"\3a\0b" + APEX), "NXDOMAIN aa question answer=0", "RFC 2181 11"),
    ("a dot in a label", query(b"\3a.b" + APEX), "NXDOMAIN aa question answer=0", "RFC 2181 11"),
    ("a blank and a backslash", query(b"\3 \\\t" + APEX), "NXDOMAIN aa question answer=0", "RFC 2181 11"),
    ("bytes above 127", query(b"\3\xff\x80\xe9" + APEX), "NXDOMAIN aa question answer=0", "RFC 2181 11"),
    ("every letter in the other case", query(HOST.upper().replace(b"\4HOST", b"\4hOsT")), GOOD, "RFC 4343 3"),
    ("brackets are not letters", query(b"\4[ost" + APEX), "NXDOMAIN aa question answer=0", "RFC 4343 3"),
]

RECORDS = [
    ("a record as answer", query(answers=1) + record(), GOOD, "conformance.md: other sections are read over"),
    ("a record as authority", query(authority=1) + record(APEX, NS, data=HOST), GOOD, "conformance.md"),
    ("a record as additional", query(additional=1) + record(), GOOD, "conformance.md"),
    ("a record in each section", query(answers=1, authority=1, additional=1) + record() * 3, GOOD, "conformance.md"),
    ("forty records", query(additional=40) + record() * 40, GOOD, "conformance.md"),
    ("an owner that points to the question", query(additional=1) + record(b"\xc0\x0c"), GOOD, "RFC 1035 4.1.4"),
    ("an owner that points at itself", query(additional=1) + record(b"\xc0\x1e"), GOOD, "conformance.md: not followed"),
    ("an empty record", query(additional=1) + record(data=b""), GOOD, "RFC 1035 4.1.3"),
    ("a record of class ANY", query(additional=1) + record(klass=ANY, data=b""), GOOD, "RFC 2136 2.4"),
    ("a record of an unknown type", query(additional=1) + record(kind=65280), GOOD, "RFC 3597 4"),
    ("a TTL with its first bit", query(additional=1) + record(ttl=0xFFFFFFFF), GOOD, "RFC 2181 8"),
    ("a CNAME without sense", query(additional=1) + record(kind=CNAME, data=b"\xff"), GOOD, "conformance.md"),
    ("an answer that is not there", query(answers=1), BAD, "RFC 1035 4.1.1: counts"),
    ("an authority that is not there", query(authority=1), BAD, "RFC 1035 4.1.1"),
    ("an additional that is not there", query(additional=1), BAD, "RFC 1035 4.1.1"),
    ("65535 records in each section", query(answers=65535, authority=65535, additional=65535), BAD, "RFC 1035 4.1.1"),
    ("one record more than there are", query(additional=2) + record(), BAD, "RFC 1035 4.1.1"),
    ("data past the end", query(additional=1) + record(length=5), BAD, "RFC 1035 4.1.3"),
    ("data far past the end", query(additional=1) + record(length=65535), BAD, "RFC 1035 4.1.3"),
    ("an owner cut off", query(additional=1) + HOST[:7], BAD, "RFC 1035 4.1.3"),
    ("no type of a record", query(additional=1) + HOST, BAD, "RFC 1035 4.1.3"),
    ("half a record head", query(additional=1) + record()[:-8], BAD, "RFC 1035 4.1.3"),
    ("an owner with label type 01", query(additional=1) + record(b"\x40" + b"a" * 64 + b"\0"), BAD, "RFC 6891 5"),
    ("an owner with label type 10", query(additional=1) + record(b"\x80" + b"a" * 128 + b"\0"), BAD, "RFC 1035 4.1.4"),
    ("an owner of 256 bytes", query(additional=1) + record(labels(63, 63, 63, 62) + b"\0"), BAD, "RFC 1035 2.3.4"),
    ("half a pointer as owner", query(additional=1) + b"\xc0", BAD, "RFC 1035 4.1.4"),
    ("malformed records, and RD", query(flags=0x0100, additional=1), BAD + " rd", "RFC 1035 4.1.1: RD is copied"),
    ("a byte behind the question", query() + b"\0", GOOD, "conformance.md: bytes behind the end mean nothing"),
    ("500 bytes behind the question", query() + bytes(500), GOOD, "conformance.md"),
    ("a record behind the counts", query() + record(), GOOD, "conformance.md"),
    ("an OPT behind the counts", query() + opt(), GOOD, "conformance.md"),
    ("bytes behind an OPT", with_opt() + b"\xff" * 30, GOOD_OPT, "conformance.md"),
    ("two TSIG", query(additional=2) + record(b"\1k\0", TSIG, ANY, 0, bytes(16)) * 2, BAD, "RFC 8945 5.1"),
    ("a TSIG that is not last", query(additional=2) + record(b"\1k\0", TSIG, ANY, 0, bytes(16)) + record(), BAD,
     "RFC 8945 5.1"),
    ("a TSIG as answer", query(answers=1) + record(b"\1k\0", TSIG, ANY, 0, bytes(16)), BAD, "RFC 8945 5.1"),
    ("a TSIG as authority", query(authority=1) + record(b"\1k\0", TSIG, ANY, 0, bytes(16)), BAD, "RFC 8945 5.1"),
    ("a TSIG, before TSIG exists", query(additional=1) + record(b"\1k\0", TSIG, ANY, 0, bytes(16)), GOOD,
     "conformance.md"),
]

EDNS = [
    ("OPT", with_opt(), GOOD_OPT, "RFC 6891 6.1.1"),
    *[(f"OPT, size {n}", with_opt(size=n), GOOD_OPT, "RFC 6891 6.2.3") for n in (0, 1, 511, 512, 513, 4096, 65535)],
    ("OPT, DO", with_opt(flags=0x8000), GOOD_OPT + " do", "RFC 3225 3"),
    ("OPT, all flags but DO", with_opt(flags=0x7FFF), GOOD_OPT, "RFC 6891 6.1.4: Z is zero in replies"),
    ("OPT, all flags", with_opt(flags=0xFFFF), GOOD_OPT + " do", "RFC 6891 6.1.4"),
    ("OPT, extended rcode", with_opt(rcode=255), GOOD_OPT, "RFC 6891 6.1.3: of replies only"),
    *[(f"OPT, version {n}", with_opt(version=n), "BADVERS question opt answer=0", "RFC 6891 6.1.3")
      for n in (1, 2, 255)],
    ("OPT, version 1, DO", with_opt(version=1, flags=0x8000), "BADVERS question opt do answer=0", "RFC 8906 8.2.9"),
    ("OPT, version 1, unknown flag", with_opt(version=1, flags=0x40), "BADVERS question opt", "RFC 8906 8.2.5"),
    ("OPT, version 1, unknown option", with_opt(option(100), version=1), "BADVERS question opt", "RFC 8906 8.2.6"),
    ("OPT, version 1, broken option", with_opt(b"\0\3\xff\xff", version=1), "BADVERS question opt",
     "conformance.md: options are those of version 0"),
    ("OPT, version 1, RD", query(flags=0x0100, additional=1) + opt(version=1), "BADVERS question opt rd",
     "RFC 1035 4.1.1: RD is copied"),
    *[(f"option {n} without data", with_opt(option(n)), GOOD_OPT, "RFC 6891 6.1.2: unknown options are ignored")
      for n in (0, 4, 100, 65001, 65535)],
    *[(f"option {n} with data", with_opt(option(n, b"\xff" * 9)), GOOD_OPT, "RFC 6891 6.1.2")
      for n in (1, 2, 4, 5, 6, 7, 12, 13, 14, 15, 100, 65535)],
    ("option 100 twice", with_opt(option(100) * 2), GOOD_OPT, "RFC 6891 6.1.2"),
    ("250 unknown options", with_opt(b"".join(option(1000 + n) for n in range(250))), GOOD_OPT, "conformance.md"),
    ("an option of 1000 bytes", with_opt(option(100, bytes(1000))), GOOD_OPT, "RFC 6891 6.1.2"),
    ("EXPIRE", with_opt(option(9)), GOOD_OPT, "RFC 7314 4: of SOA and transfers only"),
    ("keepalive over UDP", with_opt(option(11)), GOOD_OPT, "RFC 7828 3.2.1"),
    ("keepalive over UDP with a time", with_opt(option(11, b"\0\x64")), GOOD_OPT, "RFC 7828 3.2.1"),
    ("NSID", with_opt(option(3)), GOOD_OPT + " nsid", "RFC 5001 2.1"),
    ("NSID with data", with_opt(option(3, b"who")), GOOD_OPT + " nsid", "RFC 5001 2.1: data is ignored"),
    ("NSID three times", with_opt(option(3) * 3), GOOD_OPT + " nsid", "conformance.md: an option counts once"),
    ("NSID among strangers", with_opt(option(100) + option(3) + option(101)), GOOD_OPT + " nsid", "RFC 5001 2.1"),
    ("NSID in version 1", with_opt(option(3), version=1), "BADVERS question opt", "RFC 6891 6.1.3"),
    ("OPT as answer", query(answers=1) + opt(), BAD_OPT, "RFC 6891 6.1.1: additional only"),
    ("OPT as authority", query(authority=1) + opt(), BAD_OPT, "RFC 6891 6.1.1"),
    ("OPT of an owner", query(additional=1) + opt(owner=b"\1a\0"), BAD_OPT, "RFC 6891 6.1.2: the root"),
    ("NSID and a broken option", with_opt(option(3) + b"\0"), BAD_OPT,
     "conformance.md: the OPT of a FORMERR is clean"),
    ("OPT twice, NSID and DO", query(additional=2) + opt(option(3), flags=0x8000) * 2, BAD_OPT, "conformance.md"),
    ("no question, OPT", header(0, 0, additional=1) + opt(), UNREADABLE + " opt", "RFC 6891 7, RFC 9619 4"),
    ("no question, OPT version 1", header(0, 0, additional=1) + opt(version=1), "BADVERS opt", "RFC 6891 6.1.3"),
    *[(f"a cookie of {n} bytes", with_opt(option(10, b"c" * n)), BAD_OPT, "RFC 7873 5.2.2")
      for n in (0, 1, 7, 9, 15, 41)],
    *[(f"a cookie of {n} bytes", with_opt(option(10, b"c" * n)), GOOD_OPT + " cookie", "RFC 7873 5.2.3, RFC 9018 4")
      for n in (8, 16, 24, 40)],
    ("two cookies", with_opt(option(10, b"c" * 8) + option(10, b"d" * 8)), GOOD_OPT + " cookie",
     "conformance.md: an option counts once"),
    ("a cookie, and no question", header(0, 0, additional=1) + opt(option(10, b"c" * 8)), "NOERROR opt cookie",
     "RFC 7873 5.4"),
    ("a broken cookie, and no question", header(0, 0, additional=1) + opt(option(10, b"c" * 7)), "FORMERR opt",
     "RFC 7873 5.2.2"),
    ("a cookie of version 1", with_opt(option(10, b"c" * 8), version=1), "BADVERS question opt", "RFC 6891 6.1.3"),
    ("OPT before a record", query(additional=2) + opt() + record(), GOOD_OPT, "RFC 6891 6.1.1: anywhere in it"),
    ("OPT behind a record", query(additional=2) + record() + opt(), GOOD_OPT, "RFC 6891 6.1.1"),
    ("OPT twice", query(additional=2) + opt() * 2, BAD_OPT, "RFC 6891 6.1.1"),
    ("OPT three times", query(additional=3) + opt() * 3, BAD_OPT, "RFC 6891 6.1.1"),
    ("OPT twice, a record between", query(additional=3) + opt() + record() + opt(), BAD_OPT, "RFC 6891 6.1.1"),
    ("OPT of version 1 twice", query(additional=2) + opt(version=1) * 2, BAD_OPT, "RFC 6891 6.1.1"),
    *[(f"{n} stray bytes as option", with_opt(bytes(n)), BAD_OPT, "RFC 6891 6.1.2") for n in (1, 2, 3)],
    ("3 stray bytes behind an option", with_opt(option(100) + b"\0\3\0"), BAD_OPT, "RFC 6891 6.1.2"),
    ("an option past the OPT", with_opt(option(100, b"", 1)), BAD_OPT, "RFC 6891 6.1.2"),
    ("an option far past the OPT", with_opt(option(3, b"", 65535)), BAD_OPT, "RFC 6891 6.1.2"),
    ("OPT data past the end", with_opt(length=1), BAD_OPT, "RFC 6891 6.1.2"),
    ("OPT data far past the end", with_opt(length=65535), BAD_OPT, "RFC 6891 6.1.2"),
]

TYPES = [
    *[(f"type {n}", query(kind=n), "NOERROR aa question answer=0 authority=1", "RFC 8906 3.1.2, RFC 3597 3")
      for n in (0, 3, 10, 99, 127, 256, 666, 32768, 65280, 65535)],
    *[(f"meta-type {n}", query(kind=n), "NOTIMP question answer=0", "RFC 6895 3.1") for n in (129, 200, 248, 249)],
    ("AXFR", query(APEX, 252), "NOTIMP question answer=0", "RFC 5936 4.2: TCP only"),
    ("IXFR", query(APEX, 251, authority=1) + record(APEX, SOA, data=b"\0\0" + bytes(20)), "NOTIMP question answer=0",
     "RFC 1995 4"),
    ("MAILB", query(kind=253), "NOTIMP question answer=0", "RFC 1035 3.2.3"),
    ("MAILA", query(kind=254), "NOTIMP question answer=0", "RFC 1035 3.2.3"),
    ("OPT as type", query(kind=OPT), BAD, "RFC 6891 6.1.1"),
    ("TSIG as type", query(kind=TSIG), BAD, "RFC 8945 4.2"),
    ("NXNAME as type", query(kind=128), BAD, "RFC 9824 3.5"),
    ("NXNAME as type, OPT", with_opt(kind=128), BAD_OPT, "RFC 9824 3.5"),
    ("ANY", query(kind=ANY), "NOERROR aa question answer=1", "RFC 8482 4.1"),
    ("ANY of a foreign name", query(b"\3org\0", ANY), "REFUSED question", "RFC 8482 4"),
    *[(f"class {n}", query(klass=n), "REFUSED question", "RFC 6895 3.2") for n in (0, 2, 4, 254, 255, 256, 65535)],
    ("class CH, a name of ours", query(klass=CH), "REFUSED question", "RFC 4892 2"),
    ("class CH, version.bind", query(b"\7version\4bind\0", TXT, CH), "NOERROR aa question answer=1", "RFC 4892 2"),
    ("class CH, version.bind A", query(b"\7version\4bind\0", klass=CH), "NOERROR aa question answer=0", "RFC 4892 2"),
    ("class IN, version.bind", query(b"\7version\4bind\0", TXT), "REFUSED question", "RFC 4892 2"),
]

FLAGS = [
    ("RD", query(flags=0x0100), GOOD + " rd", "RFC 1035 4.1.1"),
    ("TC", query(flags=0x0200), GOOD, "RFC 8906 3.1.3"),
    ("AA", query(flags=0x0400), GOOD, "RFC 8906 3.1.3"),
    ("RA", query(flags=0x0080), GOOD, "RFC 8906 3.1.3"),
    ("Z", query(flags=0x0040), GOOD, "RFC 8906 3.1.3"),
    ("AD", query(flags=0x0020), GOOD, "RFC 6840 5.7: we verify nothing"),
    ("CD", query(flags=0x0010), GOOD, "RFC 4035 3.1.6"),
    ("all flags", query(flags=0x07F0), GOOD + " rd", "RFC 8906 3.1.3"),
    *[(f"rcode {n}", query(flags=n), GOOD, "conformance.md: rcode of a query is ignored") for n in (1, 2, 9, 15)],
    ("all flags, a foreign name", query(b"\3org\0", flags=0x07FF), "REFUSED question rd", "RFC 8906 3.1.3"),
    ("all flags, malformed", query(flags=0x07FF, additional=1), BAD + " rd", "RFC 8906 3.1.3"),
    ("identity 0", query(ident=0), GOOD, "RFC 1035 4.1.1"),
    ("identity 65535", query(ident=65535), GOOD, "RFC 1035 4.1.1"),
]

LONG, MEDIUM = b"\4long" + APEX, b"\6medium" + APEX  # TXT of about 1600 and 900 bytes

SIZES = [
    ("900 bytes without OPT", query(MEDIUM, TXT), "NOERROR aa tc question answer=0", "RFC 1035 4.2.1, RFC 2181 9"),
    ("900 bytes in 512", query(MEDIUM, TXT, additional=1) + opt(size=512), "NOERROR aa tc question answer=0 opt",
     "RFC 6891 6.2.5"),
    ("900 bytes in 0", query(MEDIUM, TXT, additional=1) + opt(size=0), "NOERROR aa tc question answer=0 opt",
     "RFC 6891 6.2.3: below 512 means 512"),
    ("900 bytes in 1232", query(MEDIUM, TXT, additional=1) + opt(), "NOERROR aa question answer=1 opt",
     "RFC 9715 3.1"),
    ("1600 bytes in 4096", query(LONG, TXT, additional=1) + opt(size=4096), "NOERROR aa tc question answer=0 opt",
     "RFC 9715 3.1: never more than 1232"),
    ("1600 bytes in 65535", query(LONG, TXT, additional=1) + opt(size=65535), "NOERROR aa tc question answer=0 opt",
     "RFC 9715 3.1"),
]

ROWS = SILENCE + OPCODES + QUESTIONS + NAMES + RECORDS + EDNS + TYPES + FLAGS + SIZES
