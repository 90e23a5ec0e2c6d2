"""Budgets as `[budgets]` of `dockwright.toml` declares them.

    [budgets]
    dockerfiles = 9                            # files of the repository's own
    compose_files = 4
    context.backend = "20 MB"                  # what a build is sent; checked by `check`
    image."*" = "1 GB"                         # unpacked; of every target without its own (or `image = "1 GB"` alone)
    image.backend = "200 MB"
    compressed.backend = "80 MB"               # as a registry keeps it
    dead.backend = "5 MB"                      # shipped and not visible
    rebuild.backend = "5 s"                    # after one source line has changed
    rebuild.worker = {cold = "10 min", dependency = "2 min", source = "5 s", no-change = "1 s"}

Sizes and durations are numbers (bytes, seconds) or texts with a unit (`quantities`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from dockwright.lazy import lazy_regex
from dockwright.quantities import parse_bytes, parse_seconds

ALL = "*"
SCENARIOS = ("source", "dependency", "cold", "no-change")
Amount = str | int | float


class Budgets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table as it is written; `limits` reads it."""

    dockerfiles: int | None = None
    compose_files: int | None = None
    context: Amount | dict[str, Amount] = {}
    image: Amount | dict[str, Amount] = {}
    compressed: Amount | dict[str, Amount] = {}
    dead: Amount | dict[str, Amount] = {}
    rebuild: Amount | dict[str, Amount | dict[str, Amount]] = {}


class Limit(msgspec.Struct, frozen=True):
    """One budget: what is limited (`dockerfiles`, `image` …), for which target (`*`: all others), to how much.

    `key` is the way to it in the table, for messages and for its line.
    """

    kind: str
    target: str
    amount: float
    unit: str
    key: tuple[str, ...]
    scenario: str = ""


def limits(table: Mapping[str, Any]) -> list[Limit]:
    """All budgets of the table as TOML has it (`Config.budgets`). Raises ValueError that names the key."""
    try:
        declared = msgspec.convert(table, Budgets)
    except msgspec.ValidationError as error:
        raise ValueError(str(error).replace("`$", "`$.budgets")) from error
    found = []
    for kind in ("dockerfiles", "compose_files"):
        number = getattr(declared, kind)
        if number is not None:
            if number < 0:
                raise ValueError(f"budgets.{kind}: {number} is no number of files")
            found.append(Limit(kind, ALL, number, "files", (kind,)))
    for kind in ("context", "image", "compressed", "dead"):
        for target, amount, key in _per_target(kind, getattr(declared, kind)):
            found.append(Limit(kind, target, _read(amount, "bytes", key), "bytes", key))
    return [*found, *_rebuilds(declared.rebuild)]


def _per_target(kind: str, given: object) -> Iterator[tuple[str, object, tuple[str, ...]]]:
    if isinstance(given, Mapping):
        for target, amount in given.items():
            yield target, amount, (kind, target)
    else:
        yield ALL, given, (kind,)


def _rebuilds(given: object) -> Iterator[Limit]:
    for target, amount, key in _per_target("rebuild", given):
        several = amount if isinstance(amount, Mapping) else {"": amount}
        for scenario, seconds in several.items():
            if scenario and scenario not in SCENARIOS:
                raise ValueError(f"budgets.{'.'.join(key)}: {scenario!r} is none of {', '.join(SCENARIOS)}")
            whole = (*key, scenario) if scenario else key
            yield Limit("rebuild", target, _read(seconds, "s", whole), "s", whole, scenario or "source")


def _read(given: object, unit: str, key: tuple[str, ...]) -> float:
    assert isinstance(given, str | int | float)
    try:
        return parse_bytes(given) if unit == "bytes" else parse_seconds(given)
    except ValueError as error:
        raise ValueError(f"budgets.{'.'.join(key)}: {error}") from error


def limit_for(found: list[Limit], kind: str, target: str, scenario: str = "") -> Limit | None:
    """The budget that holds for a target: its own, else the one of all others."""
    fitting = {one.target: one for one in found if one.kind == kind and one.scenario == scenario}
    return fitting.get(target, fitting.get(ALL))


_WORD = r"(?:\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([A-Za-z0-9_-]++))"
_KEY = lazy_regex(rf"\s*+{_WORD}\s*+(?:\.\s*+{_WORD}\s*+)*+")
_NAMES = lazy_regex(_WORD)


def line_of(text: str, key: tuple[str, ...]) -> int:
    """The line (from 1) of a budget in the text of a TOML file; of its table where it is not found; else 0.

    The longest written key that leads to `key` wins, so that `image = {web = …}` is found for `image.web`.
    """
    best, line, table = 0, 0, ()  # type: tuple[int, int, tuple[str, ...]]
    for number, row in enumerate(text.splitlines(), 1):
        stripped = row.strip()
        header = stripped.startswith("[")
        match = _KEY.match(stripped.lstrip("["))
        if match is None:
            continue
        names = tuple(
            next(part for part in found if part) for found in _NAMES.findall(match[0]) if any(found)
        )
        if header:
            table = names[2:] if names[:2] == ("tool", "dockwright") else names
        elif not stripped.lstrip()[match.end() :].startswith("="):
            continue
        path = table if header else (*table, *names)
        if path == ("budgets", *key)[: len(path)] and len(path) > best:
            best, line = len(path), number
    return line
