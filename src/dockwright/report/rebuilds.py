"""What a replay of the history says of rebuilds, as a part of the audit's document."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright.replay.result import DockerfileResult, ReplayResult, StepResult
from dockwright.report.places import FigureEntry
from dockwright.report.plain import plain
from dockwright.report.replay import words


class RebuildStep(msgspec.Struct, frozen=True):
    """A step over all commits, each against its parent. `unknown` hits if what it takes from a stage came out as before."""

    stage: str
    line: int
    text: str
    hits: int
    misses: int
    unknown: int


class RebuildEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One way of building a Dockerfile. `untouched`: commits after which it needs no rebuild."""

    path: str
    context: str
    target: str
    status: str
    commits: int
    untouched: int
    untouched_quieter: int | None
    """The same if the ignore file also left out what no program reads (CI, documentation); null where it was not tried."""
    rebuilt_by: str
    """The sources that make it rebuild most often, with their share of commits."""
    seconds: FigureEntry | None
    """Expected seconds of rebuilding per commit."""
    orders: Sequence[str]
    """Better orders of its steps."""
    remarks: Sequence[str]
    steps: Sequence[RebuildStep]


class Rebuilds(msgspec.Struct, frozen=True, kw_only=True):
    """A replay of the history in short; `dockwright replay --format json` has everything."""

    subject: str
    commits: int
    notes: Sequence[str]
    dockerfiles: Sequence[RebuildEntry]
    apart: Sequence[str]
    """Images that are hardly ever rebuilt by the same commit."""


def rebuilds(result: ReplayResult | None) -> dict[str, Any] | None:
    """Plain data for `Rebuilds`; the images that cost most come first."""
    if result is None:
        return None
    quieter = {(one.path, one.context, one.target): one.untouched for one in result.dockerfiles if one.label}
    ranked = sorted(result.dockerfiles, key=lambda one: (-_cost(one), one.path, one.context, one.target))
    return {
        "subject": words.subject(result),
        "commits": result.commits,
        "notes": list(result.notes),
        "dockerfiles": [_entry(one, quieter) for one in ranked if one.commits and not one.label],
        "apart": words.apart(result, 20),
    }


def _cost(one: DockerfileResult) -> float:
    return one.replayed_seconds.value if one.replayed_seconds is not None else 0.0


def _entry(one: DockerfileResult, quieter: dict[tuple[str, str, str], int]) -> dict[str, Any]:
    return {
        "path": one.path,
        "context": one.context,
        "target": one.target,
        "status": one.status,
        "commits": one.commits,
        "untouched": one.untouched,
        "untouched_quieter": quieter.get((one.path, one.context, one.target)),
        "rebuilt_by": words.first_cause(one),
        "seconds": plain(one.replayed_seconds),
        "orders": [words.order(order) for order in one.orders],
        "remarks": words.remarks(one),
        "steps": [_step(step) for step in one.steps if step.current],
    }


def _step(step: StepResult) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "line": step.line,
        "text": step.text,
        "hits": step.hits,
        "misses": step.misses,
        "unknown": step.unknown,
    }
