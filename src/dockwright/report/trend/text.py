"""Trends on a terminal: a line of bars for each value, then its changes."""

import itertools
from collections.abc import Iterator, Sequence

from dockwright.measure.trends.build import Told, Trend
from dockwright.measure.trends.rule import median
from dockwright.quantities import show
from dockwright.report.clean import printable

BARS = "▁▂▃▄▅▆▇█"
BARS_WIDTH = 40


def render(target: str, found: Sequence[Trend], width: int = 100) -> str:
    """One block for each trend; the last line says how many got worse."""
    lines: list[str] = []
    for trend in found:
        lines += [*_trend(trend, width), ""]
    worse = sum(trend.regressed for trend in found)
    last = (
        f"{worse} of {len(found)} values of {target} stand at a worse level than before"
        if worse
        else (f"{target}: {len(found)} value{'s' * (len(found) != 1)}, none at a worse level than before")
    )
    return "".join(f"{printable(line)}\n" for line in [*lines, last])


def title(trend: Trend) -> str:
    """`seconds (cold), on 4 cores, 16 GiB, amd64`; `image bytes (account)` are of `dockwright image`."""
    name = trend.value.replace("_", " ")
    told = ", ".join(
        filter(None, ("account" * (trend.kind == "image"), trend.scenario, trend.engine, trend.platform))
    )
    return f"{name}{f' ({told})' if told else ''}" + (
        f", on {trend.machine}" if trend.machine and trend.machine != "unknown" else ""
    )


def _trend(trend: Trend, width: int) -> Iterator[str]:
    number = len(trend.points)
    noun = "image" if trend.kind == "image" else "build"
    yield f"{title(trend)}: {number} {noun}{'s' * (number != 1)}"
    bars = spark([point.value for point in trend.points], max(10, min(BARS_WIDTH, width - 60)))
    around = f" ± {show(trend.spread, trend.unit)}" if trend.spread else ""
    yield f"  {bars}  last {show(trend.last, trend.unit)}, median {show(trend.median, trend.unit)}{around}"
    for change in trend.changes:
        yield f"  {_change(change, trend.unit)}"
        for cause in change.causes:
            yield f"      {cause}"


def _change(change: Told, unit: str) -> str:
    by = f" ({change.share:+.0%})" if change.share is not None else ""
    sure = f", p = {change.p:.3f}" if change.p is not None else ""
    word = "worse" if change.worse else "better"
    text = f"{change.at:%Y-%m-%d} {word}: {show(change.before, unit)} to {show(change.after, unit)}{by}{sure}"
    if change.commit and change.after_commit and change.commit != change.after_commit:
        return f"{text}, in {change.after_commit[:9]}..{change.commit[:9]}"
    return f"{text}, at {change.commit[:9]}" if change.commit else text


def spark(values: Sequence[float], width: int) -> str:
    """Bars from the smallest to the largest value; the median of neighbours where there are more values than bars."""
    if len(values) > width:
        edges = [round(number * len(values) / width) for number in range(width + 1)]
        values = [median(values[begin:end]) for begin, end in itertools.pairwise(edges)]
    low, high = min(values), max(values)
    if high <= low:
        return BARS[0] * len(values)
    return "".join(BARS[min(7, int((value - low) / (high - low) * 8))] for value in values)
