"""How alike two resolved projects are, by the settings of the services that play the same role in both.

Settings are counted by path over both services: equal ones / all. Services are matched one to one within a role, the
most alike first; what is left is matched by what it runs, serves, mounts and needs (`compose.pairs`). Services without
a counterpart do not lower the share; they are listed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import msgspec

from dockwright.compose.leaves import Path
from dockwright.compose.load.origin import Place as Written
from dockwright.compose.load.project import Project
from dockwright.compose.load.render import Unrenderable, data
from dockwright.compose.load.values import Value, plain
from dockwright.compose.pairs import paired
from dockwright.compose.roles import Neutral, role
from dockwright.compose.standin import Attempt, Status
from dockwright.compose.yaml.scalar import Scalar
from dockwright.figures import Basis, Figure
from dockwright.overlap.difference import Cell
from dockwright.overlap.place import Place
from dockwright.overlap.settings import Setting, Settings
from dockwright.text import SourceFile, Span

PARTNERS = 24
"""Most other compose files each file is compared with, those that share most roles first."""
RIVALS = 40
"""Services of one role in one file that are matched; further ones are not (they are listed as without counterpart)."""
HOW = "equal settings / settings of either service, over matched services (resolved as compose does, names neutral)"


class ServiceOverlap(msgspec.Struct, frozen=True):
    """Two services of one role. `environment` is None when neither sets variables."""

    role: str
    a: str
    b: str
    total: Figure
    environment: Figure | None
    rest: Figure
    equal: int
    union: int


class ComposeOverlap(msgspec.Struct, frozen=True):
    """Two compose files, `a` before `b` by path. The figures are shares; `environment` counts variables only."""

    a: str
    b: str
    total: Figure
    environment: Figure | None
    rest: Figure
    services: tuple[ServiceOverlap, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    @property
    def roles(self) -> int:
        """Roles that both files have."""
        return len({service.role for service in self.services})


class SettingRow(msgspec.Struct, frozen=True):
    """A setting that differs between two matched services; a side without it is None."""

    service_a: str
    service_b: str
    path: str
    a: Cell | None
    b: Cell | None


class Stack:
    """A resolved project with the settings of its services. `path` names it: its file, or an environment."""

    def __init__(self, path: str, attempt: Attempt) -> None:
        """Raises ValueError for an attempt that came to nothing."""
        if attempt.project is None:
            raise ValueError(f"{path} does not resolve")
        self.path = path
        self.attempt = attempt
        self.project = attempt.project
        self.model = _model(self.project)
        services = self.model["services"]
        root = attempt.exact.root
        neutral = Neutral(
            [*services, *(self.model.get("volumes") or ()), *(self.model.get("networks") or ())]
        )
        self.settings = {
            name: Settings(
                name,
                service or {},
                neutral,
                root,
                self._written if attempt.variables else None,
                made_up=attempt.status is not Status.RESOLVES,
            )
            for name, service in services.items()
        }
        self._sources: dict[str, SourceFile] = {}

    def __repr__(self) -> str:
        return f"Stack({self.path!r}, {len(self.settings)} services)"

    def renamed(self, path: str) -> "Stack":
        """The same under another name."""
        found = copy(self)
        found.path = path
        return found

    @cached_property
    def roles(self) -> dict[str, list[str]]:
        """Services by role."""
        found: dict[str, list[str]] = {}
        for name in self.settings:
            found.setdefault(role(name), []).append(name)
        return found

    def cell(self, setting: Setting) -> Cell:
        """A setting as it is shown, with its place."""
        return Cell(setting.shown, self._place_of(setting.route))

    def _written(self, route: Path) -> str | None:
        """The text of a value that holds a variable nothing sets; None for any other."""
        value = self.project.at(*route)
        if value is not None and isinstance(value.place, Scalar) and self.attempt.stood_in(value):
            return value.place.text
        return None

    def _place_of(self, route: Path) -> Place:
        """Where a value was written; for a part compose made up, where what it is part of was written."""
        for size in range(len(route), 0, -1):
            place = self._place(self.project.at(*route[:size]))
            if place is not None:
                return place
        return Place(SourceFile(self.path, b""), Span(0, 0))

    def _place(self, value: Value | None) -> Place | None:
        origin = value.place if value is not None else None
        if origin is None:
            return None
        source = origin.source if isinstance(origin, Written) else origin.file.source
        if source.path not in self._sources:
            path = source.path.removeprefix(f"{self.attempt.exact.root}/")
            self._sources[source.path] = SourceFile(path, source.data)
        return Place(self._sources[source.path], origin.span)


def _model(project: Project) -> dict[str, Any]:
    try:
        return data(project)
    except Unrenderable:  # SSH keys with a path: compose cannot print it as JSON, but it is there
        found = plain(project.model)
        return found if isinstance(found, dict) else {}


def stacks(files: Sequence[tuple[str, Attempt]]) -> list[Stack]:
    """The projects that resolve and have services, by name; nothing of those that do not."""
    made = (
        Stack(path, attempt) for path, attempt in sorted(files, key=lambda one: one[0]) if attempt.project
    )
    return [stack for stack in made if stack.settings]


def compose_overlaps(found: Sequence[Stack], partners: int = PARTNERS) -> list[ComposeOverlap]:
    """Pairs of files with a role in common, the most alike first, then by path."""
    overlaps = [overlap(found[i], found[j]) for i, j in _pairs(found, partners)]
    overlaps = [one for one in overlaps if one.services]
    overlaps.sort(key=lambda one: (-one.total.value, one.a, one.b))
    return overlaps


def _pairs(found: Sequence[Stack], partners: int) -> list[tuple[int, int]]:
    if len(found) <= partners:
        return [(i, j) for j in range(len(found)) for i in range(j)]
    owners: dict[str, list[int]] = {}
    for at, stack in enumerate(found):
        for name in stack.roles:
            owners.setdefault(name, []).append(at)
    chosen: set[tuple[int, int]] = set()
    for at, stack in enumerate(found):
        shared: Counter[int] = Counter()
        for name in stack.roles:
            shared.update(owners[name])
        del shared[at]
        size = {other: len(stack.roles) + len(found[other].roles) for other in shared}
        best = sorted(shared, key=lambda other: (-shared[other] / size[other], abs(other - at), other))
        chosen.update((min(at, other), max(at, other)) for other in best[:partners])
    return sorted(chosen)


def overlap(a: Stack, b: Stack) -> ComposeOverlap:
    """Compare two files; `a` comes before `b` by path."""
    order = {name: number for number, name in enumerate(a.settings)}
    matched = sorted(match_services(a, b), key=lambda pair: order[pair[0]])
    counts = [_counts(a.settings[x], b.settings[y]) for x, y in matched]
    services = tuple(
        ServiceOverlap(
            role(x),
            x,
            y,
            _share("settings", *_sum(one)),
            _variables(one[0]),
            _share("other settings", *one[1]),
            *_sum(one),
        )
        for (x, y), one in zip(matched, counts, strict=True)
    )
    environment = (sum(one[0][0] for one in counts), sum(one[0][1] for one in counts))
    rest = (sum(one[1][0] for one in counts), sum(one[1][1] for one in counts))
    taken_a, taken_b = {x for x, _ in matched}, {y for _, y in matched}
    return ComposeOverlap(
        a.path,
        b.path,
        _share("settings", *_sum((environment, rest))),
        _variables(environment),
        _share("other settings", *rest),
        services,
        tuple(name for name in a.settings if name not in taken_a),
        tuple(name for name in b.settings if name not in taken_b),
    )


Count = tuple[int, int]
"""Equal settings, and all."""


def _counts(a: Settings, b: Settings) -> tuple[Count, Count]:
    environment = (
        len(a.environment.items() & b.environment.items()),
        len(a.environment.keys() | b.environment.keys()),
    )
    return environment, (len(a.rest.items() & b.rest.items()), len(a.rest.keys() | b.rest.keys()))


def _sum(counts: tuple[Count, Count]) -> Count:
    return counts[0][0] + counts[1][0], counts[0][1] + counts[1][1]


def _share(name: str, equal: int, union: int) -> Figure:
    return Figure(name, equal / union if union else 1.0, "share", Basis.DERIVED, HOW)


def _variables(count: Count) -> Figure | None:
    return _share("environment variables", *count) if count[1] else None


def match_services(a: Stack, b: Stack) -> Iterator[tuple[str, str]]:
    """Services that play the same part, each at most once."""
    options: list[tuple[float, str, str]] = []
    for name, ours in a.roles.items():
        for x in ours[:RIVALS]:
            for y in b.roles.get(name, ())[:RIVALS]:
                equal, union = _sum(_counts(a.settings[x], b.settings[y]))
                options.append((-equal / max(union, 1), x, y))
    taken_a: set[str] = set()
    taken_b: set[str] = set()
    for _, x, y in sorted(options):
        if x not in taken_a and y not in taken_b:
            taken_a.add(x)
            taken_b.add(y)
            yield x, y
    yield from paired(
        _without(a, taken_a | _shared_roles(a, b)), _without(b, taken_b | _shared_roles(b, a))
    ).items()


def _shared_roles(stack: Stack, other: Stack) -> set[str]:
    """Services whose role the other file has: more of them than there."""
    return {name for part, names in stack.roles.items() if part in other.roles for name in names}


def _without(stack: Stack, taken: set[str]) -> dict[str, Any]:
    """The model with those services only that are not taken."""
    services = stack.model["services"]
    return {"services": {name: service for name, service in services.items() if name not in taken}}


def setting_rows(a: Stack, b: Stack, services: Sequence[ServiceOverlap]) -> list[SettingRow]:
    """What differs between matched services, by service, then variables, then the rest by path.

    A command is one row, whatever the number of words that differ.
    """
    rows: list[SettingRow] = []
    for pair in services:
        ours, theirs = a.settings[pair.a], b.settings[pair.b]
        paths = [
            path for path in {**ours.leaves, **theirs.leaves} if _value(ours, path) != _value(theirs, path)
        ]
        shown = dict.fromkeys(_row_path(path) for path in sorted(paths, key=_order))
        rows.extend(
            SettingRow(pair.a, pair.b, path, _cell(a, pair.a, path), _cell(b, pair.b, path)) for path in shown
        )
    return rows


def _value(settings: Settings, path: str) -> str | None:
    leaf = settings.leaves.get(path)
    return leaf.value if leaf is not None else None


def _order(path: str) -> tuple[bool, str]:
    return (not path.startswith("environment."), path)


def _row_path(path: str) -> str:
    top = path.partition(".")[0]
    return top if top in ("command", "entrypoint") else path


def _cell(stack: Stack, service: str, path: str) -> Cell | None:
    settings = stack.settings[service]
    found = settings.leaves.get(path) or settings.commands.get(path)
    return stack.cell(found) if found is not None else None
