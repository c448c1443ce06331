"""The files that the lints read: what git tracks, and what it would track."""

import subprocess
from functools import lru_cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


@lru_cache
def files():
    """Every file of the project as a path relative to its top, sorted."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP,
                            check=True, capture_output=True, text=True).stdout
    return sorted(Path(name) for name in set(listed.split("\0")) if name and (TOP / name).is_file())


def c_files():
    return [path for path in files() if path.suffix in (".c", ".h")]


def text_files():
    """Files for people: not the fuzzers' inputs, nothing with a NUL byte."""
    return [path for path in files()
            if path.parts[:3] != ("tests", "fuzz", "corpus") and b"\0" not in (TOP / path).read_bytes()]


def read(path):
    return (TOP / path).read_text(encoding="utf-8", errors="replace")
