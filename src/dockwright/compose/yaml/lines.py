"""The short cut for what most lines are: `key: value`, `key:` and `- value` on one line each.

It reads nothing that the general way (`block`) would read otherwise: it takes a line only when the value ends on it
for certain, because the next line has text at or left of the open collection's column.
"""

from __future__ import annotations

import re

from dockwright.compose.yaml.collections import Entry, Mapping, Sequence
from dockwright.compose.yaml.frames import IDLE, INDENTLESS, MAP, SEQ, WANT, Frame
from dockwright.compose.yaml.scalar import Scalar, simple_scalar
from dockwright.compose.yaml.state import State
from dockwright.lazy import lazy_regex

_VALUE = (
    rb"([A-Za-z0-9_./$~][^ \t\r\n:#]*+(?:(?: ++(?![#\r\n])|:(?![ \t\r\n]))[^ \t\r\n:#]*+)*+"
    rb"|\"[^\"\\\r\n]*+\"|'[^'\r\n]*+')"
)
_NEXT = rb"[ ]*+\r?\n(?=( *+)[^ \t\r\n#])"
_PAIR = lazy_regex(rb"([A-Za-z_][A-Za-z0-9_./-]{0,120}+):(?:[ ]++" + _VALUE + rb")?+" + _NEXT)
_ITEM = lazy_regex(rb"(-) ++" + _VALUE + _NEXT)


def read(state: State, at: int) -> bool:
    """Read simple lines from `at`, the first token of a line in an idle collection; False when it read none."""
    first = at
    found = (_PAIR if state.top.kind == MAP else _ITEM).match(state.data, at)
    while found:
        top = state.top
        owner = top.node
        start, end = found.span(2)
        line, following = found.span(3)
        value = None
        if start >= 0:
            value = simple_scalar(state.file, start, end)
            if value.style == "plain" and following - line > top.indent:
                break
            value.parent = owner
        if isinstance(owner, Mapping):
            _pair(state, top, owner, found, value)
        elif isinstance(owner, Sequence) and value is not None:
            value.key = len(owner.written)
            owner.written.append(value)
        at = following
        state.line_start = line
        found = _below(state, at, following - line) if value is None else _next(state, at, following - line)
    if at == first:
        return False
    state.pos = at
    state.fresh = state.key_allowed = True
    return True


def _next(state: State, at: int, column: int) -> re.Match[bytes] | None:
    """The simple line at `at`, behind a complete one: what is indented deeper than it has ended."""
    data = state.data
    top = state.top
    if column == top.indent and top.kind != INDENTLESS:
        return (_PAIR if top.kind == MAP else _ITEM).match(data, at)
    dash = data[at] == 0x2D
    found = (_ITEM if dash else _PAIR).match(data, at)
    if found is None or column > top.indent:
        return None
    while state.top.indent > column:
        state.close()
    if state.top.kind == INDENTLESS and state.top.indent == column and not dash:
        state.close()
    top = state.top
    fits = top.indent == column and top.state == IDLE and dash == (top.kind in (SEQ, INDENTLESS))
    return found if fits else None


def _below(state: State, at: int, column: int) -> re.Match[bytes] | None:
    """The simple line at `at`, behind a key without a value: the collection that it begins is opened."""
    top = state.top
    dash = state.data[at] == 0x2D
    if column < top.indent or (column == top.indent and not dash):
        return None
    found = (_ITEM if dash else _PAIR).match(state.data, at)
    if found is None:
        return None
    state.pos = at
    if dash:
        kind = INDENTLESS if column == top.indent else SEQ
        state.open(Sequence(state.file, at, at + 1), kind, column, IDLE, at + 1)
    else:
        end = found.end(1) + 1
        state.open(Mapping(state.file, at, end), MAP, column, IDLE, end)
    return found


def _pair(state: State, top: Frame, owner: Mapping, found: re.Match[bytes], value: Scalar | None) -> None:
    start, end = found.span(1)
    key = Scalar(state.file, start, end, "plain")
    name = key._text = found[1].decode("ascii")
    if value is None:
        top.key = key
        top.state = WANT
        top.mark = end + 1
        return
    key.parent = owner
    key.key = value.key = name
    value.key_node = key
    owner.entries.append(Entry(name, key, value))
    top.state = IDLE
