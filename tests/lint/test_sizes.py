"""Small files and small functions (CONTRIBUTING.md)."""

from tree import c_files, read

LIMITS = {".c": 500, ".h": 200}
FUNCTION_LIMIT = 80


def long_files(sources):
    for path, text in sources.items():
        limit, lines = LIMITS["." + path.rsplit(".", 1)[1]], text.count("\n")
        if lines > limit:
            yield f"{path}: {lines} lines, at most {limit}"


def functions(text):
    """(first line, lines) of every function: with the project's layout its braces stand alone in column 0."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start + 1
            start = None


def long_functions(sources):
    for path, text in sources.items():
        for line, length in functions(text):
            if length > FUNCTION_LIMIT:
                yield f"{path}:{line}: a function of {length} lines, at most {FUNCTION_LIMIT}"


def tree():
    return {str(path): read(path) for path in c_files()}


def test_files_are_small():
    assert list(long_files(tree())) == []


def test_functions_are_small():
    assert list(long_functions(tree())) == []


def test_self_long_file_is_found():
    assert list(long_files({"a.c": "\n" * 501, "b.h": "\n" * 200})) == ["a.c: 501 lines, at most 500"]
    assert list(long_files({"a.c": "\n" * 500, "b.h": "\n" * 201})) == ["b.h: 201 lines, at most 200"]


def test_self_long_function_is_found():
    def body(lines):
        return "int f(void)\n{\n" + "    f();\n" * (lines - 2) + "}\n"
    assert list(long_functions({"a.c": body(81)})) == ["a.c:2: a function of 81 lines, at most 80"]
    assert not list(long_functions({"a.c": body(80) + body(80)}))
