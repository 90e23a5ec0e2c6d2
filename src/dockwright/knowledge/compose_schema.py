"""The JSON schema of compose files, in the versions that are followed.

`data/compose/schema-<version>.json` are `schema/compose-spec.json` of compose-spec/compose-go at v2.4.8 and at e70e961
(2026-07-21, before v2.14.0), without titles, descriptions and defaults. Copyright The Compose Specification Authors, Apache
License 2.0, as this project; the notice stands in each file.
"""

import os
from functools import cache
from typing import Any

import msgspec

VERSIONS = ((2, 4, 8), (2, 14, 0))
_DATA = os.path.join(os.path.dirname(__file__), "data", "compose")


@cache
def schema(number: tuple[int, int, int]) -> dict[str, Any]:
    """The schema of a version of compose-go: of the two kept the newer one from 2.7.0 on, which brought most of it."""
    kept = VERSIONS[1] if number >= (2, 7, 0) else VERSIONS[0]
    with open(os.path.join(_DATA, f"schema-{'.'.join(map(str, kept))}.json"), "rb") as file:
        content: dict[str, Any] = msgspec.json.decode(file.read())
    return content
