"""The demo: three s3nodes on one directory and a dnsd, as an ordinary user on loopback addresses; real dig, real
curl, a crash and a crowd. It checks every claim it makes; times may take ten times their goal and are shown.

    ./run demo          the show, then it stays up until Ctrl-C
    ./run demo --once   the show alone; exit code 0 if every claim held, else 1
"""

import contextlib
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit import dns, http  # noqa: E402
from kit.box import TOP, Box  # noqa: E402
from kit.crowd import Crowd, raise_file_limit  # noqa: E402
from kit.pool import NAME, Dnsd, S3Node  # noqa: E402
from kit.process import until  # noqa: E402

ADDRESSES = ["127.0.1.1", "127.0.1.2", "127.0.1.3"]
NAME_SERVER = "127.0.0.1"
SECRET = secrets.token_hex(8)  # of this demo only
PATIENCE = 10  # a machine that does other things may take so many times a goal
CRASH_GOAL_MS, FULL_GOAL_MS, START_GOAL_MS = 50, 1000, 2000
FULL, RESUME = 1536, 1024


class Screen:
    """A timeline: seconds since the start, then what happened. Colours on a terminal only."""

    def __init__(self, out, paced):
        self.out = out
        self.paced = paced and out.isatty()
        self.colour = out.isatty() and "NO_COLOR" not in os.environ
        self.began = time.monotonic()
        self.broken = []

    def paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.colour else text

    def line(self, text=""):
        print(text, file=self.out, flush=True)

    def chapter(self, title):
        if self.paced:
            time.sleep(1)  # for the reader, not for the programs
        self.line()
        self.line(self.paint("1", title))

    def event(self, text, mark=" "):
        self.line(f"{self.paint('2', f'{time.monotonic() - self.began:6.1f} s')} {mark} {text}")

    def command(self, words):
        self.event(self.paint("36", "$ " + shlex.join(words)))

    def output(self, text):
        for line in text.rstrip("\n").splitlines():
            self.line(f"{'':11}{line}")

    def claim(self, true, text):
        """A claim that was checked; a broken one is remembered."""
        self.event(text, self.paint("32", "✓") if true else self.paint("31", "✗"))
        if not true:
            self.broken.append(text)


def adapted(file, changes):
    """An example of zones/ with its addresses and paths changed for this machine; every change must find its
    place exactly once, so that the demo follows the example."""
    text = (TOP / "zones" / file).read_text()
    for pattern, replacement in changes:
        text, count = re.subn(pattern, lambda _, by=replacement: by, text, flags=re.M)
        assert count == 1, f"zones/{file}: {pattern!r} is there {count} times"
    return text


def s3node_text(box, address, port):
    return adapted("s3node.yaml", [
        (r"^listen: \S+", f'listen: ["{address}:{port}"]'),
        (r"^root: \S+", f"root: {box.path('data')}"),
        (r"^drain: \S+", "drain: 100ms"),
    ])


def dnsd_text(box, port, admin_port, node_port):
    return adapted("dnsd.yaml", [
        (r"^listen: \[.*\]", f'listen: ["{NAME_SERVER}:{port}"]'),
        (r"^threads: \S+", "threads: 1"),
        (r"^admin: \S+", f'admin: "{NAME_SERVER}:{admin_port}"'),
        (r"^control: \S+", f"control: {box.path('dnsd.sock')}"),
        (r"^state: \S+", f"state: {box.path('dnsd.state')}"),
        (r"^    ns: \{.*\}", f"    ns: {{ns1: [{NAME_SERVER}]}}"),
        (r"^    file: \S+", f"    file: {TOP / 'zones/s3.example.com.zone'}"),
        (r"^    nodes:\n(?:      - .*\n)+", f"    nodes: [{', '.join(ADDRESSES)}]\n"),
        (r"^    policy: \w+", "    policy: rotate"),
        (r"(?<=preset: s3node, )port: \d+", f"port: {node_port}"),
    ])


def free_port(preferred, addresses, kinds):
    """The first port from `preferred` on that is free on all these addresses."""
    for port in range(preferred, preferred + 200):
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for address in addresses:
                for kind in kinds:
                    taken = held.enter_context(socket.socket(socket.AF_INET, kind))
                    if kind == socket.SOCK_STREAM:  # connections of an earlier run that linger do not hold a port
                        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    taken.bind((address, port))
            return port
    sys.exit(f"demo: no free port between {preferred} and {preferred + 199}")


@dataclass
class Demo:
    screen: Screen
    box: Box
    nodes: list
    dnsd: Dnsd

    def at(self, address):
        return next(node for node in self.nodes if node.address == address)

    # --- commands that a person can repeat ---

    def dig(self, *words):
        return ["dig", f"@{NAME_SERVER}", "-p", str(self.dnsd.port), "+short", *words]

    def curl(self, address, path, *words):
        port = self.nodes[0].port
        return ["curl", "-sS", *words, "--aws-sigv4", "aws:amz:us-east-1:s3", "-H",
                "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--user", f"app:{SECRET}", "--resolve", f"{NAME}:{port}:{address}",
                f"http://{NAME}:{port}{path}"]

    def run(self, words, show=True):
        if show:
            self.screen.command(words)
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
        if show or done.returncode:
            self.screen.output(done.stdout + done.stderr)
        return done.stdout

    def told(self, node, word):
        """Shows the record of a node once it says `word`; the records are made anew once a second at most."""
        self.dnsd.wait_for(lambda: word in self.dnsd.told_of(node.address), 10, f"{node.address} to be told as {word}")
        self.run(self.dig("TXT", f"{node.address}._pool.{NAME}"))

    def asker(self):
        return dns.Asker(NAME_SERVER, self.dnsd.port)

    # --- the chapters ---

    def start(self):
        self.screen.chapter("A pool starts")
        for node in self.nodes:
            node.up()
            self.screen.event(f"s3node on {node.address}:{node.port}, pid {node.pid}")
        began = time.monotonic()
        self.dnsd.up()
        self.dnsd.wait_addresses(ADDRESSES)
        took = 1000 * (time.monotonic() - began)
        self.screen.claim(took <= START_GOAL_MS * PATIENCE,
                          f"dnsd on {NAME_SERVER}:{self.dnsd.port} has checked them and answers after {took:.0f} ms")

    def rotation(self):
        self.screen.chapter("One name, and the nodes take turns")
        self.run(self.dig(NAME))
        self.run(self.dig(NAME))
        with self.asker() as asker:
            first = [asker.addresses(NAME)[0] for _ in range(300)]
        counts = [first.count(address) for address in ADDRESSES]
        self.screen.claim(max(counts) - min(counts) <= 1, f"of 300 answers, the nodes came first {', '.join(map(str, counts))} times")

    def states(self):
        self.screen.chapter("What the pool knows of its nodes")
        text = self.run(self.dig("TXT", f"_pool.{NAME}"))
        self.screen.claim(text.count("state=up") == 3, "three nodes, all up, each with its connections and its reason")

    def requests(self):
        self.screen.chapter("PUT through one node, GET through another")
        file = self.box.write("hello.txt", "hello from one node to all\n")
        one, other = [self.run(self.dig(NAME), show=False).split()[0] for _ in range(2)]
        if one == other:
            other = next(address for address in ADDRESSES if address != one)
        self.run(self.curl(one, "/demo", "-X", "PUT"))
        self.run(self.curl(one, "/demo/hello.txt", "-T", str(file)))
        got = self.run(self.curl(other, "/demo/hello.txt"))
        self.screen.claim(got == file.read_text(), f"written through {one}, read through {other}")

    def crash(self):
        self.screen.chapter("A node crashes")
        node = self.nodes[1]
        pid = node.pid
        with self.asker() as asker:
            moment = node.kill()
            last = asker.last_seen(NAME, node.address, within_s=30)
        took = max(1000 * (last - moment), 0)
        self.screen.command(["kill", "-9", str(pid)])
        self.screen.claim(took <= CRASH_GOAL_MS * PATIENCE,
                          f"{node.address} was last answered {took:.1f} ms after the kill (goal {CRASH_GOAL_MS} ms)")
        node.reap()
        self.run(self.dig(NAME))
        self.told(node, "state=down")
        node.up()
        self.screen.event(f"{node.address} is started again")
        self.dnsd.wait_addresses(ADDRESSES, 30)
        self.screen.claim(True, "and is back in the answers after two good checks")

    def crowd(self):
        self.screen.chapter("A node fills up")
        node = self.nodes[2]
        others = [address for address in ADDRESSES if address != node.address]
        with Crowd(node.address, node.port) as crowd:
            crowd.resize(FULL - 1)
            until(lambda: node.load()["conns"] == FULL - 1, 20, f"{FULL - 1} connections to be counted")
            self.screen.event(f"{FULL - 1} connections to {node.address}: it stays in the answers")
            crowd.resize(FULL)
            self.turn(f"one more, and {node.address} is out", others)
            self.told(node, "state=full")
            crowd.resize(RESUME)
            until(lambda: node.load()["conns"] == RESUME, 20, f"{RESUME} connections to be counted")
            self.dnsd.wait_for(lambda: f"load={RESUME}/" in self.dnsd.told_of(node.address), 20, "dnsd to hear of it")
            self.screen.claim(node.address not in self.dnsd.addresses(), f"with {RESUME} connections left it is still out")
            crowd.resize(RESUME - 1)
            self.turn(f"with {RESUME - 1} it is back", ADDRESSES)
            served = crowd.request_all(NAME)
            self.screen.claim(served == [403] * len(served),
                              f"its {len(served)} open connections were left alone: each one still gets its reply")

    def turn(self, what, expected):
        """Waits until exactly `expected` answer, and claims that it did not take long."""
        began = time.monotonic()
        self.dnsd.wait_addresses(expected, 30)
        took = 1000 * (time.monotonic() - began)
        self.screen.claim(took <= FULL_GOAL_MS * PATIENCE, f"{what}, after {took:.0f} ms (goal {FULL_GOAL_MS} ms)")

    def show(self):
        for chapter in (self.start, self.rotation, self.states, self.requests, self.crash, self.crowd):
            chapter()

    # --- and then it is yours ---

    def invitation(self):
        self.screen.chapter("Your turn; Ctrl-C ends it. A node that you kill is started again after 5 s.")
        dnsctl = str(self.box.program("dnsctl").relative_to(TOP))
        for words in (self.dig(NAME), self.dig("TXT", f"_pool.{NAME}"),
                      [dnsctl, "--socket", str(self.dnsd.control), "status"],
                      [dnsctl, "--socket", str(self.dnsd.control), "drain", ADDRESSES[0]],
                      [dnsctl, "--socket", str(self.dnsd.control), "enable", ADDRESSES[0]],
                      self.curl(ADDRESSES[0], "/demo/?list-type=2"),
                      self.curl(ADDRESSES[2], "/demo/hello.txt"),
                      ["curl", "-sS", f"http://{NAME_SERVER}:{self.dnsd.admin_port}/api/v1/pools"],
                      ["kill", "-9", str(self.nodes[0].pid)]):
            self.screen.line(f"{'':11}{self.screen.paint('36', shlex.join(words))}")
        self.screen.line(f"{'':11}status page: http://{NAME_SERVER}:{self.dnsd.admin_port}/")
        self.screen.line(f"{'':11}the objects: {self.nodes[0].root}")
        self.screen.line()

    def stay(self, over):
        """Tells what changes in the pool, and restarts nodes, until told to end."""
        told, restart_at = {}, {}
        while not over.wait(0.25):
            for node in self.nodes:
                now = time.monotonic()
                if node.alive():
                    restart_at.pop(node.address, None)
                elif now >= restart_at.setdefault(node.address, now + 5):
                    node.start()
                    self.screen.event(f"{node.address} is started again, pid {node.pid}")
            with contextlib.suppress(OSError, AssertionError, ValueError):
                self.tell_changes(told)

    def tell_changes(self, told):
        for node in http.get_json(NAME_SERVER, self.dnsd.admin_port, "/api/v1/pools")["pools"][0]["nodes"]:
            if told.get(node["name"], node["state"]) != node["state"]:
                self.screen.event(f"{node['name']} is {node['state']}: {node['reason']}")
            told[node["name"]] = node["state"]


def build(screen, box):
    """The programs of the demo, not yet started; ports are the usual ones or the next that are free."""
    port = free_port(9000, ADDRESSES, [socket.SOCK_STREAM])
    dns_port = free_port(5300, [NAME_SERVER], [socket.SOCK_DGRAM, socket.SOCK_STREAM])
    admin_port = free_port(8053, [NAME_SERVER], [socket.SOCK_STREAM])
    root = box.folder("data")
    nodes = [S3Node(box, address, root, port=port, text=s3node_text(box, address, port)) for address in ADDRESSES]
    dnsd = Dnsd(box, NAME_SERVER, name="dnsd", port=dns_port, admin_port=admin_port,
                text=dnsd_text(box, dns_port, admin_port, port))
    for node in nodes:
        node.env = {"APP_SECRET": SECRET}
    return Demo(screen, box, nodes, dnsd)


def play(screen, box, once):
    """The whole demo; true if every claim held."""
    over = threading.Event()
    demo = build(screen, box)
    try:
        demo.show()
        if not once:
            demo.invitation()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: over.set())
            demo.stay(over)
    except (TimeoutError, RuntimeError, OSError, AssertionError) as trouble:
        screen.claim(False, str(trouble))
    except KeyboardInterrupt:
        screen.line()
    return not screen.broken


def main(words):
    if words not in ([], ["--once"]):
        sys.exit("demo: usage: ./run demo [--once]")
    if raise_file_limit() < FULL + 200:
        sys.exit(f"demo: it opens {FULL} connections; raise the limit of open files first (ulimit -Hn)")
    once = words == ["--once"]
    screen = Screen(sys.stdout, paced=not once)
    screen.line(screen.paint("1", "s3pool") + f": one DNS name, {NAME}, for a pool of S3 servers; all of it on this machine")
    box = Box(TOP / "build/release/bin", label="s3pool-demo")
    try:
        good = play(screen, box, once)
    finally:
        screen.chapter("Stopping what was started")
        box.close()
        box.remove()
    screen.line("every claim held" if good else "did not hold: " + "; ".join(screen.broken))
    return 0 if good else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
