"""Numbers and sentences that the terminal and Markdown say alike."""

from collections.abc import Sequence

from dockwright.replay.result import (
    DockerfileResult,
    OrderResult,
    PairResult,
    ReplayResult,
    SourceResult,
    StepResult,
)
from dockwright.trees.dates import shown


def percent(part: float, whole: float) -> str:
    """A share with one decimal; a rest or a part that would round away is not said to be nothing."""
    if not whole:
        return "–"
    value = 100 * part / whole
    if 0 < value < 0.05:
        return "<0.1%"
    if 99.95 <= value < 100:
        return ">99.9%"
    return f"{value:.1f}%"


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"


def title(one: DockerfileResult) -> str:
    """`docker/backend.Dockerfile (context ., target runtime)`."""
    more = [f"context {one.context}"]
    more += [f"target {one.target}"] if one.target else []
    more += [one.label] if one.label else []
    return f"{one.path} ({', '.join(more)})"


def subject(result: ReplayResult) -> str:
    """What was replayed, in one line."""
    noun = "commit" if result.commits == 1 else "commits"
    kind = noun if result.merges else f"{noun} without merges"
    span = _limit("since", result.since, result.since_time) + _limit("until", result.until, result.until_time)
    return f"{result.commits:,} {kind}{span} up to {result.revision[:12]}, definition {result.definition}"


def _limit(word: str, date: str, meant: int | None) -> str:
    """` since 3 months ago (2026-08-21 07:48 UTC)`: what git takes the words for is shown beside them."""
    if not date:
        return ""
    return f" {word} {date}" + (f" ({shown(meant)})" if meant is not None else "")


def share(one: DockerfileResult) -> str:
    return percent(one.untouched, one.commits)


def first_cause(one: DockerfileResult) -> str:
    """The sources that are to blame most often, counted at the last step: `netra_backend 17%, SPEC 8%`."""
    blamed: dict[str, int] = {}
    for step in one.steps:
        for source in step.sources:
            if source.line == step.line or not source.line:
                blamed[source.source] = max(blamed.get(source.source, 0), source.first)
    ranked = sorted(((n, name) for name, n in blamed.items() if n), reverse=True)[:3]
    return ", ".join(f"{name} {percent(n, one.commits)}" for n, name in ranked)


def causes(step: StepResult, limit: int = 3) -> list[SourceResult]:
    """The sources that made a step run again most often."""
    ranked = sorted((one for one in step.sources if one.misses), key=lambda one: (-one.first, -one.misses))
    return ranked[:limit]


def order(one: OrderResult) -> str:
    """A better order in one sentence."""
    saved = one.before.value - one.after.value
    lines = ", ".join(map(str, one.lines))
    return (
        f"stage {one.stage}: lines {lines} in this order: {seconds(one.before.value)} → {seconds(one.after.value)} "
        f"expected per commit ({percent(saved, one.before.value)} less; with what commits changed together "
        f"{seconds(one.replayed_before.value)} → {seconds(one.replayed_after.value)}; {one.before.basis.name.lower()})"
    )


def remarks(one: DockerfileResult) -> list[str]:
    """What has to be known to read the numbers of one Dockerfile right."""
    found = [f"{number:,} commits not replayed: {reason}" for number, reason in _undefined(one)]
    if one.sends_git:
        found.append(
            "`.git` is sent and copied: from a checkout every commit runs that step again (not counted here)"
        )
    if one.commits and one.buildable < one.commits:
        worst = ", ".join(f"`{item.source}` (line {item.line})" for item in one.missing[:3])
        rest = (
            f"; of the {one.buildable:,} others {percent(one.buildable_untouched, one.buildable)} need no rebuild"
            if one.buildable
            else ""
        )
        found.append(
            f"at {one.commits - one.buildable:,} commits a source is not there, so that the build stops: {worst}{rest}"
        )
    found += [
        f"named context {name} is not in the history: it counts as never changing" for name in one.external
    ]
    return found


def _undefined(one: DockerfileResult) -> Sequence[tuple[int, str]]:
    return [(item.commits, item.reason) for item in one.undefined]


def apart(result: ReplayResult, limit: int = 5) -> list[str]:
    """Images that (nearly) never need a rebuild after the same commit, the most often rebuilt first."""
    ranked = sorted(
        (pair for pair in result.pairs if pair.both <= pair.either * APART and _live(result, pair)),
        key=lambda pair: (-pair.either, pair.a, pair.b),
    )
    return [
        f"{title(result.dockerfiles[pair.a])} and {title(result.dockerfiles[pair.b])}: "
        f"{pair.both:,} of {pair.either:,} commits rebuild both"
        for pair in ranked[:limit]
    ]


APART = 0.05
"""Share of common rebuilds up to which two images are built better by themselves."""


def _live(result: ReplayResult, pair: PairResult) -> bool:
    """Two images that the repository does build."""
    return all(result.dockerfiles[index].status in ("", "live") for index in (pair.a, pair.b))
