"""The same zone in dnsd and in other servers, the same questions to both: whatever differs must have a reason in
tables/differences.py."""

import collections
import random
import socket

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.zone
import pytest
from conftest import DNS_PORT
from kit.pool import NAME
from peers import KINDS, ZONE, Peer, missing, ours
from tables.differences import RULES

ADDRESS = "127.0.53.30"
SEED = 9471
SAMPLE, WHOLE = 500, 20_000
TYPES = ["A", "AAAA", "NS", "SOA", "CNAME", "MX", "TXT", "SRV", "PTR", "DS", "CAA", "HTTPS", "SVCB", "HINFO", "LOC",
         "NAPTR", "URI", "RP", "SSHFP", "TLSA", "DNSKEY", "TYPE65280", "TYPE65281", "TYPE666", "ANY"]
SECTIONS = ("answer", "authority", "additional")


# The questions: names of the zone and mutations of them.

def names_of_zone():
    zone = dns.zone.from_text(ZONE, origin=NAME, relativize=False)
    return sorted(zone.nodes)


def put_before(name, chance):
    return dns.name.Name((chance.choice([b"x", b"*", b"nothing", b"_tcp", b"\0"]),) + name.labels)


def put_between(name, chance):
    at = chance.randrange(len(name.labels) - 1)
    return dns.name.Name(name.labels[:at] + (b"between",) + name.labels[at:])


def cut(name, _):
    return name.parent()


def replace(name, chance):
    return dns.name.Name((chance.choice([b"*", b"other", b"nothing"]),) + name.labels[1:])


def respell(name, chance):
    flip = (lambda label: bytes(c ^ 0x20 if chr(c).isalpha() and chance.random() < 0.5 else c for c in label))
    return dns.name.Name(tuple(flip(label) for label in name.labels))


def keep(name, _):
    return name


MUTATIONS = [keep, keep, keep, put_before, put_before, put_between, cut, replace, respell]


def questions(count):
    """Seeded, so that a difference can be found again: (name, type, flags, EDNS)."""
    chance = random.Random(SEED)
    names = names_of_zone()
    for _ in range(count):
        name = chance.choice(names)
        for _ in range(chance.choice([1, 1, 1, 2])):
            try:
                name = chance.choice(MUTATIONS)(name, chance)
            except dns.name.NameTooLong:
                pass
        flags = chance.choice([0, 0, dns.flags.RD, dns.flags.AD, dns.flags.CD])
        edns = chance.choice([None, 512, 1232, 4096])
        yield make(name, chance.choice(TYPES), flags, edns, chance)


def make(name, kind, flags, edns, chance):
    query = dns.message.make_query(name, kind, use_edns=edns is not None, payload=edns, id=chance.randrange(65536),
                                   want_dnssec=edns == 4096 and chance.random() < 0.5)
    query.flags = flags
    return query


# The answers, and how two of them differ.

class Udp:
    """A connected socket to one server."""

    def __init__(self, address):
        self.socket = self.connected((address, DNS_PORT))
        self.socket.settimeout(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @staticmethod
    def connected(place):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.connect(place)
        return udp

    def exchange(self, query):
        self.socket.send(query.to_wire())
        return dns.message.from_wire(self.socket.recv(65535))

    def ask(self, query):
        reply = self.exchange(query)
        assert reply.id == query.id
        return reply


class Tcp(Udp):
    connected = staticmethod(socket.create_connection)

    def exchange(self, query):
        dns.query.send_tcp(self.socket, query.to_wire())
        return dns.query.receive_tcp(self.socket)[0]


def records(message, section):
    """A section as a set of records, order and case of owners left out."""
    return {(rrset.name.canonicalize(), rrset.ttl, dns.rdatatype.to_text(rrset.rdtype), data)
            for rrset in getattr(message, section) for data in rrset}


def answer_kind(reply):
    """Of an answer with records: positive, a chain of CNAMEs, or one that leads back to a name it had."""
    targets = {rrset.name: rrset[0].target for rrset in reply.answer if rrset.rdtype == dns.rdatatype.CNAME}
    if not targets or dns.rdatatype.CNAME == reply.question[0].rdtype:
        return "positive"
    name, seen = reply.question[0].name, set()
    while name in targets and name not in seen:
        seen.add(name)
        name = targets[name]
    return "loop" if name in seen else "chain"


def situation(reply):
    """What kind of reply it is: a rule holds for one of them."""
    if reply.flags & dns.flags.TC:
        return "truncated"
    if reply.answer:
        return answer_kind(reply)
    if reply.flags & dns.flags.AA:
        return "negative"
    return "referral" if reply.authority else "refused"


def differences(query, ours, theirs):
    """Yields (situation, type in question, where, what) for each header field and each record type of a section."""
    about = situation(ours), dns.rdatatype.to_text(query.question[0].rdtype)
    if ours.rcode() != theirs.rcode():
        yield *about, "rcode", f"{dns.rcode.to_text(ours.rcode())} not {dns.rcode.to_text(theirs.rcode())}"
    for flag in ("AA", "TC"):
        bit = dns.flags.from_text(flag)
        if (ours.flags ^ theirs.flags) & bit:
            yield *about, flag, "only ours" if ours.flags & bit else "only theirs"
    if ours.flags & theirs.flags & dns.flags.TC:
        return  # what a truncated reply holds is for nobody to use (RFC 2181 9)
    for section in SECTIONS:
        mine, other = records(ours, section), records(theirs, section)
        for kind in sorted({record[2] for record in mine - other}):
            yield *about, section, f"{kind} only ours"
        for kind in sorted({record[2] for record in other - mine}):
            yield *about, section, f"{kind} only theirs"


# The test: the zone in dnsd and in one peer.

@pytest.fixture(scope="module")
def dnsd(box, network):
    return ours(box, ADDRESS, DNS_PORT).up()


@pytest.fixture(scope="module", params=list(KINDS))
def peer(box, dnsd, request):
    why_not = missing(request.param)
    if why_not:
        pytest.skip(why_not)
    with Peer(box, request.param, ZONE).up() as running:
        yield request.param, running.address


def compare(dnsd, peer, count, transport=Udp):
    """How often each rule explained a difference; whatever has none fails."""
    name, address = peer
    used = collections.Counter()
    with transport(dnsd.address) as our, transport(address) as their:
        for query in questions(count):
            mine, other = our.ask(query), their.ask(query)
            for found in differences(query, mine, other):
                rule = next((rule for rule in RULES if rule.explains(name, *found)), None)
                assert rule, f"{name}: {' '.join(found)}\n{query}\n-- ours\n{mine}\n-- {name}\n{other}"
                used[rule] += 1
    return used


def tell(figures, name, count, used):
    figures(f"dnsd and {name}: {count} questions, {sum(used.values())} differences, every one under one of "
            f"{len(used)} rules")


def test_same_answers(dnsd, peer, figures):
    tell(figures, peer[0], SAMPLE, compare(dnsd, peer, SAMPLE))


def test_same_answers_over_tcp(dnsd, peer, figures):
    tell(figures, peer[0], SAMPLE, compare(dnsd, peer, SAMPLE, Tcp))


@pytest.mark.soak
def test_same_answers_in_full(dnsd, peer, figures):
    """Also: no rule is idle, a rule that explains nothing would hide something one day."""
    used = compare(dnsd, peer, WHOLE)
    tell(figures, peer[0], WHOLE, used)
    assert [rule for rule in RULES if peer[0] in rule.peers and rule not in used] == []


def test_each_rule_names_an_rfc():
    assert all(rule.reason.startswith("RFC ") and rule.peers for rule in RULES)


# The comparison can fail.

def reply_with(*records, rcode="NOERROR", flags="QR AA", section="ANSWER"):
    return dns.message.from_text("\n".join(["id 1", "opcode QUERY", f"rcode {rcode}", f"flags {flags}", ";QUESTION",
                                            f"{NAME}. IN A", f";{section}", *records]))


HOST_A, HOST_B = f"{NAME}. 60 IN A 192.0.2.1", f"{NAME}. 60 IN A 192.0.2.2"
UNLIKE = [
    ("an rcode", reply_with(HOST_A, rcode="SERVFAIL"), {("rcode", "NOERROR not SERVFAIL")}),
    ("a flag", reply_with(HOST_A, flags="QR"), {("AA", "only ours")}),
    ("a record more", reply_with(HOST_A, HOST_B), {("answer", "A only theirs")}),
    ("another record", reply_with(HOST_B), {("answer", "A only ours"), ("answer", "A only theirs")}),
    ("a TTL", reply_with(HOST_A.replace("60", "61")), {("answer", "A only ours"), ("answer", "A only theirs")}),
    ("a section", reply_with(HOST_A, section="ADDITIONAL"),
     {("answer", "A only ours"), ("additional", "A only theirs")}),
]


@pytest.mark.parametrize("theirs, found", [row[1:] for row in UNLIKE], ids=[row[0] for row in UNLIKE])
def test_self_difference_is_found(theirs, found):
    mine = reply_with(HOST_A)
    assert {words[2:] for words in differences(mine, mine, theirs)} == found


def test_self_order_and_case_are_no_difference():
    mine, other = reply_with(HOST_A, HOST_B), reply_with(HOST_B.upper(), HOST_A)
    assert list(differences(mine, mine, other)) == []
