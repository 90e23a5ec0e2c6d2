"""Head of the report: what was looked at, the numbers, and what to do first."""

from collections import Counter
from collections.abc import Iterator

from dockwright.report.document import CauseEntry, Document
from dockwright.report.markdown.text import code, codes, escaped, prose, table
from dockwright.report.words import SEVERITIES, counted, figure_text, grouped_places, listed


def section(document: Document) -> Iterator[str]:
    """Title, basis, and the summary in sentences and numbers."""
    subject = document.subject
    yield f"# Docker audit of {escaped(subject.name)}"
    yield ""
    yield f"{escaped(subject.basis)}"
    if subject.date:
        yield f"Date of the commit: {escaped(subject.date)}."
    yield ""
    for note in subject.notes:
        yield f"**Note:** {prose(note)}."
        yield ""
    yield "## Executive summary"
    yield ""
    yield from (f"- {line}" for line in sentences(document))
    yield ""
    yield from table(
        ("what", "number", "how it was come by"),
        ((escaped(item.name), figure_text(item), escaped(item.how)) for item in document.summary),
        "lrl",
    )


def sentences(document: Document) -> Iterator[str]:
    """The summary in a few sentences, worst first."""
    inventory = document.inventory
    own = [item for item in inventory.dockerfiles if item.standing == "own"]
    broken = [item for item in own if item.buildable is False]
    if broken:
        yield (
            f"**{counted(len(broken), 'Dockerfile')} of {len(own):,} cannot be built** from a clean clone: "
            f"{codes((item.path for item in broken), 6)}."
        )
    counts = document.counts["severity"]
    if document.findings:
        weights = listed(f"{counts[name]:,} {name}" for name in SEVERITIES if counts.get(name))
        causes = counted(len(document.first), "cause")
        yield f"{counted(len(document.findings), 'finding')} ({weights}) that come down to {causes}."
    else:
        yield "No findings."
    dead = [
        item
        for item in (*own, *(c for c in inventory.compose if c.standing == "own"))
        if item.status == "dead"
    ]
    if dead:
        yield f"{counted(len(dead), 'Dockerfile or compose file')} {'is' if len(dead) == 1 else 'are'} named by nothing in the repository."
    removed = [item for item in document.proposal.decisions if item.action in {"remove", "merge"}]
    if removed:
        words = (("remove", "removed"), ("merge", "merged into others"))
        count = Counter(item.action for item in removed)
        ways = listed(f"{count[action]:,} {word}" for action, word in words if count[action])
        yield f"{counted(len(removed), 'file')} can go by the proposal below: {ways}."
    questions = document.proposal.questions
    if questions:
        yield f"{counted(len(questions), 'question')} only a person can answer: {prose(listed((one.title for one in questions), 4))}."
    if document.skipped:
        yield f"{counted(len(document.skipped), 'thing')} could not be looked at; they are listed at the end."


def first(document: Document) -> Iterator[str]:
    """The ranked list of causes."""
    yield "## What to do first"
    yield ""
    if not document.first:
        yield "Nothing was found that needs doing."
        yield ""
        return
    yield (
        "One line per cause: findings with one repair are one item. Gravest first; at equal weight what live files "
        "meet comes before what only tests and documents know, then the number of places."
    )
    yield ""
    yield from table(
        ("#", "severity", "what", "cause", "places", "do"),
        (_cause(cause) for cause in document.first if cause.severity != "note"),
        "rlllll",
    )


def _cause(cause: CauseEntry) -> tuple[str, ...]:
    return (
        str(cause.rank),
        f"{cause.severity} {'' if cause.confidence == 'high' else f'({cause.confidence} confidence)'}".strip(),
        f"{prose(cause.title)} ({code(cause.rule)})",
        code(cause.cause.strip("`")),
        codes(grouped_places(cause.places, 8), 4),
        prose(cause.fix),
    )
