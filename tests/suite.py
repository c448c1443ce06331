"""Runs the suites one after the other and counts: what `./run test` and `./run soak` do after the dependencies.

Every suite is a row of a table. Failures are printed with their output as they happen; the last line is
`N passed, N failed, N skipped`, and the exit code is 0 only if nothing failed.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
REPORTS = TOP / "build" / "reports"
PROGRAM_LIMIT_S = 300  # one unit test program, corpus replay or scenario run

# Sanitizers stop at the first finding, and nothing is suppressed.
SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


@dataclass
class Tally:
    """What a suite counted, and the texts of what failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def fail(self, name, output):
        self.failed += 1
        self.failures.append(f"FAILED {name}\n{output.strip()}")

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@cache
def prefix(preset):
    """ThreadSanitizer needs its addresses where it expects them; kernels that randomise more are asked not to."""
    fixed = ["setarch", "-R"]
    works = preset == "tsan" and subprocess.run([*fixed, "true"], capture_output=True, check=False).returncode == 0
    return fixed if works else []


def execute(preset, argv, env):
    """Runs one program to its end: (exit code, its output)."""
    try:
        done = subprocess.run([*prefix(preset), *argv], cwd=TOP, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=PROGRAM_LIMIT_S)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return -1, f"{late.output or ''}\nstill running after {PROGRAM_LIMIT_S} s"


def count_lines(tally, name, code, output, passed, failed, skipped):
    """Counts the result lines of one program; a program that died without one counts as a failure."""
    lines = output.splitlines()
    bad = sum(failed(line) for line in lines)
    tally.passed += sum(passed(line) for line in lines)
    tally.skipped += sum(skipped(line) for line in lines)
    if bad or code != 0:
        tally.fail(name, f"{output}\n(exit code {code})")
        tally.failed += max(bad, 1) - 1


def run_unit(preset, pattern):
    """cmocka programs; each test is one line of TAP."""
    tally = Tally()
    programs = sorted((TOP / "build" / preset / "unit").glob("unit_*"))
    programs = [p for p in programs if pattern in p.name]

    def one(program):
        return program.name, *execute(preset, [program], {**SANITIZER_ENV, "CMOCKA_MESSAGE_OUTPUT": "TAP"})

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, code, output in pool.map(one, programs):
            count_lines(tally, name, code, output,
                        passed=lambda line: line.startswith("ok "),
                        failed=lambda line: line.startswith("not ok ") and "# SKIP" not in line,
                        skipped=lambda line: line.startswith("not ok ") and "# SKIP" in line)
    return tally


def run_scenario(preset, pattern):
    """Stories against the real steering logic; one line each."""
    tally = Tally()
    runner = TOP / "build" / preset / "bin" / "scenario"
    stories = sorted((TOP / "tests" / "scenario").glob("*.yaml"))
    stories = [s.relative_to(TOP) for s in stories if pattern in s.name]
    if stories:
        code, output = execute(preset, [runner, *stories], SANITIZER_ENV)
        count_lines(tally, "scenario", code, output,
                    passed=lambda line: line.startswith("ok "),
                    failed=lambda line: line.startswith("FAIL "),
                    skipped=lambda line: False)
    return tally


def run_corpus(preset, pattern):
    """Every fuzz target over its saved inputs."""
    tally = Tally()
    programs = sorted((TOP / "build" / preset / "fuzz").glob("fuzz_*"))
    for program in (p for p in programs if pattern in p.name):
        corpus = TOP / "tests" / "fuzz" / "corpus" / program.name.removeprefix("fuzz_")
        code, output = execute(preset, [program, corpus], SANITIZER_ENV)
        if code == 0:
            tally.passed += 1
        else:
            tally.fail(program.name, f"{output}\n(exit code {code})")
    return tally


def run_pytest(folder, preset, options):
    """A pytest run, shown as it goes; counted from its report."""
    report = REPORTS / f"{folder}-{preset}.xml"
    report.unlink(missing_ok=True)
    env = {**os.environ, **SANITIZER_ENV, "S3POOL_BIN": str(TOP / "build" / preset / "bin"),
           "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*prefix(preset), sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "tests/pytest.ini",
               "--rootdir=tests", f"--junitxml={report}", f"tests/{folder}", *options]
    code = subprocess.run(command, cwd=TOP, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    tally = Tally()
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):
            total, bad, skipped = (int(suite.get(k)) for k in ("tests", "failures", "skipped"))
            bad += int(suite.get("errors"))
            tally.passed, tally.failed, tally.skipped = total - bad - skipped, bad, skipped
    if code not in (0, 1, 5) or (code == 1 and tally.failed == 0):  # 5: the pattern selected nothing
        tally.fail(f"pytest {folder}", f"pytest itself ended with code {code}")
    return tally


def run_lint(_, pattern):
    return run_pytest("lint", "tree", ["-k", pattern] if pattern else [])


def run_e2e(preset, pattern):
    return run_pytest("e2e", preset, ["-m", "not soak", *(["-k", pattern] if pattern else [])])


def run_smoke(preset, pattern):
    return run_pytest("e2e", preset, ["-m", "smoke", *(["-k", pattern] if pattern else [])])


def run_soak(preset, pattern):
    return run_pytest("e2e", preset, ["-m", "soak", *(["-k", pattern] if pattern else [])])


# In the order in which they run: what it is called, the build it needs, how it runs.
SUITES = [
    ("lint", None, run_lint),
    ("unit", "release", run_unit),
    ("scenario", "release", run_scenario),
    ("corpus", "release", run_corpus),
    ("e2e", "release", run_e2e),
    ("sanitize", "asan", run_unit),
    ("sanitize", "asan", run_scenario),
    ("sanitize", "asan", run_corpus),
    ("sanitize", "asan", run_smoke),
    ("sanitize", "tsan", run_unit),
    ("sanitize", "tsan", run_scenario),
    ("sanitize", "tsan", run_corpus),
    ("sanitize", "tsan", run_smoke),
]
SOAK = [("soak", "release", run_soak)]


def choose(verb, what):
    """The rows to run and the name pattern: `what` names a suite, or is part of a test's name."""
    rows = SOAK if verb == "soak" else SUITES
    named = [row for row in rows if row[0] == what]
    if named or not what:
        return named or rows, ""
    return [row for row in rows if row[0] != "sanitize"], what


def build(preset, built):
    """Builds a preset once; returns its failure as a tally, or None."""
    if preset is None:
        built[preset] = True
    if preset not in built:
        print(f"== build {preset}", flush=True)
        code = subprocess.run(["./run", "build", preset], cwd=TOP, stdin=subprocess.DEVNULL, check=False).returncode
        built[preset] = code == 0
        if code != 0:
            tally = Tally()
            tally.fail(f"build {preset}", "the compiler's words are above")
            return tally
    return None


def report(title, tally, started):
    for text in tally.failures:
        print(text, flush=True)
    print(f"== {title}: {tally} in {time.monotonic() - started:.1f} s", flush=True)


def main(verb, what=""):
    rows, pattern = choose(verb, what)
    REPORTS.mkdir(parents=True, exist_ok=True)
    total, built = Tally(), {}
    for name, preset, runner in rows:
        started = time.monotonic()
        broken = build(preset, built)
        if broken:
            report(f"build {preset}", broken, started)
            total.add(broken)
        if not built[preset]:
            continue
        started = time.monotonic()
        title = name if preset in (None, "release") else f"{name}: {preset} {runner.__name__.removeprefix('run_')}"
        print(f"== {title}", flush=True)
        tally = runner(preset, pattern)
        report(title, tally, started)
        total.add(tally)
    nothing = not total.passed and not total.failed and not total.skipped
    if nothing:
        print(f"no test is called {what!r}")
    print(total)
    return 1 if total.failed or nothing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
