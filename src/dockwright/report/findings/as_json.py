"""Findings as JSON with a published schema (`docs/schema/check-1.json`)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.errors import Skipped
from dockwright.report.clean import Cleaner
from dockwright.report.findings.entries import FindingEntry, SuppressedEntry, entry, suppressed
from dockwright.report.places import SkippedEntry
from dockwright.rules.finding import Finding

SCHEMA = "dockwright.check/1"


class CheckDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright check --format json` writes. `partial` says why cross-file rules did not run, if so."""

    schema: str = SCHEMA
    tool: str
    version: str
    partial: str
    findings: Sequence[FindingEntry]
    suppressed: Sequence[SuppressedEntry]
    skipped: Sequence[SkippedEntry]


def render(
    findings: Sequence[Finding],
    accepted: Sequence[tuple[Finding, str, str]],
    skipped: Sequence[Skipped],
    partial: str,
    cleaner: Cleaner,
) -> str:
    """Indented JSON ending in a newline. `accepted` are findings with reason and `comment` or `configuration`."""
    data = {
        "tool": "dockwright",
        "version": __version__,
        "partial": partial,
        "findings": [entry(finding) for finding in findings],
        "suppressed": [suppressed(*one) for one in accepted],
        "skipped": [{"what": one.what, "reason": one.reason} for one in skipped],
    }
    document = msgspec.convert(cleaner.data(data), CheckDocument)
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema of what `render` writes."""
    made: dict[str, Any] = msgspec.json.schema(CheckDocument)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright check ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }


def schema_text() -> str:
    """The schema as it stands in `docs/schema/check-1.json`."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
