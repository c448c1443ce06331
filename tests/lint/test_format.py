"""Layout and spelling, by the tools that own them: clang-format, codespell, mandoc, bash."""

import subprocess

import pytest
from tree import TOP, c_files, files, text_files


def complaints(argv, stdin=None):
    """What a checking tool says; empty if it is content."""
    done = subprocess.run(argv, cwd=TOP, input=stdin, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


CLANG_FORMAT = ["clang-format-14", "--dry-run", "-Werror"]
CODESPELL = ["codespell", "--ignore-words", "tests/lint/words.txt"]
MANDOC = ["mandoc", "-T", "lint", "-W", "warning"]


def test_c_layout():
    assert complaints([*CLANG_FORMAT, *c_files()]) == ""


def test_spelling():
    assert complaints([*CODESPELL, *text_files()]) == ""


def test_manual_pages():
    pages = [path for path in files() if path.suffix in (".1", ".5", ".8") and path.parts[0] != "tests"]
    assert pages
    assert complaints([*MANDOC, *pages]) == ""


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_shell_syntax(script):
    assert complaints(["bash", "-n", script]) == ""


def test_self_bad_layout_is_found():
    assert complaints([*CLANG_FORMAT, "--assume-filename=a.c"], "int  f( void ){return 1 ;}\n")


def test_self_bad_spelling_is_found():
    misspelt = "rec" + "ieve"
    assert complaints([*CODESPELL, "-"], f"we {misspelt} it\n")


def test_self_bad_manual_page_is_found():
    assert complaints(MANDOC, ".Dd today\n.Dt X 8\n.Os\n.Sh NAME\n.Nm x\n.Bl\n")
