"""Where a value came from: a place in a file, and the variables that were put into it."""

from __future__ import annotations

from dockwright.record import Record
from dockwright.source_file import SourceFile, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from dockwright.compose.yaml.nodes import Node
    from dockwright.text import Span

    SettingKind = Literal["environment", "env-file", "given", "computed"]
else:
    SettingKind = str


class Place:
    """A span of a file that is no YAML node: an assignment of an env file."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: SourceFile, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """The span of bytes."""
        return span_of(self.start, self.end)


if TYPE_CHECKING:
    At: TypeAlias = Node | Place | None
    """Where a value was written; None for what Compose filled in."""
else:
    At = object


class Origin(Record):
    """A place, for people and for edits. `path` is the file as it was opened, `line` counts from 1."""

    path: str
    span: Span
    line: int
    text: str
    """What stands there."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Setting(Record):
    """A variable of the project environment: its value, what kind of source set it, and where, if in a file."""

    name: str
    value: str
    kind: SettingKind = "given"
    place: Place | None = None

    @property
    def origin(self) -> Origin | None:
        """The line of the env file that set it."""
        return origin_of(self.place)


class VariableUse(Record):
    """One variable in a value: what set it; None when nothing did, so that a default or empty text was taken."""

    name: str
    operator: str = ""
    setting: Setting | None = None
    default: str | None = None
    """The default as written, where there is one."""


def origin_of(place: Node | Place | None) -> Origin | None:
    """The place as path, span and line."""
    if place is None:
        return None
    if isinstance(place, Place):
        source, span = place.source, place.span
    else:
        source, span = place.file.source, place.span
    return Origin(source.path, span, source.line_of(span.start), source.text(span))


def key_origin(place: Node | Place | None) -> Origin | None:
    """The place of the key under which a value was written, or of the value."""
    if place is None or isinstance(place, Place) or place.key_node is None:
        return origin_of(place)
    return origin_of(place.key_node)
