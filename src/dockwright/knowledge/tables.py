"""Reads the data files: TOML beside the code, each read once, when first asked for."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

_T = TypeVar("_T")


@cache
def table(name: str) -> dict[str, Any]:
    """The content of `data/<name>.toml`."""
    text = files("dockwright.knowledge").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def typed(name: str, kind: type[_T]) -> _T:
    """The content of `data/<name>.toml` as a typed value; a mistake in the file is an error with its path."""
    return msgspec.convert(table(name), kind)
