"""What becomes of compose constructs under Podman (data/podman.toml)."""

from functools import cache
from typing import Literal

import msgspec

from dockwright.knowledge.tables import typed

Support = Literal["full", "partial", "ignored", "refused"]
TOOLS = ("podman_compose", "podman")


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program whose source was read: its name, version, and where in it."""

    name: str
    version: str
    source: str


class Construct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What two ways to run a compose file under Podman make of one construct, and how that was found out."""

    podman_compose: Support
    podman: Support
    found: str
    note: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tools: dict[str, Tool]
    constructs: dict[str, Construct]


@cache
def _table() -> _Table:
    return typed("podman", _Table)


def tools() -> dict[str, Tool]:
    """The programs of the table, by the names of its columns."""
    return _table().tools


def constructs() -> dict[str, Construct]:
    """By path: below a service (`build.target`), or from the file's top (`/networks.*.ipam`); `*` is any key or item."""
    return _table().constructs
