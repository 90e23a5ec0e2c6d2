"""A replay on the terminal: a line for each Dockerfile, then the steps of those that are rebuilt most."""

from collections.abc import Iterator, Sequence

from dockwright.replay.result import DockerfileResult, ReplayResult, StepResult
from dockwright.report.replay import words

SHOWN = 5
"""Dockerfiles whose steps are shown; all of them with --format markdown."""


def render(result: ReplayResult, *, width: int = 100) -> str:
    """The whole report, wrapped nowhere: long texts are cut at the width."""
    lines = [words.subject(result), *(f"  {note}" for note in result.notes)]
    if result.commits:
        lines += ["", *_overview(result.dockerfiles, width)]
    ranked = sorted(result.dockerfiles, key=_weight)
    detailed = [one for one in ranked if one.steps and one.commits][:SHOWN]
    for one in detailed:
        lines += ["", *_dockerfile(one, width)]
    if len(ranked) > len(detailed):
        lines += ["", f"steps of all {len(ranked)} Dockerfiles: --format markdown, or --dockerfile PATH"]
    apart = words.apart(result)
    if apart:
        lines += ["", "Images that are hardly ever rebuilt by the same commit (build them by themselves):"]
        lines += [f"  {text}"[:width] for text in apart]
    for skipped in result.skipped:
        lines.append(f"not looked at: {skipped.what}: {skipped.reason}")
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _weight(one: DockerfileResult) -> float:
    return -(one.replayed_seconds.value if one.replayed_seconds else 0.0)


def _overview(all_: Sequence[DockerfileResult], width: int) -> Iterator[str]:
    names = [words.title(one) for one in all_]
    wide = min(max((len(name) for name in names), default=0), max(width - 50, 30))
    yield f"{'Dockerfile':<{wide}}  untouched  rebuilt by"
    for one, name in zip(all_, names, strict=True):
        if not one.commits:
            why = one.undefined[0].reason if one.undefined else "no commits"
            yield f"{_cut(name, wide):<{wide}}  {'–':>9}  {why}"[:width]
            continue
        yield f"{_cut(name, wide):<{wide}}  {words.share(one):>9}  {words.first_cause(one)}"[:width]


def _dockerfile(one: DockerfileResult, width: int) -> Iterator[str]:
    yield f"── {words.title(one)} ── {words.share(one)} of {one.commits:,} commits need no rebuild"
    if one.seconds is not None and one.replayed_seconds is not None:
        yield (
            f"   {words.seconds(one.seconds.value)} of rebuilding expected per commit, "
            f"{words.seconds(one.replayed_seconds.value)} with what commits changed together "
            f"({one.seconds.basis.name.lower()})"
        )
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
    because = ", ".join(f"{one.source} {one.first}" for one in words.causes(step, 2) if one.line != step.line)
    gone = "" if step.current else " (not in the Dockerfile any more)"
    return (line + step.text + gone + (f"  ← {because}" if because else ""))[:width]


def _branch(step: StepResult, total: int) -> str:
    return f"{words.percent(step.branch.hits, total):>7}  " if step.branch is not None else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
