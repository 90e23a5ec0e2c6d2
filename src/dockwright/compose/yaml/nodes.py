"""YAML nodes: the lossless tree of one file, with the byte span of everything in it.

Two views of one tree. *As written*: `Mapping.entries`, `Sequence.written` and `Alias` nodes show every key, merge
key, alias, tag and anchor where it stands. *As meant*: `get`, `items`, `values` follow aliases to the anchored node
and apply merge keys (explicit keys win, the earlier of several merged mappings wins, the first of duplicate keys
wins: what go-yaml v3 would do, had it not refused duplicates). A node reached through an alias or merge keeps the
span of the place where it was written; the place where it was used is the entry's (`Mapping.entry`).

Nodes are made by the parser only and are not changed after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from dockwright.record import Record
from dockwright.source_file import span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from dockwright.compose.yaml.file import YamlFile
    from dockwright.text import Span

    Style = Literal["plain", "single", "double", "literal", "folded", "empty"]
else:
    Style = str


Key = str | int
Route = tuple[Key, ...]


class Problem(Record):
    """Something wrong with a file. `kind` groups: syntax, duplicate-key, alias, merge, key, encoding, limit."""

    kind: str
    message: str
    span: Span
    related: tuple[Span, ...] = ()


class Comment(Record):
    """A comment from its `#` to the end of its line, without the line ending."""

    text: str
    span: Span


class Node:
    """Base of all nodes. `start` and `end` are byte offsets of the value itself, without its tag and anchor.

    `parent` and `key` say where it stands: the mapping key as text, or the sequence index. `props_start` is the
    offset of its first property (tag or anchor), or `start`.
    """

    __slots__ = ("anchor", "end", "file", "key", "key_node", "parent", "props_start", "start", "tag")

    file: YamlFile
    start: int
    end: int
    props_start: int
    parent: Node | None
    key: Key
    key_node: Node | None
    tag: str | None
    anchor: str | None

    def __init__(self, file: YamlFile, start: int, end: int) -> None:
        self.file = file
        self.start = self.props_start = start
        self.end = end
        self.parent = None
        self.key = 0
        self.key_node = None
        self.tag = None
        self.anchor = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r}, {self.start}:{self.end})"

    @property
    def span(self) -> Span:
        """The value as written, without tag and anchor."""
        return span_of(self.start, self.end)

    @property
    def full_span(self) -> Span:
        """The value with its tag and anchor."""
        return span_of(self.props_start, self.end)

    @property
    def key_span(self) -> Span | None:
        """The key under which this value was written; None for sequence items and document roots."""
        return self.key_node.full_span if self.key_node is not None else None

    @property
    def route(self) -> Route:
        """Keys and indexes from the document's root to where this node was written: `("services", "web")`."""
        found: list[Key] = []
        node: Node = self
        while node.parent is not None:
            found.append(node.key)
            node = node.parent
        found.reverse()
        return tuple(found)

    @property
    def path(self) -> str:
        """The route as one text: `services.web.ports.0`."""
        return ".".join(map(str, self.route))

    @property
    def line(self) -> int:
        """1-based line the value starts on."""
        return self.file.source.line_of(self.start)

    @property
    def raw(self) -> str:
        """The bytes under `span`, as text."""
        return self.file.source.text(self.span)

    @property
    def target(self) -> Node:
        """The node itself; for an alias the node it stands for (the alias itself when that is unknown)."""
        return self

    # Navigation is on every node, so that a chain of `get` needs no type checks: a wrong kind gives nothing.

    def get(self, key: Key) -> Node | None:
        """The value under a mapping key or sequence index, as meant; None when there is none."""
        del key
        return None

    def at(self, *route: Key) -> Node | None:
        """The value at the end of a route, as meant."""
        node: Node | None = self
        for key in route:
            if node is None:
                return None
            node = node.get(key)
        return node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping as meant; nothing for other nodes."""
        return iter(())

    def values(self) -> Iterator[Node]:
        """Values of a mapping, or items of a sequence, as meant; nothing for other nodes."""
        return iter(())

    def as_str(self) -> str | None:
        """Decoded text of a scalar, as written (`1.10` stays `1.10`); None for null and for collections."""
        return None

    def as_bool(self) -> bool | None:
        """The value of a boolean scalar, else None."""
        return None

    @property
    def is_null(self) -> bool:
        """True for a scalar whose value is null, also an empty one."""
        return False
