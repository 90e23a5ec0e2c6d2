"""A step of a CI job, in one shape for every CI system."""

from collections.abc import Mapping

import msgspec

from dockwright.compose.yaml import Node, Scalar, Sequence
from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.script import Assignment, Dialect
from dockwright.shell.words import Word
from dockwright.text import MappedText, Span


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: a script to run, or an action (plugin, task) that is used with inputs."""

    span: Span
    within: str
    """Job and step, for people: `build / Push image`."""
    script: MappedText | None = None
    dialect: Dialect = Dialect.BASH
    cwd: SymbolicPath | None = HERE
    variables: tuple[Assignment, ...] = ()
    uses: str = ""
    inputs: Mapping[str, Word] = {}
    tolerated: bool = False
    """A failure of the step does not fail the job."""
    guarded: bool = False
    """It runs only where an earlier step found something."""


def scalar_text(node: Scalar) -> MappedText:
    """The decoded text of a scalar, each byte with its place in the file."""
    return node.mapped


def joined_scripts(nodes: list[Scalar]) -> MappedText:
    """Several scalars as one script, a line break between them; the working directory carries over."""
    data = bytearray()
    pieces: list[tuple[int, int]] = []
    for node in nodes:
        text = node.mapped
        pieces += [(at + len(data), source) for at, source in text.pieces]
        data += text.data
        pieces.append((len(data), text.end))
        data += b"\n"
    return MappedText(bytes(data), pieces, nodes[-1].end)


def scripts_of(node: Node | None) -> list[Scalar]:
    """The script lines of a value: one scalar, or a list (of lists) of scalars."""
    if isinstance(node, Scalar):
        return [] if node.is_null else [node]
    if isinstance(node, Sequence):
        return [line for item in node.values() for line in scripts_of(item)]
    return []
