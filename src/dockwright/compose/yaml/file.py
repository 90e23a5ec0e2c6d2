"""A YAML file: its documents, comments and problems, and the bounded view with merge keys applied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from dockwright.compose.yaml.collections import Alias, Mapping
from dockwright.compose.yaml.nodes import Comment, Node, Problem
from dockwright.source_file import SourceFile, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.text import Span

MAX_PROBLEMS = 200
"""Problems named per file; a hopeless file does not grow the list for ever."""


class Document:
    """One document of a stream. `root` is None for one without content."""

    __slots__ = ("anchors", "directives", "end", "root", "start")

    def __init__(self, at: int) -> None:
        self.start = self.end = at
        self.root: Node | None = None
        self.anchors: dict[str, list[Node]] = {}
        """Nodes by the anchor they carry, in order; an alias means the last one before it."""
        self.directives: list[Span] = []

    @property
    def span(self) -> Span:
        """From its first byte to behind its last."""
        return span_of(self.start, self.end)


class YamlFile:
    """What `parse` gives: always a value, also for bytes that are no YAML (see `problems`)."""

    __slots__ = ("_comments", "documents", "merge_steps", "problems", "source")

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.documents: list[Document] = []
        self._comments: list[tuple[int, int]] = []
        self.merge_steps = 0
        """Work spent on merge keys so far; see `merge`."""
        self.problems: list[Problem] = []
        """Errors by offset. `syntax` ones mean that a YAML processor refuses the file."""

    @property
    def data(self) -> bytes:
        return self.source.data

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def root(self) -> Node | None:
        """The root of the first document that has one."""
        return next((document.root for document in self.documents if document.root is not None), None)

    @property
    def broken(self) -> bool:
        """True when a YAML processor would refuse the text (duplicate keys, a matter of the loader, not counted)."""
        return any(problem.kind in ("syntax", "alias", "encoding", "unreadable") for problem in self.problems)

    @property
    def comments(self) -> list[Comment]:
        """Every comment, by offset."""
        return [Comment(self.source.text(span_of(*span)), span_of(*span)) for span in self._comments]

    def get(self, key: str | int) -> Node | None:
        """`root.get(key)`."""
        return self.root.get(key) if self.root is not None else None

    def at(self, *route: str | int) -> Node | None:
        """`root.at(*route)`."""
        return self.root.at(*route) if self.root is not None else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """`root.items()`."""
        return self.root.items() if self.root is not None else iter(())

    def complete(self, comments: list[tuple[int, int]], mappings: list[Mapping]) -> None:
        """Called by the parser at the end: takes the comments, looks for duplicate keys, orders the problems."""
        self._comments = comments
        for mapping in mappings:
            if len({entry.name for entry in mapping.entries}) != len(mapping.entries):
                self.problems.extend(islice(_duplicates(mapping), max(MAX_PROBLEMS - len(self.problems), 0)))
        if b"<<" in self.source.data:
            from dockwright.compose.yaml.merge import problems

            for mapping in mappings:
                self.problems.extend(islice(problems(mapping), max(MAX_PROBLEMS - len(self.problems), 0)))
        self.problems.sort(key=lambda problem: problem.span)


def _duplicates(mapping: Mapping) -> Iterator[Problem]:
    """go-yaml v3 decode.go: uniqueKeys compares kind and text, so `1` and `"1"` are the same key."""
    seen: dict[str, Span] = {}
    for entry in mapping.entries:
        if isinstance(entry.key, Alias):
            continue
        if entry.name in seen:
            yield Problem(
                "duplicate-key",
                f"mapping key {entry.name!r} is defined twice",
                entry.key.full_span,
                (seen[entry.name],),
            )
        else:
            seen[entry.name] = entry.key.full_span
