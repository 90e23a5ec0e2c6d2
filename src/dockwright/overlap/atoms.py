"""Atoms: the smallest settings of an instruction, each with its place.

An atom says one thing: one package, one variable, one source of a COPY, one command of a RUN. `kind` and `name` are
the slot it fills, `value` what it is filled with: two files differ where the same slot holds different values.
"""

import msgspec

from dockwright.overlap.marked import Symbols, split
from dockwright.text import Span

KINDS = (
    "base image",
    "platform",
    "argument",
    "package",
    "variable",
    "label",
    "working directory",
    "copy",
    "add",
    "mount",
    "command",
    "user",
    "port",
    "volume",
    "shell",
    "stop signal",
    "health check",
    "entrypoint",
    "cmd",
    "trigger",
    "other",
)
"""All kinds, in the order tables show them."""


class Atom(msgspec.Struct, frozen=True, gc=False):
    """One setting. `name` and `value` are marked texts (`marked.shown` makes them readable)."""

    kind: str
    name: str
    value: str
    span: Span

    @property
    def key(self) -> tuple[str, Symbols]:
        """What two atoms must share to be the same: skeleton and names."""
        return split(f"{self.kind}\n{self.name}\n{self.value}")
