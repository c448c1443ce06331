"""Rooms and floors: an include goes down only, and every third-party header has one owner (CONTRIBUTING.md)."""

import re
from pathlib import Path

from tree import c_files, files, read

# The rooms that each room may include, itself left out; what those may see is seen as well.
BELOW = {
    "base": [],
    "probe": ["base"],
    "dnsd/wire": ["base"],
    "dnsd/data": ["dnsd/wire"],
    "dnsd/answer": ["dnsd/data"],
    "dnsd/steer": ["dnsd/data", "probe"],
    "dnsd/serve": ["dnsd/answer", "dnsd/steer"],
    "dnsd": ["dnsd/serve"],
    "s3node/wire": ["base"],
    "s3node/store": ["s3node/wire"],
    "s3node/op": ["s3node/store"],
    "s3node/serve": ["s3node/op"],
    "s3node": ["s3node/serve"],
}

# Who may include a third-party header: a file, or a room with all its files.
OWNERS = {
    "yaml.h": ["base/conf_yaml.c"],
    "jansson.h": ["base/json.c"],
    "llhttp.h": ["base/http1.c"],
    "openssl/": ["base/digest.c", "base/tls.c"],
    "ldns/": ["dnsd/data/zone_rdata.c"],
    "libxml/": ["s3node/wire/xml_read.c"],
    "event2/": ["probe", "dnsd/serve", "dnsd", "s3node/serve", "s3node"],
}
SYSTEM = re.compile(r"^(sys|netinet|arpa|linux|net|bits)/|^[a-z0-9_]+\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
GENERATED = {"version.h"}


def room(path):
    """The room of a file: the longest folder that is one; None for tests."""
    for folder in Path(path).parents:
        if str(folder) in BELOW:
            return str(folder)
    return None


def seen_from(name):
    """All rooms below a room."""
    return {below for direct in BELOW[name] for below in {direct} | seen_from(direct)}


def wrong_rooms(sources):
    """Includes of project headers that do not go down; `sources` maps paths to their text."""
    for path, text in sources.items():
        here = room(path)
        for kind, header in INCLUDE.findall(text):
            if here is None or kind == "<" or header in GENERATED:
                continue
            there = room(header)
            if there is None:
                yield f"{path}: \"{header}\" does not name its room"
            elif there != here and there not in seen_from(here):
                yield f"{path}: {here} may not see {there} (\"{header}\")"


def wrong_owners(sources):
    """Third-party headers included by somebody else than their owner."""
    for path, text in sources.items():
        if room(path) is None:
            continue
        for kind, header in INCLUDE.findall(text):
            owners = next((who for prefix, who in OWNERS.items() if header.startswith(prefix)), None)
            if owners is not None and path not in owners and room(path) not in owners:
                yield f"{path}: <{header}> belongs to {' and '.join(owners)}"
            elif owners is None and kind == "<" and not SYSTEM.match(header):
                yield f"{path}: <{header}> has no owner in OWNERS"


def cycle(graph):
    """One cycle of a graph {node: neighbours} as a list of nodes; empty if there is none."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return []
        path.append(node)
        found = next(filter(None, map(visit, graph.get(node, ()))), [])
        path.pop()
        done.add(node)
        return found

    return next(filter(None, map(visit, graph)), [])


def include_graph(sources):
    return {path: [header for kind, header in INCLUDE.findall(text) if kind == '"'] for path, text in sources.items()}


def tree():
    return {str(path): read(path) for path in c_files()}


def test_includes_go_down_only():
    assert list(wrong_rooms(tree())) == []


def test_third_party_headers_have_one_owner():
    assert list(wrong_owners(tree())) == []


def test_no_include_cycle_between_files():
    assert cycle(include_graph(tree())) == []


def test_no_cycle_between_rooms():
    assert cycle(BELOW) == []


def test_every_folder_with_c_files_is_a_room():
    folders = {str(path.parent) for path in files() if path.suffix in (".c", ".h") and path.parts[0] != "tests"}
    assert folders <= set(BELOW)


# The checkers can fail: each rule is fed one line that breaks it.

def test_self_upward_include_is_found():
    assert list(wrong_rooms({"dnsd/wire/name.c": '#include "dnsd/data/zone.h"\n'}))
    assert list(wrong_rooms({"base/net.c": '#include "probe/probe.h"\n'}))


def test_self_foreign_house_is_found():
    assert list(wrong_rooms({"dnsd/main.c": '#include "s3node/wire/uri.h"\n'}))
    assert list(wrong_rooms({"s3node/serve/conn.c": '#include "probe/probe.h"\n'}))
    assert list(wrong_rooms({"s3node/main.c": '#include "dnsd/wire/name.h"\n'}))


def test_self_include_without_room_is_found():
    assert list(wrong_rooms({"base/net.c": '#include "net.h"\n'}))


def test_self_downward_include_is_fine():
    assert not list(wrong_rooms({"dnsd/serve/udp.c": '#include "base/net.h"\n#include "dnsd/answer/answer.h"\n'}))


def test_self_foreign_header_is_found():
    assert list(wrong_owners({"dnsd/answer/answer.c": "#include <event2/event.h>\n"}))
    assert list(wrong_owners({"base/conf.c": "#include <yaml.h>\n"}))
    assert list(wrong_owners({"base/conf.c": "#include <curl/curl.h>\n"}))


def test_self_cycle_is_found():
    assert cycle({"a.h": ["b.h"], "b.h": ["c.h"], "c.h": ["a.h"]}) == ["a.h", "b.h", "c.h", "a.h"]
    assert cycle({"a.h": ["b.h", "c.h"], "b.h": ["c.h"]}) == []
