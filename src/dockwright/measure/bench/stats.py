"""Medians, spread and ratios of runs. Medians, as one slow run on a busy machine says nothing of the others."""

from collections.abc import Iterable, Sequence
from statistics import median

from dockwright.measure.bench.model import Ratio, Run, Scenario, Summary


def summaries(runs: Sequence[Run]) -> tuple[Summary, ...]:
    """One summary for each side and scenario, in the order of the first runs."""
    grouped: dict[tuple[Scenario, str], list[Run]] = {}
    for one in runs:
        grouped.setdefault((one.scenario, one.side), []).append(one)
    return tuple(_summary(some) for some in grouped.values())


def _summary(runs: Sequence[Run]) -> Summary:
    seconds = [one.build.seconds for one in runs]
    middle = median(seconds)
    typical = min(runs, key=lambda one: abs(one.build.seconds - middle))
    network = [one.build.network_seconds for one in runs]
    known = [one for one in network if one is not None]
    return Summary(
        side=runs[0].side,
        scenario=runs[0].scenario,
        runs=len(runs),
        median=middle,
        low=min(seconds),
        high=max(seconds),
        spread=median(abs(one - middle) for one in seconds),
        executed=typical.build.executed,
        cached=typical.build.hits,
        network=median(known) if known else None,
        downloads=tuple(dict.fromkeys(name for step in typical.build.steps for name in step.downloads)),
    )


def ratios(runs: Iterable[Run], sides: Sequence[str]) -> tuple[Ratio, ...]:
    """A against B, round by round; nothing where there is one side only."""
    if len(sides) != 2:
        return ()
    first, second = sides
    seconds = {(one.scenario, one.round, one.side): one.build.seconds for one in runs}
    found = []
    for scenario in Scenario:
        pairs = [
            seconds[scenario, number, first] / seconds[scenario, number, second]
            for (kind, number, side) in seconds
            if kind is scenario and side == first and seconds.get((scenario, number, second))
        ]
        if pairs:
            found.append(Ratio(scenario=scenario, median=median(pairs), low=min(pairs), high=max(pairs)))
    return tuple(found)
