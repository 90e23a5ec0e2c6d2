"""The JSON schema of compose files, in the versions that are followed.

`data/compose/schema-<version>.json` are `schema/compose-spec.json` of compose-spec/compose-go at v2.4.8 and at e70e961
(2026-07-21, before v2.14.0), without titles, descriptions and defaults. Copyright The Compose Specification Authors, Apache
License 2.0, as this project; the notice stands in each file.
"""

from __future__ import annotations

import os
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


VERSIONS = ((2, 4, 8), (2, 14, 0))
_DATA = os.path.join(os.path.dirname(__file__), "data", "compose")


@cache
def schema(number: tuple[int, int, int]) -> dict[str, Any]:
    """The schema of a version of compose-go: of the two kept the newer one from 2.7.0 on, which brought most of it."""
    kept = VERSIONS[1] if number >= (2, 7, 0) else VERSIONS[0]
    with open(os.path.join(_DATA, f"schema-{'.'.join(map(str, kept))}.json"), encoding="utf-8") as file:
        content: dict[str, Any] = _decoded(file.read())
    return content


class _Context:
    """What `json.JSONDecoder` gives its scanner."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo = None


def _decoded(text: str) -> Any:
    """The text by the scanner of the standard library's json, without the five regular expressions that come with its import.

    The scanner is a private part of CPython; where it is missing or is called otherwise, json itself does the same.
    """
    try:
        from _json import make_scanner

        scan = make_scanner(_Context)  # type: ignore[arg-type]  # it asks for the names above only
        return scan(text, 0)[0]
    except (ImportError, AttributeError, TypeError):
        import json

        return json.loads(text)
