"""What is broken, what is dangerous, what else there is, and what to do first: findings by their causes."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from dockwright.report.document import CauseEntry, Document
from dockwright.report.terminal.parts import TOP, columns, heading, more, severity
from dockwright.report.words import counted, grouped_places, listed

BROKEN = frozenset({"broken"})
DANGEROUS = frozenset({"dangerous", "security"})
REPEATS = frozenset({"duplication", "drift"})
FIRST = 7


def broken(document: Document, width: int) -> Iterator[RenderableType]:
    """What does not work now."""
    yield from _section("What is broken", document, BROKEN, width, TOP)


def dangerous(document: Document, width: int) -> Iterator[RenderableType]:
    """What destroys, leaks or misbehaves."""
    yield from _section("What is dangerous", document, DANGEROUS, width, TOP)


def _section(
    title: str, document: Document, kinds: frozenset[str], width: int, top: int
) -> Iterator[RenderableType]:
    chosen = [cause for cause in document.first if cause.category in kinds]
    places = sum(len(cause.findings) for cause in chosen)
    note = f"{counted(len(chosen), 'cause')}, {counted(places, 'finding')}" if chosen else "nothing found"
    yield heading(title, note, width)
    yield from _causes(chosen, top)


def _causes(chosen: Sequence[CauseEntry], top: int) -> Iterator[RenderableType]:
    if chosen:
        yield columns((severity(cause.severity), _cause(cause)) for cause in chosen[:top])
    if len(chosen) > top:
        yield more(len(chosen) - top)


def _cause(cause: CauseEntry) -> RenderableType:
    title = Text(plain_words(cause.title), style="bold")
    title.append(f" [{cause.rule}]", style="not bold dim")
    if cause.confidence != "high":
        title.append(f" ({cause.confidence} confidence)", style="not bold")
    lines = [title]
    if cause.cause:
        lines.append(Text("because of ", style="dim").append(cause.cause, style="not dim"))
    where = listed(grouped_places(cause.places), 3)
    if where and where != cause.cause:
        lines.append(Text("at ", style="dim").append(where, style="not dim"))
    return Group(*lines)


def plain_words(text: str) -> str:
    """Our messages without the backticks that mark code: a terminal shows them as they are read."""
    return text


def rest(document: Document, width: int) -> Iterator[RenderableType]:
    """Findings of the other kinds, as numbers."""
    shown = BROKEN | DANGEROUS | REPEATS
    other = [cause for cause in document.first if cause.category not in shown]
    if not other:
        return
    count = Counter(cause.category for cause in other)
    places: Counter[str] = Counter()
    worst: dict[str, str] = {}
    for cause in other:
        places[cause.category] += len(cause.findings)
        worst.setdefault(cause.category, cause.title)
    yield heading("What else", counted(places.total(), "finding"), width)
    rows = [
        (
            Text(name),
            Text(f"{places[name]:,}", style="bold"),
            Text(f"{worst[name]}{_others(count[name] - 1)}"),
        )
        for name in sorted(count, key=lambda name: (-places[name], name))
    ]
    yield columns(rows, right=(1,))


def _others(number: int) -> str:
    return f"; and {counted(number, 'other cause')}" if number else ""


def first(document: Document, width: int) -> Iterator[RenderableType]:
    """The list to work down."""
    chosen = [cause for cause in document.first if cause.severity != "note"]
    yield heading("What to do first", "one item per cause" if chosen else "nothing", width)
    yield (
        columns((Text(f"{number}."), _task(cause)) for number, cause in enumerate(chosen[:FIRST], 1))
        if chosen
        else Text("  Nothing was found that needs doing.")
    )
    if len(chosen) > FIRST:
        yield more(len(chosen) - FIRST)
    yield from _questions(document)


def _task(cause: CauseEntry) -> RenderableType:
    text = Text(cause.fix or plain_words(cause.title))
    places = counted(len(cause.findings), "place")
    behind = cause.cause or listed(grouped_places(cause.places), 2)
    text.append(f"  {cause.severity}, {places}: {behind} [{cause.rule}]", style="dim")
    return text


def _questions(document: Document) -> Iterator[RenderableType]:
    proposal = document.proposal
    count = Counter(item.action for item in proposal.decisions)
    words = listed(f"{count[name]:,} {word}" for name, word in _ACTIONS if count[name])
    if words:
        yield Text(f"\n  Proposed for the files: {words}.")
    if proposal.questions:
        yield Text(f"  {counted(len(proposal.questions), 'question')} only a person can answer: ").append(
            listed((question.title for question in proposal.questions), 2), style="dim"
        )


_ACTIONS = (
    ("keep", "to keep"),
    ("repair", "to repair"),
    ("merge", "to merge"),
    ("remove", "to remove"),
    ("decide", "to decide"),
    ("leave", "to leave alone"),
)
