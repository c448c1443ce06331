"""docs/conformance.md promises tests: each one that it names must be there."""

import re

from tree import TOP, files, read

PAGE = (TOP / "docs" / "conformance.md").read_text()


def promised(page):
    """The names of tests, of files and of groups of a table in the third column of the rules, as one set."""
    rules = page.split("## Rules with a test", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[3] for line in rules.splitlines() if line.startswith("| ") and "---" not in line]
    return {name for cell in cells for name in re.findall(r"\b\w+_\w+\b|\b[A-Z]{4,}\b", cell)}


def absent(names, sources):
    text = "\n".join(sources.values())
    stems = {path.rsplit("/", 1)[-1].split(".")[0] for path in sources}
    return sorted(name for name in names if name not in stems and not re.search(rf"\b{name}\b", text))


def test_each_test_of_the_page_exists():
    tests = {str(path): read(path) for path in files() if path.parts[0] == "tests" and path.suffix in (".c", ".py")}
    assert len(promised(PAGE)) > 40
    assert absent(promised(PAGE), tests) == []


def test_self_absent_test_is_found():
    page = "## Rules with a test\n| rule | dnsd | test | others |\n|---|---|---|---|\n| a | b | no_such_thing | c |\n## End\n"
    assert absent(promised(page), {"tests/a.py": "def such_thing(): pass"}) == ["no_such_thing"]
