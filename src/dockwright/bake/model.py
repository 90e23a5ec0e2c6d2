"""What bake files come to: variables, groups and targets, each value with its place."""

from collections.abc import Mapping

import msgspec

from dockwright.bake.values import Unknown, Value, to_text
from dockwright.text import Span


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a bake file. `kind`: syntax, reference, value, cycle."""

    kind: str
    message: str
    path: str
    span: Span


class Origin(msgspec.Struct, frozen=True):
    """A value with the file and span of the expression that gave it."""

    value: Value
    path: str
    span: Span

    @property
    def text(self) -> str | None:
        """The value as text; None when it is not known, null, a list or an object."""
        return None if isinstance(self.value, Unknown) else to_text(self.value)

    @property
    def unknown(self) -> str | None:
        """Why the value cannot be told; None when it is known."""
        return self.value.reason if isinstance(self.value, Unknown) else None


class Variable(msgspec.Struct, frozen=True):
    """A `variable` block or a global attribute, with the value that holds now."""

    name: str
    value: Origin
    has_default: bool
    given: bool = False
    """Taken from the variables that were given, not from the file."""


class Target(msgspec.Struct, frozen=True):
    """One target after merging, inheritance and matrix expansion.

    A field is None or empty where nothing sets it (bake then takes context `.` and dockerfile `Dockerfile`). Of a
    matrix, `name` is the expanded name and `base` that of the block; else both are equal. Lists hold one origin per
    item; when a list as a whole is not known, its one origin says why.
    """

    name: str
    base: str
    path: str
    span: Span
    """The block's label: what a finding about the whole target points at."""
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
    secret: tuple[Origin, ...] = ()
    ssh: tuple[Origin, ...] = ()
    inherits: tuple[Origin, ...] = ()
    network: Origin | None = None
    no_cache: Origin | None = None
    pull: Origin | None = None
    matrix: Mapping[str, Value] = {}
    """Values of the matrix variables of this instance."""


class Group(msgspec.Struct, frozen=True):
    """A group and the targets or groups it names. A matrix target is a group of its instances."""

    name: str
    path: str
    span: Span
    targets: tuple[Origin, ...]


class Baked(msgspec.Struct, frozen=True):
    """What a set of bake files comes to under given variables."""

    targets: dict[str, Target]
    groups: dict[str, Group]
    variables: dict[str, Variable]
    problems: tuple[Problem, ...]

    def expand(self, name: str) -> tuple[str, ...]:
        """The targets that building `name`, a group or target, builds."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        stack = [name]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            group = self.groups.get(current)
            if group is not None:
                stack.extend(item.text for item in reversed(group.targets) if item.text is not None)
            elif current in self.targets:
                found[current] = None
        return tuple(found)

    @property
    def default(self) -> tuple[str, ...]:
        """The targets that `bake` without arguments builds: the group or target `default`."""
        return self.expand("default")
