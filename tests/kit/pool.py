"""The programs of the project as the tests and the demo start them: nodes on one directory, a name server."""

import json
from pathlib import Path

from kit import dns, http
from kit.process import Process

NAME = "s3.example.com"
KEY = {"access_key": "app", "secret_key": "app-secret-for-tests-only-0123456789"}
READY_S = 20


def as_yaml(settings):
    """JSON is YAML, so settings need no writer of their own."""
    return json.dumps(settings, indent=2) + "\n"


class S3Node(Process):
    """s3node on one address. Its configuration is `text`, or settings of our own with `config` over them."""

    def __init__(self, box, address, root, port=9000, name=None, text=None, **config):
        self.address, self.port, self.root = address, port, Path(root)
        name = name or f"s3node-{address}"
        settings = {"listen": [f"{address}:{port}"], "root": str(root), "drain": "100ms", "domains": [NAME],
                    "keys": [{**KEY, "buckets": ["*"], "mode": "readwrite"}], **config}
        self.config = box.write(f"{name}.yaml", text or as_yaml(settings))
        super().__init__([box.program("s3node"), "--config", self.config], box.log(name), user=box.user)
        box.know(self)

    def up(self):
        """Started and ready."""
        self.start()
        self.wait_for(lambda: http.answers(self.address, self.port, "/-/ready"), READY_S, "200 from /-/ready")
        return self

    def load(self):
        return http.get_json(self.address, self.port, "/-/load")


class Dnsd(Process):
    """dnsd on one address. Its configuration is `text`, or one zone and one pool over `nodes` with a few keys
    changed."""

    def __init__(self, box, address, nodes=(), name=None, port=53, admin_port=8053, ttl="1s", policy="rotate",
                 answers=8, probe=None, pool=None, zone=None, text=None, **config):
        self.address, self.port, self.admin_port = address, port, admin_port
        self.box = box
        name = name or f"dnsd-{address}"
        self.control = box.path(f"{name}.sock")
        self.settings = {
            "listen": [f"{address}:{port}"], "threads": 2, "admin": f"{address}:{admin_port}",
            "control": str(self.control), "state": str(box.path(f"{name}.state")),
            "zones": {NAME: {"ns": {"ns1": [address]}, "contact": "hostmaster.example.com", "serial": 1,
                             **(zone or {})}},
            "pools": {"s3": {"nodes": list(nodes), "names": [NAME, f"*.{NAME}"], "ttl": ttl, "policy": policy,
                             "answers": answers, "probe": {"preset": "s3node", "port": 9000, **(probe or {})},
                             **(pool or {})}},
            **config}
        self.config = box.write(f"{name}.yaml", text or as_yaml(self.settings))
        super().__init__([box.program("dnsd"), "--config", self.config], box.log(name), user=box.user)
        box.know(self)

    def write_config(self):
        """After a change of the settings."""
        self.box.write(self.config.name, as_yaml(self.settings))

    def up(self):
        """Started and ready: the first probe round is done."""
        self.start()
        self.wait_for(self.ready, READY_S, "200 from /ready")
        return self

    def ready(self):
        return http.answers(self.address, self.admin_port, "/ready")

    def asker(self, **options):
        return dns.Asker(self.address, self.port, **options)

    def addresses(self, name=NAME):
        with self.asker() as asker:
            return asker.addresses(name)

    def wait_addresses(self, expected, within_s=15):
        """Until the answers hold exactly these addresses, in any order."""
        return self.wait_for(lambda: set(self.addresses()) == set(expected), within_s,
                             f"answers with exactly {sorted(expected)}")

    def told_of(self, node):
        """The record of one node, as `dig TXT NODE._pool.NAME` shows it; empty when there is none."""
        with self.asker() as asker:
            reply = asker.ask(f"{node}._pool.{NAME}", dns.TXT)
            return reply.texts[0] if reply and reply.texts else ""

    def summary(self):
        """The summary record of the pool: `pool=s3 up=3 full=0 down=0 ...`."""
        with self.asker() as asker:
            reply = asker.ask(f"_pool.{NAME}", dns.TXT)
            return next((text for text in reply.texts if text.startswith("pool=")), "") if reply else ""

    def pools(self):
        return http.get_json(self.address, self.admin_port, "/api/v1/pools")
