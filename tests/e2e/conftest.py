"""One network, one box and one set of resolvers for the run; a pool of three nodes for each file of tests."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import boto3
import netns
import pytest
import servers
from botocore.config import Config

from kit.box import TOP, Box
from kit.crowd import raise_file_limit
from kit.pool import KEY, NAME, Dnsd, S3Node

ADDRESSES = ["127.0.1.1", "127.0.1.2", "127.0.1.3"]
PROGRAMS = Path(os.environ.get("S3POOL_BIN", TOP / "build/release/bin"))
SANITIZED = PROGRAMS.parent.name in ("asan", "tsan")

AS_ROOT = os.geteuid() == 0
NO_NETWORK = netns.enter()  # before any thread exists
if not NO_NETWORK and not netns.open_low_ports():
    NO_NETWORK = "port 53 cannot be opened to ordinary users, the kernel's settings are read-only"
DNS_PORT = 5353 if NO_NETWORK else 53
FIGURES = pytest.StashKey()
BOX = pytest.StashKey()


def pytest_configure(config):
    config.stash[FIGURES] = []
    raise_file_limit()


def pytest_terminal_summary(terminalreporter, config):
    if config.stash[FIGURES]:
        terminalreporter.section("figures")
        for line in config.stash[FIGURES]:
            terminalreporter.line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure brings the ends of the logs of everything that runs."""
    report = yield
    box = item.config.stash.get(BOX, None)
    if report.failed and box:
        for process in box.processes + (box.lasting if "resolver" in item.fixturenames else []):
            if process.alive() or (process.closed_at or 0) >= call.start:
                report.sections.append((f"log of {process.name}", process.tail(15)))
    return report


@pytest.fixture
def figures(request):
    """Writes a line that is shown at the end of the run, passed or failed."""
    return request.config.stash[FIGURES].append


@pytest.fixture(scope="session")
def box(request):
    box = Box(PROGRAMS, user="nobody" if AS_ROOT else None, label="s3pool-e2e")
    request.config.stash[BOX] = box
    yield box
    try:
        box.close()
    finally:
        box.remove()


@pytest.fixture(scope="module", autouse=True)
def closing(box):
    """Everything that a file of tests started is stopped after it, and must have ended well."""
    mark = len(box.processes)
    yield
    box.close_since(mark)


@pytest.fixture(scope="session")
def network():
    """A network of our own, with port 53."""
    if NO_NETWORK:
        pytest.skip(f"no network of our own here: {NO_NETWORK}")


@pytest.fixture(scope="session")
def resolver(box, network):
    """The resolver of this run; names resolve through it, for every client that asks the system."""
    mark = len(box.processes)
    unbound = servers.start_all(box)
    box.keep_since(mark)
    netns.resolve_with(box, unbound.address)
    return unbound


@dataclass
class Pool:
    box: Box
    root: Path
    nodes: list
    dnsd: Dnsd

    def at(self, address):
        return next(node for node in self.nodes if node.address == address)

    def whole(self):
        """Every node runs, and every node is in the answers."""
        for node in self.nodes:
            if not node.alive():
                node.up()
        self.dnsd.wait_addresses({node.address for node in self.nodes}, 30)
        return self


def make_pool(box, label, node_settings, dnsd_settings):
    root = box.folder(f"{label}-root")
    nodes = [S3Node(box, address, root, name=f"{label}-{address}", **node_settings) for address in ADDRESSES]
    for node in nodes:
        node.up()
    dnsd = Dnsd(box, servers.DNSD, ADDRESSES, name=f"{label}-dnsd", port=DNS_PORT, **dnsd_settings).up()
    return Pool(box, root, nodes, dnsd)


@pytest.fixture(scope="module")
def running_pool(box, closing, request):
    """Three nodes on one directory and a name server for them, as this file of tests wants them (NODE, POOL)."""
    module = request.module
    return make_pool(box, module.__name__, getattr(module, "NODE", {}), getattr(module, "POOL", {}))


@pytest.fixture
def pool(running_pool):
    return running_pool.whole()


def client(endpoint, secret=KEY["secret_key"], access=KEY["access_key"], **options):
    """A boto3 client as it is: its default retries, and the bucket in the host name where there is a name."""
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=access,
                        aws_secret_access_key=secret, config=Config(**options))


@pytest.fixture
def s3():
    """Makes boto3 clients, and closes their connections after the test."""
    made = []

    def make(*words, **options):
        made.append(client(*words, **options))
        return made[-1]
    yield make
    for each in made:
        each.close()


@pytest.fixture
def scratch(box):
    """A folder of this test's own, gone with the box."""
    return Path(tempfile.mkdtemp(prefix="scratch-", dir=box.base))


@pytest.fixture
def aws(scratch):
    """Runs the AWS command line with its defaults; returns what it printed."""
    command = TOP / "build/venv/bin/aws"
    nowhere = str(scratch / "no-such-file")  # nobody's own settings
    env = {**os.environ, "AWS_ACCESS_KEY_ID": KEY["access_key"], "AWS_SECRET_ACCESS_KEY": KEY["secret_key"],
           "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": nowhere,
           "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_PAGER": ""}

    def run(*words):
        done = subprocess.run([command, "--endpoint-url", f"http://{NAME}:9000", *map(str, words)], env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, f"aws {' '.join(map(str, words))}: code {done.returncode}\n{done.stderr}"
        return done.stdout
    return run


@pytest.fixture
def run(box):
    """Runs one of our programs to its end, as the user of the box."""
    who = {} if box.user is None else {"user": box.user, "group": box.user, "extra_groups": []}

    def once(program, *words, env=None, within_s=30):
        return subprocess.run([box.program(program), *map(str, words)], env={**os.environ, **(env or {})},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within_s, check=False,
                              **who)
    return once


@pytest.fixture
def dig():
    """Runs the real dig; returns what it printed."""
    def ask(server, *words, port=DNS_PORT):
        done = subprocess.run(["dig", f"@{server}", "-p", str(port), "+tries=1", "+time=3", *words],
                              capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return ask
