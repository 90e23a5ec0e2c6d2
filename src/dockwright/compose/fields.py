"""Reading the forms that compose values have: texts, lists, `KEY=value` lists or maps; wrong forms are noted.

Every reader takes a node (or None, for an absent key) and gives the value or nothing. Entries tagged `!reset` count
as absent, as compose drops them.
"""

from collections.abc import Iterator

from dockwright.compose.model import FileRef, KeyValue
from dockwright.compose.value import Text
from dockwright.compose.yaml.collections import Alias, Entry, Mapping, Sequence
from dockwright.compose.yaml.gotext import scalar_text
from dockwright.compose.yaml.nodes import Node, Problem
from dockwright.compose.yaml.scalar import Scalar

RESET = "!reset"
OVERRIDE = "!override"
MAX_PROBLEMS = 200


class Fields:
    """Readers of values, with the list of problems they add to."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def wrong(self, node: Node, message: str) -> None:
        """Note that a value has a form compose does not accept."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem("form", f"{node.path}: {message}", node.full_span))

    def entries(self, node: Node | None, what: str = "mapping") -> Iterator[Entry]:
        """The entries of a mapping as meant, without reset ones; a null mapping has none."""
        if isinstance(node, Mapping):
            for entry in node.meant.values():
                if entry.value.tag != RESET or _inert(entry.value):
                    yield entry
        elif node is not None and not node.is_null:
            self.wrong(node, f"is no {what}")

    def list(self, node: Node | None, what: str = "list") -> Iterator[Node]:
        """The items of a list, without reset ones; a null list has none."""
        if isinstance(node, Sequence):
            for item in node.written:
                if item.tag != RESET or _inert(item):
                    yield item.target
        elif node is not None and not node.is_null:
            self.wrong(node, f"is no {what}")

    def text(self, node: Node | None) -> Text | None:
        """A text, number or bool; None for null."""
        if isinstance(node, Scalar):
            text = scalar_text(node)
            return Text(text, node) if text is not None else None
        if node is not None:
            self.wrong(
                node, "is no text" if not isinstance(node, Alias) else f"is an alias of nothing: {node.name}"
            )
        return None

    def child(self, node: Node, key: str) -> Text | None:
        """The text under a key of a mapping."""
        found = node.get(key)
        return self.text(found) if found is not None else None

    def texts(self, node: Node | None) -> tuple[Text, ...]:
        """A list of texts, or one text alone."""
        if isinstance(node, Scalar):
            text = self.text(node)
            return (text,) if text is not None else ()
        found = (self.text(item) for item in self.list(node))
        return tuple(text for text in found if text is not None)

    def pairs(self, node: Node | None, separators: str = "=") -> tuple[KeyValue, ...]:
        """`KEY: value` of a mapping, or `KEY=value` of a list."""
        if isinstance(node, Mapping):
            return tuple(self.pair(entry) for entry in self.entries(node))
        found: list[KeyValue] = []
        for item in self.list(node, "mapping or list"):
            text = self.text(item)
            if text is not None:
                found.append(split_pair(text, separators))
        return tuple(found)

    def pair(self, entry: Entry) -> KeyValue:
        """One entry of a mapping; a null value means the name alone."""
        value = entry.value.target
        key = entry.key.target
        name = Text(entry.name, key)
        return KeyValue(name, None if value.is_null else self.text(value), key)

    def flag(self, node: Node | None) -> bool | None:
        """A boolean; the words compose casts (`yes`, `on`, quoted too) count. None for variables and other things."""
        if not isinstance(node, Scalar):
            return None
        return as_flag(node.text)

    def file_refs(self, node: Node | None) -> tuple[FileRef, ...]:
        """`secrets:` or `configs:` of a service or build: names, or mappings with `source`."""
        found: list[FileRef] = []
        for item in self.list(node):
            if isinstance(item, Mapping):
                read = (self.child(item, key) for key in ("source", "target", "mode"))
                source, target, mode = read
                found.append(FileRef(source, item, target, mode))
            else:
                found.append(FileRef(self.text(item), item))
        return tuple(found)


_FLAGS = {
    "true": True,
    "y": True,
    "yes": True,
    "on": True,
    "false": False,
    "n": False,
    "no": False,
    "off": False,
}


def _inert(node: Node) -> bool:
    """True inside of an `!override`, where compose does not look for tags (loader/reset.go)."""
    above = node.parent
    while above is not None and above.tag != OVERRIDE:
        above = above.parent
    return above is not None


def as_flag(text: str) -> bool | None:
    """compose-go loader/interpolate.go: toBoolean."""
    return _FLAGS.get(text.lower())


def split_pair(text: Text, separators: str = "=") -> KeyValue:
    """`KEY=value`, split at the first separator that is there; without one the name alone."""
    at = next((at for at in (text.raw.find(separator) for separator in separators) if at >= 0), -1)
    if at < 0:
        return KeyValue(text, None, text.node)
    return KeyValue(text.part(0, at), text.part(at + 1, len(text.raw)), text.node)
