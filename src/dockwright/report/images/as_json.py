"""The report on one image or several as JSON, and its schemas."""

from typing import Any

import msgspec

from dockwright.measure.images.model import ImageReport, SharedReport
from dockwright.report.plain import plain


def as_json(found: ImageReport | SharedReport) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(plain(found)), indent=2).decode() + "\n"


def schema_texts() -> dict[str, str]:
    """The schemas as they stand in `docs/schema`."""
    return {
        "image-1.json": _schema(ImageReport, "dockwright image, one image (dockwright.image/1)"),
        "images-1.json": _schema(SharedReport, "dockwright image, several images (dockwright.images/1)"),
    }


def _schema(kind: type, title: str) -> str:
    made: dict[str, Any] = msgspec.json.schema(kind)
    made["$defs"]["Basis"] = {
        "title": "Basis",
        "description": "What a number rests on, weakest first.",
        "enum": ["assumed", "estimated", "derived", "measured"],
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": "Sizes are bytes. Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
