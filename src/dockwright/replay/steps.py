"""From counted outcomes to what is said of each step. Steps of several versions are the same by stage and text."""

from collections import Counter
from collections.abc import Iterator

from dockwright.replay.cost import ancestry
from dockwright.replay.result import Counts, SourceResult, StepResult
from dockwright.replay.run import Replay
from dockwright.replay.shape import HIT, MISS, UNKNOWN, Shape, ShapeStep
from dockwright.replay.tally import BUCKETS, Outcome, Tally
from dockwright.replay.times import StepTimes

Identity = tuple[str, str, int]
"""Stage, text, and how many steps of the same text come before it in the stage."""
DEFINITION = "(the Dockerfile or its ignore file)"


class _Step:
    """One step being counted."""

    def __init__(self, step: ShapeStep) -> None:
        self.step = step
        self.commits = 0
        self.codes = Counter[int]()
        self.shared = Counter[int]()
        self.branch = Counter[int]()
        self.over_time = [0] * BUCKETS
        self.sources: dict[tuple[str, int], Counter[str]] = {}


def identities(shape: Shape) -> list[Identity]:
    """What each counted step is known by across versions."""
    seen: Counter[tuple[str, str]] = Counter()
    found: list[Identity] = []
    for step in shape.counted:
        origin = step.origin
        key = (origin.stage, origin.text) if origin is not None else ("", step.step.operation.name)
        found.append((*key, seen[key]))
        seen[key] += 1
    return found


def step_results(replay: Replay, subject: int, times: StepTimes) -> list[StepResult]:
    """All steps of a subject: those of the last commit's definition in file order, then those that are gone."""
    tally = replay.tallies[subject]
    steps: dict[Identity, _Step] = {}
    current: set[Identity] = set()
    for number, version in sorted(
        enumerate(replay.definitions.versions[subject]), key=lambda one: one[0] != replay.at_end[subject]
    ):
        if version.shape is None or not (tally.per_version[number] or number == replay.at_end[subject]):
            continue
        names = identities(version.shape)
        if number == replay.at_end[subject]:
            current = set(names)
        made = [
            steps.setdefault(name, _Step(step))
            for name, step in zip(names, version.shape.counted, strict=True)
        ]
        _count(made, version.shape, tally, number)
    branches = replay.branches is not None
    found = [_result(step, times, current=name in current, branches=branches) for name, step in steps.items()]
    return sorted(found, key=lambda one: (not one.current, one.line))


def _count(steps: list[_Step], shape: Shape, tally: Tally, version: int) -> None:
    commits = tally.per_version[version]
    for step in steps:
        step.commits += commits
    for (bucket, outcome), times in tally.outcomes.items():
        if outcome.version == version:
            for step, code in zip(steps, outcome.codes, strict=True):
                step.codes[code] += times
                step.over_time[bucket] += times * (code != HIT)
    for counted, name in ((tally.shared, "shared"), (tally.branch, "branch")):
        for (number, codes), times in counted.items():
            if number == version:
                for step, code in zip(steps, codes, strict=True):
                    getattr(step, name)[code] += times
    _count_sources(steps, shape, tally, version)


def _count_sources(steps: list[_Step], shape: Shape, tally: Tally, version: int) -> None:
    """For each step the sources at or above it, and how often they had changed when it was not certain to hit."""
    above = ancestry(shape)
    places = [place for place, step in enumerate(shape.steps) if step.counted]
    ways = [_ordered(shape, above[place]) for place in places]
    changes = Counter[int]()
    for (_, outcome), times in tally.outcomes.items():
        if outcome.version == version:
            for number in outcome.changed:
                changes[number] += times
    for step, way in zip(steps, ways, strict=True):
        for number, line in way:
            key = (shape.selections[number].shown, line)
            step.sources.setdefault(key, Counter())["changed"] += changes[number]
    for (_, outcome), times in tally.outcomes.items():
        if outcome.version == version:
            for place, (step, way) in enumerate(zip(steps, ways, strict=True)):
                if outcome.codes[place] != HIT:
                    _blame(step, shape, way, outcome, times)


def _blame(step: _Step, shape: Shape, way: list[tuple[int, int]], outcome: Outcome, times: int) -> None:
    first = True
    if outcome.edited:
        known = step.sources.setdefault((DEFINITION, 0), Counter())
        known.update({"changed": times, "misses": times, "first": times})
        first = False
    for number, line in way:
        if number in outcome.changed:
            known = step.sources[shape.selections[number].shown, line]
            known["misses"] += times
            known["first"] += times * first
            first = False


def _ordered(shape: Shape, numbers: frozenset[int]) -> list[tuple[int, int]]:
    """Sources with their lines, in the order of steps; each once."""
    found: dict[int, int] = {}
    for step in shape.steps:
        origin = step.origin
        for number in step.numbers:
            if number in numbers:
                found.setdefault(number, origin.lines[0] if origin is not None else 0)
    return list(found.items())


def _counts(codes: Counter[int], commits: int) -> Counts:
    return Counts(commits - codes[UNKNOWN] - codes[MISS], codes[MISS], codes[UNKNOWN])


def _result(step: _Step, times: StepTimes, *, current: bool, branches: bool) -> StepResult:
    origin = step.step.origin
    unknown, misses = step.codes[UNKNOWN], step.codes[MISS]
    lines = origin.lines if origin is not None else (0, 0)
    return StepResult(
        stage=origin.stage if origin is not None else "",
        line=lines[0],
        last_line=lines[1],
        instruction=(origin.instruction if origin is not None else "").upper(),
        text=origin.text if origin is not None else step.step.step.operation.name,
        hits=step.commits - unknown - misses,
        misses=misses,
        unknown=unknown,
        shared=_counts(step.shared, step.commits),
        branch=_counts(step.branch, step.commits) if branches else None,
        sources=list(_sources(step)),
        seconds=times.of(step.step.step),
        current=current,
        over_time=step.over_time,
    )


def _sources(step: _Step) -> Iterator[SourceResult]:
    for (source, line), counts in step.sources.items():
        yield SourceResult(source, line, counts["changed"], counts["misses"], counts["first"])
