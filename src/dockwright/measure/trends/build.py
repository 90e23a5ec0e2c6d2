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
ON_REQUEST = frozenset({"steps", "cached_steps", "network_seconds"})
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
    platform: str
    """Empty where there is only one."""
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
        for one, platforms in _series(ledger, target, name).items():
            if scenario is not None and one != scenario:
                continue
            for platform in platforms:
                trend = _trend(ledger, target, name, one, platform, machines=machines)
                found += [trend] if trend is not None else []
    return found


def _series(ledger: Ledger, target: str, name: str) -> dict[str, list[str | None]]:
    """Platforms by scenario. Builds for several platforms are several lines; where there is one, it makes no difference."""
    found: dict[str, list[str | None]] = {}
    for scenario, platform in ledger.series(target, name):
        found.setdefault(scenario, []).append(platform)
    return {
        scenario: platforms if len(set(platforms) - {""}) > 1 else [None]
        for scenario, platforms in found.items()
    }


def _trend(
    ledger: Ledger, target: str, name: str, scenario: str, platform: str | None, *, machines: bool
) -> Trend | None:
    unit = unit_of(name)
    machine: Machine | None = None
    if unit == "s" and not machines:
        newest = ledger.points(target, name, scenario=scenario, platform=platform)[-1:]
        run = ledger.run(newest[0].run, whole=False) if newest else None
        machine = run.machine if run is not None else None
    points = ledger.points(target, name, machine=machine, scenario=scenario, platform=platform)[-SHOWN:]
    if not points:
        return None
    values = [point.value for point in points]
    found = changes(values, unit)
    level = values[found[-1].index :] if found else values
    return Trend(
        target=target,
        value=name,
        unit=unit,
        scenario=scenario,
        platform=platform or "",
        machine=str(machine) if machine is not None else "",
        points=tuple(points),
        last=values[-1],
        median=median(level),
        spread=spread(level),
        changes=tuple(_told(ledger, name, points, one) for one in found),
    )


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
