"""What rebuilds: how often commits rebuild each image, and each of its steps."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import code, details, escaped, prose, table
from dockwright.report.rebuilds import RebuildEntry
from dockwright.report.replay.words import percent, seconds


def section(document: Document) -> Iterator[str]:
    """Nothing where the history was not replayed."""
    found = document.rebuilds
    if found is None:
        return
    yield "## What rebuilds"
    yield ""
    yield f"{prose(found.subject)}. {' '.join(f'{prose(note).capitalize()}.' for note in found.notes)}"
    yield ""
    head = (
        "Dockerfile",
        "context",
        "status",
        "need no rebuild",
        "with a better ignore file",
        "seconds per commit",
        "rebuilt by",
    )
    yield from table(head, map(_row, found.dockerfiles), "lllrrrl")
    for one in found.dockerfiles:
        yield from details(f"`{one.path}` {one.target}: steps", _steps(one))
    if found.apart:
        yield "Images that are hardly ever rebuilt by the same commit, and so are built better by themselves:"
        yield ""
        yield from (f"- {prose(text)}" for text in found.apart)
        yield ""


def _row(one: RebuildEntry) -> tuple[str, ...]:
    cost = f"{seconds(one.seconds.value)} ({one.seconds.basis})" if one.seconds is not None else ""
    name = code(one.path) + (f" ({escaped(one.target)})" if one.target else "")
    return (
        name,
        code(one.context),
        one.status,
        percent(one.untouched, one.commits),
        "" if one.untouched_quieter is None else percent(one.untouched_quieter, one.commits),
        cost,
        prose(one.rebuilt_by),
    )


def _steps(one: RebuildEntry) -> list[str]:
    rows = (
        (
            str(step.line),
            code(step.text),
            percent(step.hits, step.hits + step.misses + step.unknown),
            f"{step.misses:,}",
            f"{step.unknown:,}",
        )
        for step in one.steps
    )
    lines = table(("line", "step", "hits", "misses", "unknown"), rows, "rlrrr")
    lines += [f"- Better order, {prose(text)}" for text in one.orders]
    lines += [f"- {prose(text)}" for text in one.remarks]
    return [*lines, ""]
