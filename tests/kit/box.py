"""Where one run lives: its folder, its programs, the user they run as, and everything that it started."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


class Box:
    """A folder of its own for configurations, sockets, logs and objects. With `user`, the programs run as that
    ordinary user, from copies that it can read."""

    def __init__(self, programs, user=None, label="s3pool"):
        self.base = Path(tempfile.mkdtemp(prefix=f"{label}-"))
        self.programs = Path(programs)
        self.user = pwd.getpwnam(user).pw_uid if user else None
        self.processes = []
        self.lasting = []
        self.base.chmod(0o755)
        if self.user is not None:
            shutil.copytree(self.programs, self.base / "bin")
            self.programs = self.base / "bin"
            self.own(self.base)

    def own(self, path):
        if self.user is not None:
            os.chown(path, self.user, self.user)
        return path

    def program(self, name):
        return self.programs / name

    def path(self, name):
        return self.base / name

    def log(self, name):
        return self.base / f"{name}.log"

    def write(self, name, text):
        path = self.base / name
        path.write_text(text)
        return self.own(path)

    def folder(self, name):
        path = self.base / name
        path.mkdir(exist_ok=True)
        return self.own(path)

    def know(self, process):
        """Remembers a program, so that it is stopped and its log is shown when something fails."""
        self.processes.append(process)

    def keep_since(self, mark):
        """What was started after `mark` programs were known stays until the end."""
        self.lasting += self.processes[mark:]
        del self.processes[mark:]

    def close_since(self, mark):
        """Closes what was started after `mark` programs were known, newest first; raises the first complaint."""
        complaints = []
        for process in reversed(self.processes[mark:]):
            try:
                process.close()
            except (AssertionError, TimeoutError) as complaint:
                complaints.append(complaint)
        if complaints:
            raise complaints[0]

    def close(self):
        self.close_since(0)
        self.processes, self.lasting = self.lasting, []
        self.close_since(0)

    def remove(self):
        shutil.rmtree(self.base, ignore_errors=True)
