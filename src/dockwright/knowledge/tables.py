"""Reads the data files: TOML beside the code, each read once, when first asked for.

People write the TOML; the program reads the same data from `data/compiled/*.json`, which takes a twentieth of the time
(start-up counts). `python -m tools.knowledge write` makes them, and a test holds that they agree.
"""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

_T = TypeVar("_T")
_COMPILED = Path(__file__).parent / "data" / "compiled"


@cache
def table(name: str) -> dict[str, Any]:
    """The content of `data/<name>.toml`."""
    content: dict[str, Any] = msgspec.json.decode((_COMPILED / f"{name}.json").read_bytes())
    return content


def typed(name: str, kind: type[_T]) -> _T:
    """The content of `data/<name>.toml` as a typed value; a mistake in the file is an error with its path."""
    return msgspec.convert(table(name), kind)
