"""Programs under test: started with a log, waited for, signalled and stopped by their own process id."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

FINDING = re.compile(r"(?:Address|Thread|Leak|UndefinedBehavior)Sanitizer|runtime error:|Assertion .* failed")


def until(condition, within_s, what, step_s=0.01):
    """Calls `condition` until it returns something true, and returns that; TimeoutError names `what`."""
    deadline = time.monotonic() + within_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {within_s:g} s for {what}")
        time.sleep(step_s)


class Process:
    """One program. `user` is a numeric uid to run it as, None for our own; its output goes to `log`.
    `excused`: its exit code tells nothing any more, it was killed or its end was reported already."""

    def __init__(self, argv, log, user=None, env=None, cwd=None):
        self.argv = [str(word) for word in argv]
        self.log = Path(log)
        self.user = user
        self.env = env
        self.cwd = cwd
        self.child = None
        self.excused = False
        self.closed_at = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        who = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.cwd,
                                          env={**os.environ, **(self.env or {})}, start_new_session=True, **who)
        self.excused = False
        return self

    @property
    def pid(self):
        return self.child.pid

    @property
    def name(self):
        return self.log.stem

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def wait_for(self, condition, within_s, what):
        """Until `condition`; gives up at once when the program ends."""
        def ended_or_met():
            if not self.alive():
                self.excused = True
                raise RuntimeError(f"{self.name} ended with code {self.child.returncode}:\n{self.tail()}")
            return condition()
        try:
            return until(ended_or_met, within_s, f"{self.name}: {what}")
        except TimeoutError as late:
            raise TimeoutError(f"{late}\n{self.tail()}") from None

    def tail(self, lines=60):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def signal(self, number):
        self.child.send_signal(number)

    def kill(self):
        """kill -9, as a crash would be; returns when the moment was (monotonic seconds)."""
        self.excused = True
        moment = time.monotonic()
        self.child.kill()
        return moment

    def pause(self):
        moment = time.monotonic()
        self.child.send_signal(signal.SIGSTOP)
        return moment

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def reap(self, within_s=20):
        return self.child.wait(within_s)

    def stop(self, within_s=30):
        """SIGTERM, and the end that follows from it; returns the exit code."""
        if self.child is None or self.child.returncode is not None:
            return self.child and self.child.returncode
        self.resume()
        self.child.terminate()
        try:
            return self.child.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            self.reap()
            raise TimeoutError(f"{self.name} did not stop within {within_s} s of SIGTERM\n{self.tail()}") from None

    def findings(self):
        """What a sanitizer or an assert wrote, with what follows it; empty if nothing."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        found = FINDING.search(text)
        return text[max(found.start() - 200, 0):found.start() + 6000] if found else ""

    def close(self):
        """Stops it, and says so if it did not end well."""
        if self.child is None:
            return
        self.closed_at = time.time()
        code = self.stop()
        assert not self.findings(), f"{self.name}:\n{self.findings()}"
        assert self.excused or code == 0, f"{self.name} ended with code {code}\n{self.tail()}"

    def status_kib(self, key):
        """A line of /proc/PID/status in KiB: VmHWM is the most memory it ever had resident."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1))
