"""A replay as JSON, and the schema it is published with."""

from typing import Any

import msgspec

from dockwright.replay.result import SCHEMA, ReplayResult
from dockwright.report.plain import plain


def render(result: ReplayResult) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(plain(result)), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/replay-1.json`."""
    made: dict[str, Any] = msgspec.json.schema(ReplayResult)
    _basis_as_words(made)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright replay ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _basis_as_words(made: dict[str, Any]) -> None:
    """What a figure rests on is written as a word."""
    made["$defs"]["Basis"] = {
        "title": "Basis",
        "description": "What a number rests on, weakest first.",
        "enum": ["assumed", "estimated", "derived", "measured"],
    }
