"""The short cut for flow collections of one line reads what the general way reads."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.yaml import Mapping, Node, Scalar, Sequence, YamlFile, flow_line, parse
from dockwright.compose.yaml import lines as lines_of_text

_PARTS = st.sampled_from(
    ["{", "}", "[", "]", ", ", ",", ": ", ":", " ", "a", "b-c", "1", '"x y"', "'q'", '""', "''", "~", "$V", "-", "?", "# c",
     "\n", "&a ", "*a", "!t ", "a b", '"\\n"', "'it''s'", "é", "{a: b}", "[x, y]", "k: ", "{}", "[]", "\t"]
)  # fmt: skip
_BODIES = st.lists(_PARTS, max_size=8).map("".join)
_AROUND = st.sampled_from([("k: {", "}\n"), ("- [", "]\n"), ("{", "}: v\n"), ("  x: [", "] # c\n"), ("k:\n  - {", "}\nz: 1\n")])  # fmt: skip


def _node(node: Node | None) -> Any:
    if node is None:
        return None
    key = node.key_node
    found = (type(node), node.start, node.end, node.props_start, node.key, node.tag, node.anchor)
    written = (
        None if key is None else (key.start, key.end, getattr(key, "style", ""), getattr(key, "text", ""))
    )
    parent = None if node.parent is None else node.parent.start
    below: Any = None
    if isinstance(node, Mapping):
        below = (node.flow, [(entry.name, _node(entry.value)) for entry in node.entries])
    elif isinstance(node, Sequence):
        below = (node.flow, [_node(item) for item in node.written])
    elif isinstance(node, Scalar):
        below = (node.style, node.text)
    return found, written, parent, below


def _file(file: YamlFile) -> Any:
    return [_node(document.root) for document in file.documents], file.problems, file.comments


@given(_AROUND, _BODIES)
def test_both_ways_read_the_same(around: tuple[str, str], body: str) -> None:
    data = f"{around[0]}{body}{around[1]}".encode()
    short = _file(parse(data))
    with patch.object(flow_line, "read", lambda _state, _at: None):
        assert short == _file(parse(data))


@pytest.mark.parametrize(
    "text", ["[front, back]", "{condition: service_healthy}", '["CMD", "curl", "-f", "http://x:1/y"]', "{a: {b: [c, d]}}", "[]"]
)  # fmt: skip
def test_what_most_collections_are_takes_the_short_way(text: str) -> None:
    taken = []

    def read(state: Any, at: int) -> Any:
        taken.append(real(state, at))
        return taken[-1]

    real = flow_line.read
    with patch.object(flow_line, "read", read):
        parse(f"k: {text}\n".encode())
    assert len(taken) == 1
    assert taken[0] is not None


_LINES = st.sampled_from(
    ["a:", "b: 1", "c: 'x'", "- a", "- b: 2", "k: [x, y]", 'd: "z w"', "# c", "", "- ", "e: |", "f: &x", "g: *x", "--- ", "...", "h: x y",
     "- - x", "? k", "j: !t v", "'q': 1", "n: x:y", "\t", "a: b: c", "o: 'open", "plain"]
)  # fmt: skip
_FILES = st.lists(st.tuples(st.integers(0, 6), _LINES), max_size=10)


@given(_FILES)
def test_simple_lines_are_read_as_any_others(lines: list[tuple[int, str]]) -> None:
    data = "".join(f"{' ' * indent}{text}\n" for indent, text in lines).encode()
    short = _file(parse(data))
    with patch.object(lines_of_text, "read", lambda _state, _at: False):
        assert short == _file(parse(data))
