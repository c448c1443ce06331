"""One static zone in dnsd and in other authoritative servers: Knot, NSD and BIND. None of these is needed to run the
tests; who is not installed is left out."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import netns
import servers

from kit import dns
from kit.pool import NAME, Dnsd
from kit.process import Process

ZONE = (Path(__file__).parent / "tables" / "rich.zone").read_text()
POOL, NODE = f"pool.{NAME}", "127.0.9.1"

KNOT_CONF = """\
server:
    rundir: {folder}
    listen: {address}@53
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: {folder}
zone:
  - domain: {origin}
    file: {zone}
    zonefile-sync: -1
    semantic-checks: off
"""

NSD_CONF = """\
server:
    ip-address: {address}
    username: ""
    chroot: ""
    database: ""
    zonesdir: {folder}
    zonelistfile: {folder}/zone.list
    xfrdfile: {folder}/xfrd.state
    xfrdir: {folder}
    pidfile: ""
    rrl-ratelimit: 0
    minimal-responses: yes
remote-control:
    control-enable: no
zone:
    name: {origin}
    zonefile: {zone}
"""

BIND_CONF = """\
options {{
    directory "{folder}"; listen-on {{ {address}; }}; listen-on-v6 {{ none; }}; pid-file none; session-keyfile none;
    recursion no; dnssec-validation no; allow-query {{ any; }}; notify no; minimal-responses yes;
    check-names primary ignore; zero-no-soa-ttl no;
}};
controls {{ }};
zone "{origin}" {{ type primary; file "{zone}"; }};
"""


@dataclass(frozen=True)
class Kind:
    program: str
    conf: str
    words: tuple  # after the program, before the name of the configuration
    address: str


KINDS = {
    "knot": Kind("/usr/sbin/knotd", KNOT_CONF, ("-c",), "127.0.53.31"),
    "nsd": Kind("/usr/sbin/nsd", NSD_CONF, ("-d", "-c"), "127.0.53.32"),
    "bind": Kind("/usr/sbin/named", BIND_CONF, ("-g", "-n", "1", "-c"), "127.0.53.33"),
}


def missing(name):
    """Why this peer cannot run here, or ''."""
    return "" if shutil.which(KINDS[name].program) else f"{KINDS[name].program} is not installed"


class Peer(Process):
    """One of KINDS with the zone `text`, at port 53 of its own address."""

    def __init__(self, box, name, text, origin=NAME):
        kind = KINDS[name]
        self.address = kind.address
        label = f"peer-{name}"
        folder = box.folder(label)
        zone = box.write(f"{label}/zone", text)
        text = kind.conf.format(folder=folder, address=kind.address, zone=zone, origin=origin)
        conf = box.write(f"{label}/conf", text)
        super().__init__([servers.copied(box, kind.program), *kind.words, conf], box.log(label), user=box.user)
        box.know(self)

    def up(self):
        netns.add_address(self.address)
        self.start()
        with dns.Asker(self.address, timeout_s=0.2) as asker:
            self.wait_for(lambda: asker.addresses(NAME), 20, "the address of its zone")
        return self


def ours(box, address, port, **settings):
    """dnsd with the same zone, and a pool beside it that no peer has: POOL and every name below it."""
    box.write("rich.zone", ZONE)
    return Dnsd(box, address, [NODE], port=port, probe={"port": 9}, identity="the judged",
                zone={"file": "rich.zone", "ns": {"ns1": ["192.0.2.53"]}},
                pool={"names": [POOL, f"*.{POOL}"]}, **settings)
