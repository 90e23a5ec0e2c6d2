"""A replay on the terminal: a line for each Dockerfile, then the steps of those that are rebuilt most.

Where a terminal is too narrow for a table, names stand on lines of their own with the numbers below.
"""

from collections.abc import Iterator, Sequence

from dockwright.replay.result import DockerfileResult, ReplayResult, StepResult
from dockwright.report.fit import fit
from dockwright.report.replay import words
from dockwright.report.words import shortened

SHOWN = 5
"""Dockerfiles whose steps are shown; all of them with --format markdown."""
NARROW = 100
"""Columns below which the numbers of a step stand below it."""
MIN_REST = 30
"""Columns a table of Dockerfiles needs beside their names."""


def render(result: ReplayResult, *, width: int = 100) -> str:
    """The whole report, no line wider than the width: the text of steps is cut there, everything else goes on below."""
    lines = [words.subject(result), *(f"  {note}" for note in result.notes)]
    if result.commits:
        lines += ["", *_overview(result.dockerfiles, width)]
    ranked = sorted(result.dockerfiles, key=_weight)
    detailed = [one for one in ranked if one.steps and one.commits][:SHOWN]
    for one in detailed:
        lines += ["", *_dockerfile(one, width)]
    if result.commits and len(ranked) > len(detailed):
        lines += ["", f"steps of all {len(ranked)} Dockerfiles: --format markdown, or --dockerfile PATH"]
    apart = words.apart(result)
    if apart:
        lines += ["", "Images that are hardly ever rebuilt by the same commit (build them by themselves):"]
        lines += [f"  {text}" for text in apart]
    for skipped in result.skipped:
        lines.append(f"not looked at: {skipped.what}: {skipped.reason}")
    return fit("".join(f"{line.rstrip()}\n" for line in lines), width)


def _weight(one: DockerfileResult) -> float:
    return -(one.replayed_seconds.value if one.replayed_seconds else 0.0)


def _overview(all_: Sequence[DockerfileResult], width: int) -> Iterator[str]:
    names = [words.title(one) for one in all_]
    wide = max((len(name) for name in names), default=0)
    if wide > width - MIN_REST:
        yield from _stacked(all_)
        return
    yield f"{'Dockerfile':<{wide}}  untouched  rebuilt by"
    for one, name in zip(all_, names, strict=True):
        share = words.share(one) if one.commits else "–"
        yield shortened(f"{name:<{wide}}  {share:>9}  {_reason(one)}", width)


def _stacked(all_: Sequence[DockerfileResult]) -> Iterator[str]:
    yield "Dockerfiles, commits that left them untouched, and what the others were rebuilt by"
    for one in all_:
        share = f"{words.share(one):>6}" if one.commits else f"{'–':>6}"
        yield f"  {words.title(one)}"
        yield f"    {share}  {_reason(one)}"


def _reason(one: DockerfileResult) -> str:
    """What made it rebuild, or why it was never built."""
    if one.commits:
        return words.first_cause(one)
    return one.undefined[0].reason if one.undefined else "no commits"


def _dockerfile(one: DockerfileResult, width: int) -> Iterator[str]:
    yield f"── {words.title(one)} ── {words.share(one)} of {one.commits:,} commits need no rebuild"
    if one.seconds is not None and one.replayed_seconds is not None:
        yield (
            f"   {words.seconds(one.seconds.value)} of rebuilding expected per commit, "
            f"{words.seconds(one.replayed_seconds.value)} with what commits changed together "
            f"({one.seconds.basis.name.lower()})"
        )
    if width < NARROW:
        for step in one.steps:
            yield from _step_below(step, one.commits, width)
    else:
        branch = f"{'branch':>7}  " if any(step.branch for step in one.steps) else ""
        yield f"   {'line':>5} {'hits':>7} {'misses':>7} {'unknown':>7} {'shared':>7}  {branch}step"
        for step in one.steps:
            yield _step(step, one.commits, width)
    for remark in words.remarks(one):
        yield f"   {remark}"
    for order in one.orders:
        yield f"   better order, {words.order(order)}"


def _step(step: StepResult, commits: int, width: int) -> str:
    total = step.hits + step.misses + step.unknown or commits
    line = (
        f"   {step.line:>5} {words.percent(step.hits, total):>7} {step.misses:>7,} {step.unknown:>7,} "
        f"{words.percent(step.shared.hits, total):>7}  {_branch(step, total)}"
    )
    return shortened(line + _what(step), width)


def _step_below(step: StepResult, commits: int, width: int) -> Iterator[str]:
    total = step.hits + step.misses + step.unknown or commits
    yield shortened(f"   {step.line:>5}  {_what(step)}", width)
    branch = f", branch {words.percent(step.branch.hits, total)}" if step.branch is not None else ""
    yield (
        f"          hits {words.percent(step.hits, total)}, misses {step.misses:,}, unknown {step.unknown:,}, "
        f"shared {words.percent(step.shared.hits, total)}{branch}"
    )


def _what(step: StepResult) -> str:
    because = ", ".join(f"{one.source} {one.first}" for one in words.causes(step, 2) if one.line != step.line)
    gone = "" if step.current else " (not in the Dockerfile any more)"
    return step.text + gone + (f"  ← {because}" if because else "")


def _branch(step: StepResult, total: int) -> str:
    return f"{words.percent(step.branch.hits, total):>7}  " if step.branch is not None else ""
