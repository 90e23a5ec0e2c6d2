"""What a bake file says: variables, groups, targets, each value with its place."""

from collections.abc import Mapping

import msgspec

from dockwright.text import SourceFile, Span

Value = str | int | float | bool | None | tuple["Value", ...] | dict[str, "Value"]


class Unknown(msgspec.Struct, frozen=True):
    """A value that cannot be told without running bake: `reason` says why."""

    reason: str
    span: Span


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a bake file. `kind`: syntax, reference, value, cycle, limit."""

    kind: str
    message: str
    path: str
    span: Span


class Origin(msgspec.Struct, frozen=True):
    """A value with the file and span of the attribute or item that gave it."""

    value: "Value | Unknown"
    path: str
    span: Span

    @property
    def text(self) -> str | None:
        """The value when it is a known text, else None."""
        return self.value if isinstance(self.value, str) else None


class Variable(msgspec.Struct, frozen=True):
    """A `variable` block (or JSON entry). `default` is None when it has none; `value` what holds now."""

    name: str
    path: str
    span: Span
    default: Origin | None = None


class Target(msgspec.Struct, frozen=True):
    """One target after inheritance, merging and matrix expansion.

    A field is None or empty where nothing sets it. `name` of a matrix target is its expanded name and `base` the
    name of the block; otherwise both are equal. Lists hold one origin per item.
    """

    name: str
    base: str
    path: str
    span: Span
    """The block's label, what a finding about the whole target points at."""
    context: Origin | None = None
    dockerfile: Origin | None = None
    dockerfile_inline: Origin | None = None
    target: Origin | None = None
    contexts: Mapping[str, Origin] = {}
    args: Mapping[str, Origin] = {}
    labels: Mapping[str, Origin] = {}
    tags: tuple[Origin, ...] = ()
    platforms: tuple[Origin, ...] = ()
    cache_from: tuple[Origin, ...] = ()
    cache_to: tuple[Origin, ...] = ()
    output: tuple[Origin, ...] = ()
    secrets: tuple[Origin, ...] = ()
    inherits: tuple[Origin, ...] = ()
    matrix: Mapping[str, Origin] = {}
    """Values of the matrix variables of this instance."""


class Group(msgspec.Struct, frozen=True):
    """A group and the targets or groups it names."""

    name: str
    path: str
    span: Span
    targets: tuple[Origin, ...]


class Baked(msgspec.Struct, frozen=True):
    """What a set of bake files comes to under given variables."""

    targets: Mapping[str, Target]
    groups: Mapping[str, Group]
    variables: Mapping[str, Origin]
    problems: tuple[Problem, ...]

    def default(self) -> tuple[str, ...]:
        """Names of the targets that `bake` without arguments builds."""
        raise NotImplementedError


class BakeFile(msgspec.Struct, frozen=True):
    """One bake file as written; see `dockwright.bake.read` and `dockwright.bake.resolve`."""

    source: SourceFile
    variables: Mapping[str, Variable]
    problems: tuple[Problem, ...]
