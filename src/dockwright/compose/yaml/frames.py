"""The parser's stack: one frame per collection that is still open."""

from __future__ import annotations

from dockwright.compose.yaml.nodes import Node

ROOT = 0
MAP = 1
"""Block mapping."""
SEQ = 2
"""Block sequence."""
INDENTLESS = 3
"""Block sequence at the column of the key it is the value of."""
FLOW_SEQ = 4
FLOW_MAP = 5
PAIR = 6
"""Mapping of one pair written bare in a flow sequence: `[a: b]`."""

IDLE = 0
"""Block: waits for the next key or dash. Flow: an entry is complete, waits for a comma or the end."""
WANT = 1
"""Waits for a value (or, at the root, for the document's node)."""
EXPLICIT = 2
"""Behind `?`: waits for the key."""
KEYED = 3
"""An explicit key is there: waits for `:`."""
ENTRY = 4
"""Flow: behind the opening bracket or a comma, waits for an entry or the end."""


class Frame:
    """An open collection. `mark` is the offset behind its last indicator, where an empty value would stand."""

    __slots__ = ("indent", "key", "kind", "mark", "node", "state")

    def __init__(self, kind: int, indent: int, node: Node | None, state: int, mark: int) -> None:
        self.kind = kind
        self.indent = indent
        self.node = node
        self.state = state
        self.mark = mark
        self.key: Node | None = None
