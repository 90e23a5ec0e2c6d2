"""The short cut for what most flow collections are: on one line, of simple texts, as `[front, back]` or `{condition: started}`.

It reads nothing that the general way (`flow`) would read otherwise: where anything else stands it has changed nothing, and leaves
the collection to that.
"""

from __future__ import annotations

from dockwright.compose.yaml.collections import Entry, Mapping, Sequence
from dockwright.compose.yaml.scalar import simple_scalar
from dockwright.lazy import lazy_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from dockwright.compose.yaml.nodes import Node
    from dockwright.compose.yaml.state import State

_WORD = rb"[A-Za-z0-9_./~$][A-Za-z0-9_./~$+@%=*-]*+"
_TEXT = (
    rb"(" + _WORD + rb"(?: ++[A-Za-z0-9_./~$+@%=*-]++)*+" + rb"|\"[^\"\\\r\n]{0,900}+\"|'[^'\r\n]{0,900}+')"
)
_VALUE = rb"(?:([\[{])|" + _TEXT + rb"(?= *+[,\]}]))"
_ITEM = lazy_regex(rb" *+" + _VALUE)
_PAIR = lazy_regex(rb" *+" + _TEXT + rb": ++" + _VALUE)
_AFTER = lazy_regex(rb" *+([,\]}])")
_MAX_DEPTH = 50


def read(state: State, at: int) -> Mapping | Sequence | None:
    """The collection that starts at `at`; None when it is none of these. The parser then stands behind its bracket."""
    node = outermost = _opened(state, at)
    around: list[Mapping | Sequence] = []
    mappings = [node] if isinstance(node, Mapping) else []
    pos = at + 1
    opened = True
    while True:
        found = (_PAIR if isinstance(node, Mapping) else _ITEM).match(state.data, pos)
        if found is not None:
            pos = found.end()
            below = _entry(state, node, found)
            if below is not None:
                if len(around) > _MAX_DEPTH:
                    return None
                around.append(node)
                node = below
                if isinstance(node, Mapping):
                    mappings.append(node)
                opened = True
                continue
        elif not opened:
            return None
        opened = opened and found is None
        while True:
            after = _AFTER.match(state.data, pos)
            if after is None or (opened and after[1] == b","):
                return None
            pos = after.end()
            opened = False
            if after[1] == b",":
                break
            if (after[1] == b"}") != isinstance(node, Mapping):
                return None
            node.end = pos
            if not around:
                state.mappings.extend(mappings)
                state.pos = pos
                state.fresh = False
                return outermost
            node = around.pop()


def _opened(state: State, at: int) -> Mapping | Sequence:
    node: Mapping | Sequence = (Mapping if state.data[at] == 0x7B else Sequence)(state.file, at, at + 1)
    node.flow = True
    return node


def _entry(state: State, owner: Mapping | Sequence, found: re.Match[bytes]) -> Mapping | Sequence | None:
    """Put what was found into its collection; the collection that it opens, if any."""
    below: Mapping | Sequence | None = None
    bracket = 1 if isinstance(owner, Sequence) else 2
    value: Node
    if found.start(bracket) >= 0:
        value = below = _opened(state, found.start(bracket))
    else:
        value = simple_scalar(state.file, *found.span(bracket + 1))
    value.parent = owner
    if isinstance(owner, Sequence):
        value.key = len(owner.written)
        owner.written.append(value)
    else:
        key = simple_scalar(state.file, *found.span(1))
        key.parent = owner
        name = key.key = value.key = key.text
        value.key_node = key
        owner.entries.append(Entry(name, key, value))
    return below
