"""How alike two compose files are, by the settings of the services that play the same role in both.

Settings are counted by path over both services: equal ones / all. Services are matched one to one within a role, the
most alike first; what is left is matched by image repository, then by what is built, where that is unique on both
sides. Services without a counterpart do not lower the share; they are listed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import msgspec

from dockwright.compose.effective import effective
from dockwright.compose.file import ComposeFile
from dockwright.compose.roles import Neutral, role
from dockwright.compose.yaml.nodes import Node
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.figures import Basis, Figure
from dockwright.overlap.difference import Cell
from dockwright.overlap.place import Place
from dockwright.overlap.settings import Settings, filled

PARTNERS = 24
"""Most other compose files each file is compared with, those that share most roles first."""
RIVALS = 40
"""Services of one role in one file that are matched; further ones are not (they are listed as without counterpart)."""
HOW = "equal settings / settings of either service, over matched services (default values filled in, names neutral)"


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


Load = Callable[[str], ComposeFile | None]


class Stack:
    """A compose file with the settings of its services."""

    def __init__(self, file: ComposeFile, load: Load) -> None:
        """`load` gives the file at a path, for `extends`."""
        self.path = file.path
        self.source = file.yaml.source
        self.file = file
        neutral = Neutral([*file.services, *file.volumes, *file.networks])
        parts = _parts(file, load)
        self.settings = {
            name: Settings(parts.get(name) or [service.node], neutral)
            for name, service in file.services.items()
        }

    def __repr__(self) -> str:
        return f"Stack({self.path!r}, {len(self.settings)} services)"

    @cached_property
    def roles(self) -> dict[str, list[str]]:
        """Services by role."""
        found: dict[str, list[str]] = {}
        for name in self.settings:
            found.setdefault(role(name), []).append(name)
        return found

    def kind(self, name: str) -> tuple[str, ...] | None:
        """What a service is made from: its build, or the repository of its image."""
        rest = self.settings[name].rest
        if "build.dockerfile" in rest:
            keys = ("build.context", "build.dockerfile", "build.target")
            return ("build", *(rest.get(key, "") for key in keys))
        image = self.file.services[name].image
        reference = parse_reference(filled(image.raw)) if image is not None else None
        return ("image", reference.name) if isinstance(reference, ImageReference) else None


def _parts(file: ComposeFile, load: Load) -> dict[str, list[Node]]:
    """For each service that extends another: itself and those it extends as written, the lowest first."""
    if not any(service.extends is not None for service in file.services.values()):
        return {}
    project = effective([file.path], load)
    return {name: [part.node for part in service.parts] for name, service in project.services.items()}


def stacks(files: Sequence[ComposeFile]) -> list[Stack]:
    """The compose files that define services, by path."""
    by_path = {file.path: file for file in files}
    return [Stack(by_path[path], by_path.get) for path in sorted(by_path) if by_path[path].services]


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
    left_a, left_b = _by_kind(a, taken_a | _shared_roles(a, b)), _by_kind(b, taken_b | _shared_roles(b, a))
    for kind, names in left_a.items():
        others = left_b.get(kind, [])
        if len(names) == len(others) == 1:
            yield names[0], others[0]


def _shared_roles(stack: Stack, other: Stack) -> set[str]:
    """Services whose role the other file has: more of them than there."""
    return {name for part, names in stack.roles.items() if part in other.roles for name in names}


def _by_kind(stack: Stack, without: set[str]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for name in stack.settings:
        kind = None if name in without else stack.kind(name)
        if kind is not None:
            found.setdefault(kind, []).append(name)
    return found


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
    leaves = stack.settings[service].leaves
    leaf = leaves.get(path)
    if leaf is not None:
        return Cell(leaf.shown, leaf.place)
    words, node = stack.settings[service].commands.get(path, ([], None))
    return Cell(" ".join(words), Place(node.file.source, node.span)) if node is not None else None
