"""The 28 calls of EDNS compliance: (name, words for dig, what the reply must show, what it must not show, rule).

Words of a reply: the status, header flags, `version:N` and `size:N` of the OPT, its flags, `mbz` for a bit that must be
zero, `option:NAME`, and the types in its answer. What a reply to a COOKIE, a subnet or an EXPIRE may say besides is
not judged here.
"""

from kit.pool import NAME

PLAIN = "+norec +noedns"
EDNS0 = "+norec +edns=0 +nocookie"
EDNS1 = "+norec +edns=1 +noednsneg +nocookie"
SOA = f"{NAME} SOA"
GOOD, WITH_OPT = "noerror qr aa soa", "noerror qr aa soa version:0"
BADVERS = "badvers qr version:0"
BITS = "ra ad cd mbz"
OPTION_100 = "option:opt=100"

CALLS = [
    ("dns", f"{PLAIN} {SOA}", GOOD, f"rd version:0 {BITS}", "RFC 8906 8.1.1"),
    ("aaflag", f"{PLAIN} +aaflag {SOA}", GOOD, BITS, "RFC 8906 3.1.3"),
    ("ad", f"{PLAIN} +adflag {SOA}", GOOD, BITS, "RFC 8906 8.1.3.2"),
    ("cd", f"{PLAIN} +cdflag {SOA}", GOOD, BITS, "RFC 8906 8.1.3.1, RFC 4035 3.1.6"),
    ("rd", f"+rec +noedns {SOA}", GOOD + " rd", BITS, "RFC 8906 8.1.3.4"),
    ("zflag", f"{PLAIN} +zflag {SOA}", GOOD, BITS, "RFC 8906 8.1.3.3"),
    ("opcode15", f"{PLAIN} +noad +header-only +opcode=15", "notimp qr", f"aa rd version:0 {BITS}", "RFC 8906 8.1.4"),
    ("type666", f"{PLAIN} TYPE666 {NAME}", "noerror qr aa", f"type666 {BITS}", "RFC 8906 8.1.2"),
    ("tcp", f"{PLAIN} +tcp {SOA}", GOOD, BITS, "RFC 8906 8.1.5"),
    ("edns0", f"{EDNS0} {SOA}", WITH_OPT, BITS, "RFC 8906 8.2.1"),
    ("edns1", f"{EDNS1} {SOA}", BADVERS, f"soa aa {BITS}", "RFC 8906 8.2.2"),
    ("edns512", f"{EDNS0} +dnssec +ignore +bufsize=512 DNSKEY {NAME}", "noerror qr aa version:0 do", BITS,
     "RFC 8906 8.2.7"),
    ("ednsopt", f"{EDNS0} +ednsopt=100 {SOA}", WITH_OPT, f"{OPTION_100} {BITS}", "RFC 8906 8.2.3"),
    ("edns1opt", f"{EDNS1} +ednsopt=100 {SOA}", BADVERS, f"soa {OPTION_100} {BITS}", "RFC 8906 8.2.6"),
    ("do", f"{EDNS0} +dnssec {SOA}", WITH_OPT + " do", BITS, "RFC 8906 8.2.8, RFC 3225 3"),
    ("edns1do", f"{EDNS1} +dnssec {SOA}", BADVERS + " do", f"soa {BITS}", "RFC 8906 8.2.9"),
    ("flags", f"{EDNS0} +ednsflags=0x0080 {SOA}", WITH_OPT, f"do {BITS}", "RFC 8906 8.2.4"),
    ("edns1flags", f"{EDNS1} +ednsflags=0x0080 {SOA}", BADVERS, f"soa do {BITS}", "RFC 8906 8.2.5"),
    ("optlist", f"+norec +edns=0 +nsid +subnet=0.0.0.0/0 +expire +cookie=0102030405060708 {SOA}",
     WITH_OPT + " option:nsid", BITS, "RFC 8906 8.2.10"),
    ("nsid", f"{EDNS0} +nsid {SOA}", WITH_OPT + " option:nsid", BITS, "RFC 5001 2.3"),
    ("subnet", f"{EDNS0} +subnet=0.0.0.0/0 {SOA}", WITH_OPT, BITS, "RFC 7871 7.2.1"),
    ("expire", f"{EDNS0} +expire {SOA}", WITH_OPT, BITS, "RFC 7314 4"),
    ("cookie", f"+norec +edns=0 +cookie=0102030405060708 {SOA}", WITH_OPT, BITS, "RFC 7873 5.2"),
    ("ednstcp", f"{EDNS0} +dnssec +tcp {SOA}", WITH_OPT + " do", BITS, "RFC 8906 3.2.7"),
    ("keepalive", f"{EDNS0} +keepalive {SOA}", WITH_OPT, f"option:tcp {BITS}", "RFC 7828 3.2.1: not over UDP"),
    ("padding", f"{EDNS0} +padding=128 {SOA}", WITH_OPT, BITS, "RFC 7830 4"),
    ("nxdomain", f"{EDNS0} no.such.name.ns1.{NAME} A", "nxdomain qr aa version:0", BITS, "RFC 2308 2.1"),
    ("chaos", f"{EDNS0} CH TXT version.bind", "noerror qr aa txt version:0", BITS, "RFC 4892 2"),
]
