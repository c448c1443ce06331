"""Resolvers as judges: strict ones, that come down from the root and believe nothing twice."""

import dns.message
import dns.query
import dns.rcode
import netns
import pytest
import servers
from conftest import DNS_PORT
from kit.dns import Asker
from kit.pool import NAME
from kit.process import Process
from peers import NODE, POOL, ours

STRICT = """\
server:
    verbosity: 2
    use-caps-for-id: yes
    qname-minimisation: yes
    qname-minimisation-strict: yes
    harden-referral-path: yes
    harden-glue: yes
    log-servfail: yes
"""

BIND_CONF = """\
options {{
    directory "{folder}"; listen-on {{ {address}; }}; listen-on-v6 {{ none; }}; pid-file none; session-keyfile none;
    recursion yes; allow-query {{ any; }}; dnssec-validation no; qname-minimization strict; empty-zones-enable no;
}};
controls {{ }};
zone "." {{ type hint; file "{folder}/root.hints"; }};
"""


class StrictUnbound(servers.Unbound):
    """Letters in random case (0x20), one label at a time and never more (RFC 9156), name servers looked up."""

    def __init__(self, box):
        super().__init__(box, "strict-unbound", "127.0.53.4")
        file = box.path("strict-unbound") / "unbound.conf"
        file.write_text(file.read_text() + STRICT)

    def doubts(self):
        """Lines of its log that say that letters came back otherwise, or that a name failed."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if "apsforid" in line or "SERVFAIL" in line and NAME in line]


class BindResolver(Process):
    """BIND as a resolver, one label at a time and never more."""

    def __init__(self, box):
        self.address = "127.0.53.5"
        name = "bind-resolver"
        folder = box.folder(name)
        box.write(f"{name}/root.hints", f". 3600 NS a.root.\na.root. 3600 A {servers.ROOT}\n")
        conf = box.write(f"{name}/named.conf", BIND_CONF.format(folder=folder, address=self.address))
        super().__init__([servers.copied(box, "/usr/sbin/named"), "-g", "-4", "-n", "1", "-c", conf], box.log(name),
                         user=box.user)
        box.know(self)

    def up(self):
        netns.add_address(self.address)
        self.start()
        with Asker(self.address, timeout_s=0.5) as asker:
            self.wait_for(lambda: asker.addresses("www.example.com"), 20, "the address of www.example.com")
        return self

    def doubts(self):
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if NAME in line and ("lame" in line or "FORMERR" in line or "broken" in line)]


def resolve(server, name, kind):
    """The answer of a resolver; over TCP when it does not fit."""
    query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
    return dns.query.udp_with_fallback(query, server, timeout=10)[0]


@pytest.fixture(scope="module")
def dnsd(box, resolver):
    """Where the parent zone points to, and where the zone itself says that its name servers are."""
    addresses = [servers.DNSD, "192.0.2.53", "192.0.2.54"]
    for address in addresses:
        netns.add_address(address)
    with ours(box, servers.DNSD, DNS_PORT, listen=[f"{address}:{DNS_PORT}" for address in addresses]).up() as running:
        yield running


@pytest.fixture(scope="module", params=[StrictUnbound, BindResolver])
def judge(box, dnsd, request):
    with request.param(box).up() as running:
        yield running


NAMES = [  # what is asked, the rcode, texts that the answer holds
    ("a pool", POOL, "A", "NOERROR", [NODE]),
    ("a bucket of a pool", f"some-bucket.{POOL}", "A", "NOERROR", [NODE]),
    ("a bucket without IPv6", f"other-bucket.{POOL}", "AAAA", "NOERROR", []),
    ("the top of the zone", NAME, "MX", "NOERROR", [f"10 mail.{NAME}.", "20 mail.example.net."]),
    ("a static name", f"host.{NAME}", "A", "NOERROR", ["192.0.2.7"]),
    ("a static name, no such type", f"host.{NAME}", "AAAA", "NOERROR", []),
    ("a chain of CNAMEs", f"chain1.{NAME}", "A", "NOERROR", [f"chain3.{NAME}.", "192.0.2.8", "192.0.2.9"]),
    ("a wildcard", f"any.wild.{NAME}", "A", "NOERROR", ["192.0.2.20"]),
    ("a wildcard CNAME", f"any.cnamewild.{NAME}", "A", "NOERROR", [f"host.{NAME}.", "192.0.2.7"]),
    ("an empty non-terminal", f"b.c.ent.{NAME}", "A", "NOERROR", []),
    ("below empty non-terminals", f"a.b.c.ent.{NAME}", "A", "NOERROR", ["192.0.2.30"]),
    ("a service", f"_s3._tcp.{NAME}", "SRV", "NOERROR", [f"10 60 9000 host.{NAME}.", f"10 40 9000 two.{NAME}."]),
    ("no such name", f"nothing.{NAME}", "A", "NXDOMAIN", []),
    ("no such name, deep", f"x.y.z.{NAME}", "A", "NXDOMAIN", []),
    ("a CNAME to no name", f"dangling.{NAME}", "A", "NXDOMAIN", [f"nothing.here.{NAME}."]),
    ("more than UDP takes", f"long.{NAME}", "TXT", "NOERROR", ["l0012345", "l7012345"]),
    ("an unknown type", f"unknown.{NAME}", "TYPE65280", "NOERROR", ["01020304"]),
    ("HTTPS", f"svc.{NAME}", "HTTPS", "NOERROR", ["h2"]),
]


@pytest.mark.parametrize("name, kind, rcode, texts", [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_resolver(judge, name, kind, rcode, texts):
    reply = resolve(judge.address, name, kind)
    answer = "\n".join(str(rrset) for rrset in reply.answer)
    assert dns.rcode.to_text(reply.rcode()) == rcode, reply
    assert all(text in answer for text in texts), reply
    assert bool(answer) == bool(texts), reply
    assert judge.doubts() == []
