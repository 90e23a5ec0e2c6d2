"""The answer of `dockwright bench`: a table of scenarios, ratios of the two sides, JSON with every run."""

from collections.abc import Iterator, Sequence

import msgspec

from dockwright.measure.bench.model import Bench, Ratio, Side, Summary
from dockwright.report.measured.builds import as_text as builds_text
from dockwright.report.measured.builds import builds_of, schema_of
from dockwright.report.words import counted

SCHEMA = "bench-1"


class Benched(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    schema: str = SCHEMA
    bench: Bench


def as_json(bench: Bench) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(Benched(bench=bench)), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/bench-1.json`."""
    return schema_of(Benched, f"dockwright bench ({SCHEMA})")


def as_text(bench: Bench, width: int, notes: Sequence[str] = ()) -> str:
    """Sides, scenarios with medians and spread, ratios."""
    lines = [*_head(bench), *_table(bench.summary), *_ratios(bench)]
    lines += _network(bench.summary)
    lines += [f"note: {note}" for note in (*bench.notes, *notes)]
    lines += [f"not looked at: {one.what}: {one.reason}" for one in bench.skipped]
    text = "".join(f"{line}\n" for line in lines)
    if bench.failed is not None:
        text += "\nthe bench ended early: a build failed\n" + builds_text(builds_of([bench.failed]), width)
    return text + _last(bench) + "\n"


def _head(bench: Bench) -> Iterator[str]:
    builder = f", builder {bench.builder}" if bench.builder else ""
    yield f"{bench.engine} {bench.engine_version}{builder} on {bench.machine}; {counted(bench.rounds, 'round')}, interleaved"
    for side in bench.sides:
        yield f"{side.name}: {_side(side)}"
        for edit in bench.edits:
            if edit.side == side.name:
                yield f"   {edit.scenario.value}: {edit.path} is changed, taken by line {edit.line}"


def _side(side: Side) -> str:
    stage = f", target {side.stage}" if side.stage else ""
    revision = f" at {side.revision}" if side.revision else ""
    return f"{side.target}{revision}: {side.dockerfile} (context {side.context}{stage})"


def _table(summary: Sequence[Summary]) -> Iterator[str]:
    if not summary:
        return
    yield "scenario    side  median     low    high spread  ran cached"
    for one in summary:
        yield (
            f"{one.scenario.value:<11} {one.side:<2} {one.median:7.2f} s {one.low:7.2f} {one.high:7.2f} "
            f"{one.spread:6.2f} {one.executed:4} {one.cached:6}"
        )


def _ratios(bench: Bench) -> Iterator[str]:
    yield from (_ratio(one) for one in bench.ratios)


def _ratio(one: Ratio) -> str:
    if one.low < 1 < one.high:
        return f"{one.scenario.value}: neither is faster in every round (B {one.low:.2f} to {one.high:.2f} times as fast as A)"
    if one.median >= 1:
        return f"{one.scenario.value}: B is {one.median:.1f} times as fast as A ({one.low:.1f} to {one.high:.1f})"
    return f"{one.scenario.value}: A is {1 / one.median:.1f} times as fast as B ({1 / one.high:.1f} to {1 / one.low:.1f})"


def _network(summary: Sequence[Summary]) -> Iterator[str]:
    for one in summary:
        if one.network is not None and one.network >= 0.05:
            yield f"network: {one.scenario.value} {one.side}: {one.network:.1f} s of it by the log (base images, apt)"
    names = dict.fromkeys(name for one in summary for name in one.downloads)
    if names:
        yield f"network: {', '.join(names)} fetched too, and did not say for how long: it is in the times"


def _last(bench: Bench) -> str:
    told = bench.predictions
    return f"{counted(len(bench.runs), 'build')}; predictions {told.right} right, {told.wrong} wrong, {told.unsaid} not said"
