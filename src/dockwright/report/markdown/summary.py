"""Head of the report: what was looked at, the numbers, and what to do first."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dockwright.report.document import CauseEntry, Document
from dockwright.report.markdown.text import code, codes, details, escaped, prose, table
from dockwright.report.words import counted, figure_text, grouped_places, listed, weights

FIRST = 25
"""Causes shown at once; the others are folded."""


def head(document: Document) -> Iterator[str]:
    """Title and basis."""
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


def section(document: Document) -> Iterator[str]:
    """The summary in sentences and numbers."""
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
        causes = counted(len(document.first), "cause")
        yield f"{counted(len(document.findings), 'finding')} ({weights(counts)}) that come down to {causes}."
    else:
        yield "No findings."
    yield from _running(document)
    dead = [
        item
        for item in (*own, *(c for c in inventory.compose if c.standing == "own"))
        if item.status == "dead"
    ]
    if dead:
        yield f"{counted(len(dead), 'Dockerfile or compose file')} {'is' if len(dead) == 1 else 'are'} named by nothing in the repository."
    removed = [
        item
        for item in document.proposal.decisions
        if item.action in {"remove", "merge"} and item.by == "evidence"
    ]
    if removed:
        words = (("remove", "removed"), ("merge", "merged into others"))
        count = Counter(item.action for item in removed)
        ways = listed(f"{count[action]:,} {word}" for action, word in words if count[action])
        yield f"{counted(len(removed), 'file')} can go by the proposal below: {ways}."
    questions = document.proposal.questions
    if questions:
        shown = [one.title.rstrip("?") for one in questions[:4]]
        titles = "; ".join([*shown, *([f"{len(questions) - 4} more"] if len(questions) > 4 else [])])
        yield f"{counted(len(questions), 'question')} only a person can answer: {prose(titles)}."
    if document.skipped:
        yield f"{counted(len(document.skipped), 'thing')} could not be looked at; {'it is' if len(document.skipped) == 1 else 'they are'} listed at the end."


def _running(document: Document) -> Iterator[str]:
    """What the images and environments come to, and what the security section holds."""
    images = document.images
    if images:
        facts = (
            (sum(image.runs_as_root is True for image in images), "run", "as root"),
            (sum(bool(image.build_tools) for image in images), "ship", "build tools"),
            (sum(image.health_check in {"none", "disabled"} for image in images), "have", "no health check"),
        )
        told = listed(f"{number:,} {_verb(verb, number)} {words}" for number, verb, words in facts if number)
        if told:
            yield f"Of {counted(len(images), 'image')}: {told}."
    if document.environments:
        number = sum(one.status == "resolves" for one in document.environments)
        ways = counted(len(document.environments), "way")
        every = number == len(document.environments)
        told = "none resolves" if not number else f"{number:,} {'resolves' if number == 1 else 'resolve'}"
        if every:
            told = "it resolves" if number == 1 else "all resolve"
        yield f"{ways} of using the compose files: {told} in a clean clone."
    topics = [topic for topic in document.security if topic.places]
    if topics:
        told = listed(
            f"{topic.title[:1].lower()}{topic.title[1:]} ({counted(len(topic.places), 'place')})"
            for topic in topics
        )
        yield f"Security: {escaped(told)}."


def _verb(verb: str, number: int) -> str:
    return verb if number != 1 else "has" if verb == "have" else f"{verb}s"


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
    ranked = [cause for cause in document.first if cause.severity != "note"]
    yield from table(
        ("#", "severity", "what", "cause", "places", "do"), _with_repairs(ranked[:FIRST]), "rlllll"
    )
    if len(ranked) > FIRST:
        rest = ranked[FIRST:]
        count = Counter(cause.severity for cause in rest)
        summary = f"{counted(len(rest), 'further cause')}: {weights(count)}"
        rows = [_cause(cause) for cause in rest]
        body = table(("#", "severity", "what", "cause", "places"), rows, "rllll")
        yield from details(summary, ["What to do stands with each rule under Findings.", "", *body])
    notes = len(document.first) - len(ranked)
    if notes:
        yield f"{counted(notes, 'cause')} of severity note {'stands' if notes == 1 else 'stand'} under Findings only."
        yield ""


def _with_repairs(causes: Sequence[CauseEntry]) -> Iterator[tuple[str, ...]]:
    """Rows with what to do, which is said once for each rule."""
    told: dict[str, int] = {}
    for cause in causes:
        first = told.setdefault(cause.fix, cause.rank)
        yield (*_cause(cause), prose(cause.fix) if first == cause.rank else f"as in {first}")


def _cause(cause: CauseEntry) -> tuple[str, ...]:
    return (
        str(cause.rank),
        f"{cause.severity} {'' if cause.confidence == 'high' else f'({cause.confidence} confidence)'}".strip(),
        f"{prose(cause.title)} ({code(cause.rule)})",
        code(cause.cause.strip("`")),
        codes(grouped_places(cause.places, 8), 4),
    )
