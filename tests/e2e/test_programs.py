"""How the programs live in a system: whom they run as, what they ask of the kernel, the probe command."""

import json
import os
import re
import shutil
import signal
import subprocess

import pytest
from conftest import ADDRESSES, PROGRAMS, SANITIZED
from kit.pool import NAME
from kit.process import until

UDP_CALLS = {"recvmmsg", "sendmmsg", "poll"}


@pytest.mark.smoke
def test_an_ordinary_user_is_enough(pool, box):
    if box.user is None:
        pytest.skip("the whole run is an ordinary user's already")
    for process in [pool.dnsd, *pool.nodes]:
        assert os.stat(f"/proc/{process.pid}").st_uid == box.user, process.name


def traced_calls(path):
    """{thread: names of its system calls} of an `strace -f -o` file."""
    calls = {}
    for line in path.read_text().splitlines():
        if found := re.match(r"(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed)", line):
            calls.setdefault(int(found[1]), set()).add(found[2])
    return calls


@pytest.mark.skipif(SANITIZED, reason="a sanitizer makes system calls of its own")
def test_a_query_costs_three_system_calls(pool, box, figures):
    """The thread that answers UDP receives, sends and waits, and does nothing else."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    trace = box.path("dnsd.strace")
    strace = subprocess.Popen(["strace", "-f", "-o", trace, "-p", str(pool.dnsd.pid)], stderr=subprocess.PIPE, text=True)
    try:
        first = strace.stderr.readline()
        if "attached" not in first:
            pytest.skip(f"ptrace is not permitted here: {first.strip()}")
        with pool.dnsd.asker() as asker:
            until(lambda: asker.addresses(NAME) and trace.read_text().count("sendmmsg") >= 200, 30, "200 traced answers",
                  step_s=0)
    finally:
        if strace.poll() is None:
            strace.send_signal(signal.SIGINT)
        strace.stderr.close()
        strace.wait(10)
    artefact = {"restart_syscall"}  # how strace shows a call that it interrupted itself
    calls = [names - artefact for names in traced_calls(trace).values() if "recvmmsg" in names]
    assert calls and all(names <= UDP_CALLS for names in calls)
    figures(f"system calls of the answering threads: {' '.join(sorted(set().union(*calls)))}")


def test_a_second_build_compiles_nothing():
    if not (PROGRAMS.parent / "build.ninja").exists():
        pytest.skip("the programs were built elsewhere")
    done = subprocess.run(["cmake", "--build", PROGRAMS.parent], capture_output=True, text=True, check=True)
    assert "no work to do" in done.stdout, done.stdout


@pytest.mark.smoke
def test_dnsd_stops_at_sigterm(pool):
    pool.dnsd.child.terminate()
    assert pool.dnsd.reap(10) == 0
    pool.dnsd.up()
    assert sorted(pool.dnsd.addresses()) == ADDRESSES


def test_dnsd_killed_starts_again(pool):
    """Its sockets and its control socket do not stand in its own way."""
    pool.dnsd.kill()
    pool.dnsd.reap()
    pool.dnsd.up()
    pool.dnsd.wait_addresses(ADDRESSES)


@pytest.mark.smoke
def test_probe_of_a_good_node(pool, run):
    done = run("probe", f"{ADDRESSES[0]}:9000", "--preset", "s3node")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^  UP +\d+\.\d+ ms ", done.stdout, re.M)
    told = run("probe", f"{ADDRESSES[0]}:9000", "--preset", "s3node", "--json")
    assert told.returncode == 0 and json.loads(told.stdout)


@pytest.mark.smoke
@pytest.mark.parametrize("words, code, says", [
    (["127.0.1.99:9000"], 1, "refused"),
    ([f"{ADDRESSES[0]}:9000", "--preset", "s3nod"], 2, "s3node"),
    ([], 2, "help"),
])
def test_probe_of_what_is_not_there(pool, run, words, code, says):
    done = run("probe", *words)
    assert done.returncode == code and says in done.stdout + done.stderr
