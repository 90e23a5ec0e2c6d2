"""What differs between two resolved stacks, as a document fit to be shown; as JSON with a published schema."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.compose.difference import Difference
from dockwright.compose.stack import Resolved
from dockwright.report.stacks.entries import (
    ChangeEntry,
    ErrorEntry,
    change_entry,
    cleaner_for,
    errors_of,
)

SCHEMA = "dockwright.compose-diff/1"


class ServiceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A service of both sides, or of one (the other name is null then)."""

    before: str | None
    after: str | None
    same: int
    """Settings that are equal on both sides."""
    changes: Sequence[ChangeEntry]


class DiffDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright compose diff --format json` writes."""

    schema: str = SCHEMA
    tool: str
    version: str
    before: str
    after: str
    same: bool
    services: Sequence[ServiceEntry]
    top: Sequence[ChangeEntry]
    """Project name, networks, volumes, secrets, configs."""
    errors: Sequence[ErrorEntry]


def document(
    names: tuple[str, str], sides: tuple[Resolved, Resolved], difference: Difference | None
) -> DiffDocument:
    """The difference with secrets out; None where a side cannot be resolved."""
    cleaner = cleaner_for(sides)
    found = difference or Difference((), ())
    data: dict[str, Any] = {
        "tool": "dockwright",
        "version": __version__,
        "before": names[0],
        "after": names[1],
        "same": difference is not None and difference.empty,
        "services": [
            {
                "before": one.a,
                "after": one.b,
                "same": one.same,
                "changes": [
                    change_entry(one.a or one.b or "", change, sides, cleaner) for change in one.changes
                ],
            }
            for one in found.services
        ],
        "top": [change_entry("", change, sides, cleaner) for change in found.top],
        "errors": [
            *errors_of("before", sides[0], cleaner),
            *errors_of("after", sides[1], cleaner),
        ],
    }
    return msgspec.convert(data, DiffDocument)


def as_json(made: msgspec.Struct) -> str:
    """Indented JSON ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"


def schema_text() -> str:
    """JSON Schema of what `dockwright compose diff --format json` writes."""
    return schema_of(DiffDocument, f"dockwright compose diff ({SCHEMA})")


def schema_of(kind: type[msgspec.Struct], title: str) -> str:
    """The schema of a document as it is published."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **msgspec.json.schema(kind),
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"
