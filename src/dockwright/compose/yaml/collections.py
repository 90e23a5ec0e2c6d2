"""Mappings, sequences and aliases of the YAML tree."""

from __future__ import annotations

from collections.abc import Iterator

from dockwright.compose.yaml.nodes import Key, Node
from dockwright.record import Record
from dockwright.source_file import span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.yaml.file import YamlFile
    from dockwright.text import Span


class Entry(Record):
    """One `key: value` of a mapping as written; `value` may be an `Alias`, and an empty scalar where none stands.

    `name` is the key's text; for a key that is no scalar, its source text.
    """

    name: str
    key: Node
    value: Node

    @property
    def span(self) -> Span:
        """From the key's first byte to the value's last."""
        return span_of(self.key.props_start, max(self.value.end, self.key.end))

    @property
    def is_merge(self) -> bool:
        """True for the merge key `<<` (plain, as go-yaml v3: a quoted one is an ordinary key)."""
        return self.name == "<<" and self.key.raw == "<<"


class Mapping(Node):
    """A block or flow mapping. `entries` is everything written in it, in order, duplicates and `<<` included."""

    __slots__ = ("entries", "flow", "view")

    def __init__(self, file: YamlFile, start: int, end: int) -> None:
        super().__init__(file, start, end)
        self.entries: list[Entry] = []
        self.flow = False
        self.view: dict[str, Entry] | None = None
        """`meant`, once it was asked for."""

    @property
    def meant(self) -> dict[str, Entry]:
        """The entries as meant, by name: own ones first, then merged ones, each once."""
        if self.view is None:
            from dockwright.compose.yaml.merge import merged

            self.view = merged(self)
        return self.view

    def entry(self, key: str) -> Entry | None:
        """The entry that gives `key` its value, perhaps written in a merged mapping."""
        return self.meant.get(key)

    def get(self, key: Key) -> Node | None:
        found = self.meant.get(key) if isinstance(key, str) else None
        return found.value.target if found is not None else None

    def __contains__(self, key: object) -> bool:
        return key in self.meant

    def __len__(self) -> int:
        return len(self.meant)

    def keys(self) -> Iterator[str]:
        """The names as meant, own ones first."""
        return iter(self.meant)

    def items(self) -> Iterator[tuple[str, Node]]:
        return ((name, entry.value.target) for name, entry in self.meant.items())

    def values(self) -> Iterator[Node]:
        return (entry.value.target for entry in self.meant.values())

    @property
    def merges(self) -> list[Entry]:
        """The merge keys written in this mapping."""
        return [entry for entry in self.entries if entry.is_merge]


class Sequence(Node):
    """A block or flow sequence. `written` is its items, aliases included; an empty item is an empty scalar."""

    __slots__ = ("flow", "written")

    def __init__(self, file: YamlFile, start: int, end: int) -> None:
        super().__init__(file, start, end)
        self.written: list[Node] = []
        self.flow = False

    def get(self, key: Key) -> Node | None:
        if isinstance(key, int) and -len(self.written) <= key < len(self.written):
            return self.written[key].target
        return None

    def __len__(self) -> int:
        return len(self.written)

    def values(self) -> Iterator[Node]:
        return (item.target for item in self.written)


class Alias(Node):
    """`*name`: a reference, never a copy. It answers navigation as the node it stands for."""

    __slots__ = ("name", "to")

    def __init__(self, file: YamlFile, start: int, end: int, name: str, to: Node | None) -> None:
        super().__init__(file, start, end)
        self.name = name
        self.to = to

    @property
    def target(self) -> Node:
        return self.to if self.to is not None else self

    def get(self, key: Key) -> Node | None:
        return self.to.get(key) if self.to is not None else None

    def items(self) -> Iterator[tuple[str, Node]]:
        return self.to.items() if self.to is not None else iter(())

    def values(self) -> Iterator[Node]:
        return self.to.values() if self.to is not None else iter(())

    def as_str(self) -> str | None:
        return self.to.as_str() if self.to is not None else None

    def as_bool(self) -> bool | None:
        return self.to.as_bool() if self.to is not None else None

    @property
    def is_null(self) -> bool:
        return self.to.is_null if self.to is not None else False


def walk(root: Node | None) -> Iterator[Node]:
    """A node and all values below it as written, in order; aliases are not followed, so each node comes once."""
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            stack.extend(entry.value for entry in reversed(node.entries))
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.written))
