"""From the ledger to trends: one for each value and scenario of a target, each with its changes and what they come from."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dockwright.ledger.model import Machine, Point
from dockwright.ledger.store import Ledger
from dockwright.measure.budgets import grown
from dockwright.measure.trends.rule import Change, changes, median, spread

BETTER_UP = frozenset({"cached_steps"})
"""Values of which more is better."""
IMAGE = "image"
UNJUDGED = frozenset({"context_bytes"})
"""BuildKit is sent what has changed since the last build of the same folder, so this goes up and down by itself."""
ON_REQUEST = frozenset({"steps", "cached_steps", "network_seconds", *UNJUDGED})
"""Values that say what kind of build it was rather than how good it is: only when asked for by name."""
SHOWN = 500
"""Newest points that are kept."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A change of level: between which builds, from what to what, and what grew.

    `p` is None for sizes and counts. `after_commit` is the last commit with the former level, `commit` the first with the
    new one: what is between them is to be looked at.
    """

    at: datetime
    index: int
    before: float
    after: float
    share: float | None
    """By which part; None from zero."""
    p: float | None
    worse: bool
    commit: str
    after_commit: str
    run: int
    causes: tuple[str, ...]


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a target over time. `unit` is `s`, `bytes` or `count`; `machine` empty where it makes no difference."""

    target: str
    value: str
    unit: str
    scenario: str
    kind: str
    """`image` for accounts of images (`dockwright image`), else `build`."""
    platform: str
    """Empty where there is only one."""
    engine: str = ""
    """`podman` or `docker` (all with BuildKit) where both have built it; else empty."""
    machine: str
    points: tuple[Point, ...]
    last: float
    median: float
    spread: float
    """1.4826 times the median absolute deviation since the last change."""
    changes: tuple[Told, ...]

    @property
    def regressed(self) -> bool:
        """The newest level is a worse one than that before it."""
        return bool(self.changes) and self.changes[-1].worse


def unit_of(name: str) -> str:
    """The unit a value's name says."""
    if name.endswith("_bytes"):
        return "bytes"
    return "s" if name == "seconds" or name.endswith("_seconds") else "count"


def trends(
    ledger: Ledger,
    target: str,
    *,
    value: str | None = None,
    scenario: str | None = None,
    machines: bool = False,
) -> list[Trend]:
    """Trends of a target. Durations are of the class of machine that measured last, unless all `machines` are wanted.

    Only builds that ended well count.
    """
    found = []
    for name in sorted(ledger.names(target)):
        if name != value if value is not None else name in ON_REQUEST:
            continue
        for line in _lines(ledger.series(target, name)):
            if scenario is None or line.scenario == scenario:
                trend = _trend(ledger, target, name, line, machines=machines)
                found += [trend] if trend is not None else []
    return found


class Line(msgspec.Struct, frozen=True):
    """What the points of one trend have in common; None is: all of them."""

    scenario: str
    kinds: tuple[str, ...] = ()
    platform: str | None = None
    engine: str = ""
    engines: tuple[str, ...] = ()


def _lines(series: Sequence[tuple[str, str, str, str]]) -> list[Line]:
    """Accounts of images and builds are lines of their own, as engines count an image's bytes in ways of theirs; so are
    platforms, and builds of Podman and of BuildKit, where there are several.
    """
    found: list[Line] = []
    for scenario in dict.fromkeys(one[0] for one in series):
        for image in (False, True):
            own = [one for one in series if one[0] == scenario and (one[1] == IMAGE) is image]
            parts = [own] if image else [part for part in _by_engine(own) if part]
            for part in parts:
                name = ("podman" if part[0][3] == "podman" else "docker") if len(parts) > 1 else ""
                found += _by_platform(scenario, part, name)
    return found


def _by_engine(own: Sequence[tuple[str, str, str, str]]) -> tuple[list[tuple[str, str, str, str]], ...]:
    """Builds with BuildKit, whoever started it, and those of Podman: another cache, and other sizes of images."""
    return [one for one in own if one[3] != "podman"], [one for one in own if one[3] == "podman"]


def _by_platform(scenario: str, own: Sequence[tuple[str, str, str, str]], engine: str) -> list[Line]:
    kinds = tuple(dict.fromkeys(one[1] for one in own))
    engines = tuple(dict.fromkeys(one[3] for one in own)) if engine else ()
    platforms = dict.fromkeys(one[2] for one in own)
    several = len(set(platforms) - {""}) > 1
    wanted: list[str | None] = [*platforms] if several else [None]
    return [Line(scenario, kinds, one, engine, engines) for one in wanted if own]


def _trend(ledger: Ledger, target: str, name: str, line: Line, *, machines: bool) -> Trend | None:
    unit = unit_of(name)
    machine: Machine | None = None
    if unit == "s" and not machines:
        newest = _points(ledger, target, name, line)[-1:]
        run = ledger.run(newest[0].run, whole=False) if newest else None
        machine = run.machine if run is not None else None
    points = _points(ledger, target, name, line, machine)[-SHOWN:]
    if not points:
        return None
    values = [point.value for point in points]
    found = changes(values, unit) if name not in UNJUDGED else []
    level = values[found[-1].index :] if found else values
    return Trend(
        target=target,
        value=name,
        unit=unit,
        scenario=line.scenario,
        kind=IMAGE if line.kinds == (IMAGE,) else "build",
        platform=line.platform or "",
        engine=line.engine,
        machine=str(machine) if machine is not None else "",
        points=tuple(points),
        last=values[-1],
        median=median(level),
        spread=spread(level),
        changes=tuple(_told(ledger, name, points, one) for one in found),
    )


def _points(
    ledger: Ledger, target: str, name: str, line: Line, machine: Machine | None = None
) -> list[Point]:
    return ledger.points(
        target, name, machine=machine, scenario=line.scenario, platform=line.platform, kinds=line.kinds,
        engines=line.engines,
    )  # fmt: skip


def _told(ledger: Ledger, name: str, points: Sequence[Point], change: Change) -> Told:
    first, last = points[change.index], points[change.index - 1]
    up = change.after > change.before
    run, before = ledger.run(first.run), ledger.run(last.run)
    causes = grown(run, before, name) if run is not None and up else ()
    return Told(
        at=first.at,
        index=change.index,
        before=change.before,
        after=change.after,
        share=change.share if change.before else None,
        p=change.p,
        worse=up != (name in BETTER_UP),
        commit=first.commit,
        after_commit=last.commit,
        run=first.run,
        causes=tuple(cause.text for cause in causes),
    )
