"""What no text file of the project may hold: stray blanks, paths of one machine, notes to oneself."""

import re

from tree import TOP, read, text_files

RULES = [
    ("blank at the end of a line", re.compile(r"[ \t]+$", re.M)),
    ("carriage return", re.compile(r"\r")),
    ("no newline at the end", re.compile(r"[^\n]\Z")),
    ("blank line at the end", re.compile(r"\n\n\Z")),
    ("a home folder", re.compile(r"(?:/home/[a-z]|/root/|/Users/)[\w.]")),
    ("this checkout's path", re.compile(r"(?<![\w.])" + re.escape(str(TOP)) + r"\b")),
    ("a note to oneself", re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")),
    ("a merge left behind", re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.M)),
]


def findings(path, text):
    for what, rule in RULES:
        for hit in rule.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {what}"


def test_text_is_clean():
    assert [hit for path in text_files() for hit in findings(path, read(path))] == []


def test_self_each_rule_finds_its_fault():
    faults = ["a \n", "a\r\n", "a", "a\n\n", "/ho" "me/joe\n", f"{TOP}/x\n", "// FIX" "ME\n", "<" * 7 + " a\n"]
    for (what, _), fault in zip(RULES, faults, strict=True):
        assert f"f:1: {what}" in list(findings("f", fault)), what


def test_self_clean_text_passes():
    assert not list(findings("f", "one\n\ntwo /home/ three\n"))
