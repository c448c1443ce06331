"""The DNS around us: BIND as the root and the parent zones, unbound as the resolver of the clients.

    .             127.0.53.1   delegates com
    example.com   127.0.53.2   delegates s3.example.com to dnsd, with glue
    resolver      127.0.53.3   knows only the root
    dnsd          127.0.53.10
"""

import shutil

import netns

from kit import dns
from kit.process import Process

ROOT, PARENT, RESOLVER, DNSD = "127.0.53.1", "127.0.53.2", "127.0.53.3", "127.0.53.10"

HEAD = "$TTL 60\n@ SOA {ns} hostmaster.example.com. 1 60 60 600 1\n@ NS {ns}\n"
ROOT_ZONE = HEAD.format(ns="a.root.") + f"a.root. A {ROOT}\ncom. NS ns.com.\nns.com. A {PARENT}\n"
COM_ZONE = HEAD.format(ns="ns.com.") + f"ns A {PARENT}\nexample NS ns.example\nns.example A {PARENT}\n"
EXAMPLE_ZONE = HEAD.format(ns="ns.example.com.") + f"""\
ns     A  {PARENT}
www    A  192.0.2.80
s3     NS ns1.s3
ns1.s3 A  {DNSD}
"""

NAMED_CONF = """\
options {{
    directory "{folder}"; listen-on {{ {address}; }}; listen-on-v6 {{ none; }}; pid-file none;
    session-keyfile none; recursion no; dnssec-validation no; allow-query {{ any; }}; notify no;
    {options}
}};
controls {{ }};
"""

UNBOUND_CONF = """\
server:
    interface: {address}
    access-control: 127.0.0.0/8 allow
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    do-ip6: no
    num-threads: 1
    module-config: "iterator"
    do-not-query-localhost: no
    rrset-roundrobin: no
    root-hints: "{folder}/root.hints"
remote-control:
    control-enable: no
"""


def copied(box, path):
    """A copy of a system daemon: a confinement profile is bound to the path and would not let it read our files."""
    copy = box.folder("system") / path.rsplit("/", 1)[1]
    if not copy.exists():
        shutil.copy(path, copy)
    return copy


class Named(Process):
    """BIND, authoritative for `zones` ({origin: text}), with more `options` in its configuration."""

    def __init__(self, box, name, address, zones, options=""):
        self.address, self.zones = address, zones
        folder = box.folder(name)
        conf = NAMED_CONF.format(folder=folder, address=address, options=options)
        for number, (origin, text) in enumerate(zones.items()):
            zone = box.write(f"{name}/zone{number}", text)
            conf += f'zone "{origin}" {{ type primary; file "{zone}"; }};\n'
        file = box.write(f"{name}/named.conf", conf)
        super().__init__([copied(box, "/usr/sbin/named"), "-g", "-n", "1", "-c", file], box.log(name), user=box.user)
        box.know(self)

    def up(self):
        netns.add_address(self.address)
        self.start()
        with dns.Asker(self.address, timeout_s=0.2) as asker:
            self.wait_for(lambda: asker.ask("ready.example.com"), 20, "an answer")
        return self


class Unbound(Process):
    """unbound, a caching resolver that begins at our root."""

    def __init__(self, box, name="unbound", address=RESOLVER):
        self.address = address
        folder = box.folder(name)
        box.write(f"{name}/root.hints", f". 3600 NS a.root.\na.root. 3600 A {ROOT}\n")
        conf = box.write(f"{name}/unbound.conf", UNBOUND_CONF.format(folder=folder, address=address))
        super().__init__([copied(box, "/usr/sbin/unbound"), "-d", "-c", conf], box.log(name), user=box.user)
        box.know(self)

    def up(self):
        self.start()
        with dns.Asker(self.address, timeout_s=0.5) as asker:
            self.wait_for(lambda: asker.addresses("www.example.com"), 20, "the address of www.example.com")
        return self


def start_all(box):
    """Root, parent and resolver; returns the resolver."""
    Named(box, "named-root", ROOT, {".": ROOT_ZONE}).up()
    Named(box, "named-parent", PARENT, {"com": COM_ZONE, "example.com": EXAMPLE_ZONE}).up()
    return Unbound(box).up()
