"""Why dnsd may answer otherwise than a peer: each rule is about one kind of reply and one place in it, names the record
types there, and the document that allows both answers. What no rule explains is a fault."""

from dataclasses import dataclass

ALL = ("knot", "nsd", "bind")
ADDRESSES = ("A only theirs", "AAAA only theirs")


@dataclass(frozen=True)
class Rule:
    peers: tuple
    situation: str  # of our reply: positive, chain, loop, negative, referral, refused, truncated
    kind: str       # the type in question; "" where the situation says it all
    where: str      # rcode, AA, TC or a section
    what: tuple     # the differences that it explains
    reason: str

    def explains(self, peer, situation, kind, where, what):
        return (peer in self.peers and situation == self.situation and self.kind in ("", kind)
                and where == self.where and what in self.what)


MINIMAL = "RFC 1034 4.3.2, step 6: addresses beside an answer are useful, not needed; we leave them out"

RULES = [
    # Of several RRsets, ANY may get any one (or all of them, BIND).
    Rule(("knot",), "positive", "ANY", "answer",
         ("A only theirs", "AAAA only ours", "CAA only ours", "HINFO only theirs", "TLSA only ours", "TXT only ours",
          "TYPE65280 only theirs", "TYPE65281 only ours"), "RFC 8482 4.1: one RRset, which one is ours to choose"),
    Rule(("nsd",), "positive", "ANY", "answer",
         ("A only theirs", "AAAA only ours", "CAA only ours", "SOA only theirs", "TXT only ours"),
         "RFC 8482 4.1: one RRset, which one is ours to choose"),
    Rule(("bind",), "positive", "ANY", "answer",
         ("A only theirs", "AAAA only theirs", "HINFO only theirs", "HTTPS only theirs", "LOC only theirs",
          "MX only theirs", "NS only theirs", "SOA only theirs", "SSHFP only theirs", "TXT only theirs",
          "TYPE65280 only theirs"), "RFC 8482 4: all RRsets by old custom, one of them by 4.1"),
    # Addresses of names in the answer.
    Rule(ALL, "positive", "NS", "additional", ADDRESSES, MINIMAL),
    Rule(("knot",), "positive", "MX", "additional", ("A only theirs",), MINIMAL),
    Rule(("knot",), "chain", "MX", "additional", ("A only theirs",), MINIMAL),
    Rule(("knot",), "positive", "SRV", "additional", ADDRESSES, MINIMAL),
    Rule(("knot",), "positive", "SVCB", "additional", ("A only theirs",), MINIMAL),
    Rule(("knot",), "positive", "ANY", "additional", ADDRESSES, MINIMAL),
    # Addresses of a referral that are not below the cut: BIND, asked for minimal replies, leaves them out.
    Rule(("bind",), "referral", "", "additional", ("A only ours", "AAAA only ours"),
         "RFC 9471 3.2: glue of name servers beside the cut is optional"),
    Rule(("bind",), "chain", "", "additional", ("A only ours", "AAAA only ours"),
         "RFC 9471 3.2: the same, where the referral stands behind a CNAME"),
    Rule(("bind",), "loop", "", "rcode", ("NOERROR not SERVFAIL",),
         "RFC 1034 3.6.2: a loop is an error of the zone; the records are the same, how to call it is open"),
]
