"""`same-config`: two ways of writing a stack resolve to the same configuration, or differ first here and there.

The resolved models are compared value by value. Differences that do not count must be named (`Modulo`): what was not
named counts, and the proof says which names would have been enough. Values of variables are given; where that is
possible the comparison is repeated with every variable set to a mark of its own, so that "same" does not rest on the
values of one day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from dockwright.compose.difference import Area, Change, Difference, difference
from dockwright.compose.leaves import Leaf
from dockwright.compose.load.origin import Origin
from dockwright.compose.load.problems import LoadProblem
from dockwright.compose.load.project import Project
from dockwright.compose.load.values import Mapping as MappingValue
from dockwright.compose.load.values import Sequence as SequenceValue
from dockwright.compose.load.values import Value, plain
from dockwright.compose.stack import Resolved
from dockwright.record import replaced

Model = Mapping[str, Any]
FIRST_MARK = 20_001
"""Marks are numbers, so that they fit where a port or a count stands too."""


class Modulo(StrEnum):
    """Differences that can be named as not counting."""

    PROFILES = "profiles"
    """The key `profiles` of enabled services."""
    ORDER = "order"
    """The order of lists whose order says nothing to Compose."""
    EXTENSIONS = "extensions"
    """Keys that begin with `x-`."""
    PROJECT_NAME = "project-name"
    """The project's name, and the names of networks and volumes made from it."""


class Verdict(StrEnum):
    """What became of an environment."""

    SAME = "same"
    DIFFERS = "differs"
    REFUSED = "cannot be resolved"
    """Compose refuses at least one side."""
    MISSING = "only on one side"


class Side(msgspec.Struct, frozen=True):
    """One way of writing: its name for people, and for each environment a function from variables to what it resolves to."""

    name: str
    environments: dict[str, Callable[[Mapping[str, str]], Resolved]]


class Found(msgspec.Struct, frozen=True):
    """One difference with the places of both sides. `service` is empty for networks, volumes and the like."""

    service: str
    name: str
    area: Area
    before: Leaf | None
    after: Leaf | None
    places: tuple[Origin | None, Origin | None]
    modulo: Modulo | None = None
    """The name under which it would not count."""


class EnvironmentProof(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of one environment. `differences` are all that count; `modulo` those that were named."""

    name: str
    verdict: Verdict
    differences: tuple[Found, ...] = ()
    modulo: tuple[Found, ...] = ()
    errors: tuple[tuple[str, LoadProblem], ...] = ()
    """Errors with the side (`before`, `after`) they are of."""
    variables: tuple[str, ...] = ()
    """Variables in either side's values."""
    marked: str = ""
    """`shown` when the comparison held with every variable set to a mark, else why it was not tried or failed."""


class ComposeProof(msgspec.Struct, frozen=True):
    """The result for every environment."""

    before: str
    after: str
    environments: tuple[EnvironmentProof, ...]
    modulo: tuple[Modulo, ...] = ()

    @property
    def same(self) -> bool:
        """True when there is something to compare, and all of it is the same."""
        return bool(self.environments) and all(one.verdict is Verdict.SAME for one in self.environments)


def prove_compose(
    before: Side, after: Side, variables: Mapping[str, str] | None = None, modulo: Sequence[Modulo] = ()
) -> ComposeProof:
    """Compare two ways of writing, environment by environment; one that only one side has is no proof."""
    given = dict(variables or {})
    found = []
    for name in dict.fromkeys((*before.environments, *after.environments)):
        first, second = before.environments.get(name), after.environments.get(name)
        if first is None or second is None:
            found.append(EnvironmentProof(name=name, verdict=Verdict.MISSING))
        else:
            found.append(_environment(name, (first, second), given, modulo))
    return ComposeProof(before.name, after.name, tuple(found), tuple(modulo))


_Sides = tuple[Callable[[Mapping[str, str]], Resolved], Callable[[Mapping[str, str]], Resolved]]


def _environment(
    name: str, sides: _Sides, given: Mapping[str, str], modulo: Sequence[Modulo]
) -> EnvironmentProof:
    a, b = (side(given) for side in sides)
    if a.project is None or b.project is None:
        errors = [
            (label, _told(one, side))
            for label, side in (("before", a), ("after", b))
            for one in side.loaded.errors
        ]
        return EnvironmentProof(name=name, verdict=Verdict.REFUSED, errors=tuple(errors))
    differences, excused = _compare(a, b, modulo)
    used = tuple(sorted(set(_variables(a.project)) | set(_variables(b.project))))
    proof = EnvironmentProof(
        name=name,
        verdict=Verdict.DIFFERS if differences else Verdict.SAME,
        differences=differences,
        modulo=excused,
        variables=used,
    )
    if differences or not used:
        return proof
    return _with_marks(proof, sides, given, modulo)


def _told(problem: LoadProblem, side: Resolved) -> LoadProblem:
    """With paths relative to the tree's root, as everywhere else."""
    places = tuple(side.told(place) for place in problem.places)
    return replaced(problem, places=places, message=side.words(problem.message))


def _with_marks(
    proof: EnvironmentProof, sides: _Sides, given: Mapping[str, str], modulo: Sequence[Modulo]
) -> EnvironmentProof:
    """Once more, every variable a number nobody uses: what is equal then does not rest on equal values or defaults."""
    marks = {name: str(FIRST_MARK + index) for index, name in enumerate(proof.variables)}
    a, b = (side({**given, **marks}) for side in sides)
    if a.project is None or b.project is None:
        return msgspec.structs.replace(
            proof, marked="not tried: with marks for values Compose refuses the files"
        )
    differences, _ = _compare(a, b, modulo)
    if differences:
        return msgspec.structs.replace(
            proof,
            verdict=Verdict.DIFFERS,
            differences=differences,
            marked="differs when variables have other values",
        )
    return msgspec.structs.replace(proof, marked="shown")


def _compare(
    a: Resolved, b: Resolved, modulo: Sequence[Modulo]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """Differences that count, and those that were named."""
    assert a.project is not None
    assert b.project is not None
    models = model(a), model(b)
    found = [_found(change, service, (a, b), models) for service, change in _all(difference(*models), models)]
    counted = tuple(one for one in found if one.modulo is None or one.modulo not in modulo)
    excused = tuple(one for one in found if one.modulo is not None and one.modulo in modulo)
    return counted, excused


def model(side: Resolved) -> dict[str, Any]:
    """The resolved project as plain data, with what JSON output would leave out (`x-*` below the top, `models`).

    Paths are relative to the tree's root (`./data`, `../up`): the root itself was made up, and is not the same for two
    folders that hold the same.
    """
    assert side.project is not None
    found = {key: value for key, value in plain(side.project.model).items() if key != "version"}
    return {"name": side.project.name, **{key: _relative(value, side) for key, value in found.items()}}


def _relative(value: Any, side: Resolved) -> Any:
    if isinstance(value, str):
        return f"./{value[len(side.root) + 1 :]}" if value.startswith(f"{side.root}/") else side.words(value)
    if isinstance(value, dict):
        return {key: _relative(item, side) for key, item in value.items()}
    if isinstance(value, list):
        return [_relative(item, side) for item in value]
    return value


def _all(found: Difference, models: tuple[Model, Model]) -> Iterator[tuple[str, Change]]:
    """Every change with its service. A service of one side only is one change."""
    for one in found.services:
        name = one.a or one.b or ""
        if one.a is None or one.b is None:
            path = ("services", name)
            leaf = Leaf(None, path)
            yield name, Change("", Area.OTHER, leaf if one.a else None, leaf if one.b else None)
            continue
        yield from ((name, change) for change in one.changes)
        touched = {change.name.partition(".")[0].partition("[")[0] for change in one.changes}
        mine, theirs = (side["services"][own] or {} for side, own in zip(models, (one.a, one.b), strict=True))
        for change in _orders(mine, theirs, ("services", name)):
            if change.name.partition(".")[0] not in touched:
                yield name, change
    yield from (("", change) for change in found.top)
    tops = [{key: value for key, value in side.items() if key != "services"} for side in models]
    if not found.top:
        yield from (("", change) for change in _orders(tops[0], tops[1], ()))


def _orders(a: Any, b: Any, path: tuple[str | int, ...], name: str = "") -> Iterator[Change]:
    """Lists that hold the same items in another order (anything else is found by the leaves)."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a:
            if key in b:
                yield from _orders(a[key], b[key], (*path, key), f"{name}.{key}" if name else key)
    elif isinstance(a, list) and isinstance(b, list) and a != b:
        yield Change(name, Area.OTHER, Leaf(a, path), Leaf(b, path))


def _found(
    change: Change, service: str, sides: tuple[Resolved, Resolved], models: tuple[Model, Model]
) -> Found:
    places = tuple(
        side.place(leaf.path) if leaf is not None else None
        for side, leaf in zip(sides, (change.a, change.b), strict=True)
    )
    return Found(
        service,
        change.name,
        change.area,
        change.a,
        change.b,
        (places[0], places[1]),
        _modulo(change, service, models),
    )


def _modulo(change: Change, service: str, models: tuple[Model, Model]) -> Modulo | None:
    """The name under which a change need not count."""
    keys = change.name.replace("[", ".").split(".")
    if any(key.startswith("x-") for key in keys):
        return Modulo.EXTENSIONS
    if service and keys[0] == "profiles":
        return Modulo.PROFILES
    values = tuple(leaf.value if leaf is not None else None for leaf in (change.a, change.b))
    if (
        not service
        and change.name.rpartition(".")[2] == "name"
        and all(isinstance(one, str) for one in values)
    ):
        names = tuple(str(one.get("name")) for one in models)
        own = tuple(str(value).removeprefix(f"{name}_") for value, name in zip(values, names, strict=True))
        if change.name == "name" or (own[0] == own[1] and values != own):
            return Modulo.PROJECT_NAME
    if all(isinstance(one, list) for one in values) and _sorted(values[0]) == _sorted(values[1]):
        return Modulo.ORDER if keys[-1] not in _ORDER_COUNTS else None
    return None


_ORDER_COUNTS = frozenset(
    {"command", "entrypoint", "test", "dns", "dns_search", "env_file", "post_start", "pre_stop"}
)


def _sorted(items: Any) -> list[bytes]:
    return sorted(msgspec.json.encode(item, order="deterministic") for item in items)


def _variables(project: Project) -> Iterator[str]:
    """Names of the variables in the values of a project."""
    waiting: list[Value] = [project.model]
    while waiting:
        value = waiting.pop()
        yield from (use.name for use in value.uses)
        if isinstance(value, MappingValue):
            waiting += value.entries.values()
        elif isinstance(value, SequenceValue):
            waiting += value.items
