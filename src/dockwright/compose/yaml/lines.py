"""The short cut for what most lines are: `key: value`, `key:` and `- value` on one line each.

It reads nothing that the general way (`block`) would read otherwise: it takes a line only when the value ends on it
for certain, because the next line has text at or left of the open collection's column.
"""

from __future__ import annotations

import re

from dockwright.compose.yaml.collections import Entry, Mapping, Sequence
from dockwright.compose.yaml.frames import IDLE, MAP, WANT, Frame
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
    top = state.top
    owner = top.node
    pattern = _PAIR if top.kind == MAP else _ITEM
    first = at
    while found := pattern.match(state.data, at):
        start, end = found.span(2)
        line, following = found.span(3)
        if start >= 0:
            value = simple_scalar(state.file, start, end)
            if value.style == "plain" and following - line > top.indent:
                break
            value.parent = owner
        else:
            value = None
        if isinstance(owner, Mapping):
            _pair(state, top, owner, found, value)
        elif isinstance(owner, Sequence) and value is not None:
            value.key = len(owner.written)
            owner.written.append(value)
        at = following
        state.line_start = line
        if value is None or following - line != top.indent:
            break
    if at == first:
        return False
    state.pos = at
    state.fresh = state.key_allowed = True
    return True


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
