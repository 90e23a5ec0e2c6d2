"""The document as JSON, and the schema it is published with."""

from typing import Any

import msgspec

from dockwright.report.document import SCHEMA, Document


def render(document: Document) -> str:
    """Indented JSON with keys in a fixed order, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what `render` writes, made from the structs themselves."""
    made: dict[str, Any] = msgspec.json.schema(Document)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright audit ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }


def schema_text() -> str:
    """The schema as it stands in `docs/schema/audit-1.json`."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
