"""A replay as Markdown: every Dockerfile with every step."""

from collections.abc import Iterator

from dockwright.replay.result import DockerfileResult, ReplayResult, StepResult
from dockwright.report.markdown.text import code, prose, table
from dockwright.report.replay import words


def render(result: ReplayResult) -> str:
    """The whole report."""
    lines = ["# What a layer cache would have kept", "", f"{prose(words.subject(result))}.", ""]
    lines += [f"- {prose(note)}" for note in result.notes]
    lines += [""]
    if result.commits:
        lines += ["## Dockerfiles", "", *_overview(result)]
    apart = words.apart(result, 20)
    if apart:
        lines += [
            "## Hardly ever rebuilt by the same commit",
            "",
            *(f"- {prose(text)}" for text in apart),
            "",
        ]
    for one in result.dockerfiles:
        if one.steps and one.commits:
            lines += _dockerfile(one)
    if result.skipped:
        lines += ["## Not looked at", ""]
        lines += [f"- {prose(one.what)}: {prose(one.reason)}" for one in result.skipped]
    return "\n".join(lines).rstrip("\n") + "\n"


def _overview(result: ReplayResult) -> list[str]:
    head = (
        "Dockerfile",
        "context",
        "commits",
        "need no rebuild",
        "edited",
        "seconds per commit",
        "rebuilt by",
    )
    rows = []
    for one in result.dockerfiles:
        cost = words.seconds(one.replayed_seconds.value) if one.replayed_seconds and one.commits else ""
        reason = prose(words.first_cause(one))
        if not one.commits:
            reason = "; ".join(prose(item.reason) for item in one.undefined)
        rows.append(
            (
                code(one.path) + (f" ({prose(one.label)})" if one.label else ""),
                code(one.context) + (f", target {code(one.target)}" if one.target else ""),
                f"{one.commits:,}",
                words.share(one),
                f"{one.edited:,}",
                cost,
                reason,
            )
        )
    return table(head, rows, "llrrrrl")


def _dockerfile(one: DockerfileResult) -> Iterator[str]:
    yield f"## {prose(words.title(one))}"
    yield ""
    yield f"{words.share(one)} of {one.commits:,} commits need no rebuild."
    if one.seconds is not None and one.replayed_seconds is not None:
        yield (
            f"Expected rebuilding: {words.seconds(one.seconds.value)} per commit by the formula, "
            f"{words.seconds(one.replayed_seconds.value)} with what commits changed together "
            f"({one.seconds.basis.name.lower()}: {prose(one.seconds.how)})."
        )
    yield ""
    head = (
        "line",
        "step",
        "hits",
        "misses",
        "unknown",
        "hits, shared cache (per branch)" if any(step.branch for step in one.steps) else "hits, shared cache",
        "run again by (alone to blame)",
    )
    yield from table(head, [_step(step) for step in one.steps], "rlrrrrl")
    for remark in words.remarks(one):
        yield f"- {prose(remark)}"
    for order in one.orders:
        yield f"- Better order, {prose(words.order(order))}"
    yield ""


def _step(step: StepResult) -> tuple[str, ...]:
    total = step.hits + step.misses + step.unknown
    because = ", ".join(f"{code(one.source)} {one.misses} ({one.first})" for one in words.causes(step))
    gone = "" if step.current else " (gone)"
    return (
        str(step.line) + gone,
        code(step.text),
        words.percent(step.hits, total),
        f"{step.misses:,}",
        f"{step.unknown:,}",
        words.percent(step.shared.hits, total)
        + (f" ({words.percent(step.branch.hits, total)})" if step.branch is not None else ""),
        because,
    )
