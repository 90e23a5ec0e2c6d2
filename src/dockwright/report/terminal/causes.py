"""What is broken, what is dangerous, what else there is, and what to do first: findings by their causes.

Causes of one rule stand together: the first is shown, the others are counted, so that one rule cannot fill a section.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from dockwright.report.document import CauseEntry, Document
from dockwright.report.terminal.parts import TOP, columns, heading, more, severity
from dockwright.report.words import counted, grouped_places, listed

BROKEN = frozenset({"broken"})
DANGEROUS = frozenset({"dangerous", "security"})
REPEATS = frozenset({"duplication", "drift"})
FIRST = 7
LINES = 5
"""Line numbers shown for one file."""

APART = frozenset({"shared-project-name"})
"""Rules about groups of files: two groups have nothing to do with each other, and each needs its own repair."""

Kind = Sequence[CauseEntry]
"""Causes of one rule, by rank."""


def kinds(causes: Sequence[CauseEntry]) -> list[Kind]:
    """Causes by rule, in the order of each rule's first."""
    found: dict[str, list[CauseEntry]] = {}
    for cause in causes:
        apart = str(cause.rank) if cause.rule in APART else ""
        found.setdefault(cause.rule + apart, []).append(cause)
    return list(found.values())


def broken(document: Document, width: int) -> Iterator[RenderableType]:
    """What does not work now."""
    yield from _section("What is broken", document, BROKEN, width)


def dangerous(document: Document, width: int) -> Iterator[RenderableType]:
    """What destroys, leaks or misbehaves."""
    yield from _section("What is dangerous", document, DANGEROUS, width)


def _section(title: str, document: Document, wanted: frozenset[str], width: int) -> Iterator[RenderableType]:
    chosen = [cause for cause in document.first if cause.category in wanted]
    number = sum(len(cause.findings) for cause in chosen)
    note = f"{counted(len(chosen), 'cause')}, {counted(number, 'finding')}" if chosen else "nothing found"
    yield heading(title, note, width)
    yield from shown(kinds(chosen), TOP)


def shown(chosen: Sequence[Kind], top: int) -> Iterator[RenderableType]:
    """The first kinds, then how many more there are."""
    if chosen:
        yield columns((severity(kind[0].severity), _kind(kind)) for kind in chosen[:top])
    if len(chosen) > top:
        rest = chosen[top:]
        causes = sum(map(len, rest))
        yield more(len(rest), "kinds" if causes == len(rest) else f"kinds with {counted(causes, 'cause')}")


def _kind(kind: Kind) -> RenderableType:
    """The first cause of a kind, and how many more there are. One place: place, then message. Several: what, then where."""
    cause = kind[0]
    where = grouped_places(cause.places, LINES)
    if len(where) == 1:
        lines = [Text(where[0], style="bold"), Text(cause.title).append_text(_marks(cause))]
    else:
        lines = [Text(cause.title, style="bold").append_text(_marks(cause))]
        if cause.cause and cause.cause not in cause.title:
            lines.append(
                _dim("all about " if cause.cause.startswith("`") else "because of ").append(
                    cause.cause, "not dim"
                )
            )
        lines.append(Text(listed(where, 3)))
    if len(kind) > 1:
        lines.append(_dim("and ").append(_others(kind[1:]), style="not dim"))
    return Group(*lines)


def _marks(cause: CauseEntry) -> Text:
    """Rule, and confidence where it is not high."""
    doubt = "" if cause.confidence == "high" else f"{cause.confidence} confidence, "
    return Text(f" [{doubt}{cause.rule}]", style="not bold dim")


def _dim(text: str) -> Text:
    return Text(text, style="dim")


def _others(causes: Kind) -> str:
    """`6 more of this kind, at a:3, b:7 and 4 more`."""
    behind = [cause.cause or listed(grouped_places(cause.places, LINES), 1) for cause in causes]
    return f"{len(causes):,} more of this kind: {listed(behind, 3)}"


def rest(document: Document, width: int) -> Iterator[RenderableType]:
    """Findings of the other categories, as numbers."""
    other = [cause for cause in document.first if cause.category not in BROKEN | DANGEROUS | REPEATS]
    if not other:
        return
    findings: Counter[str] = Counter()
    rules: dict[str, Counter[str]] = {}
    for cause in other:
        findings[cause.category] += len(cause.findings)
        rules.setdefault(cause.category, Counter())[cause.rule] += len(cause.findings)
    yield heading("What else", counted(findings.total(), "finding"), width)
    yield columns(
        (
            (Text(name), Text(f"{number:,}", style="bold"), Text(_rules(rules[name])))
            for name, number in sorted(findings.items(), key=lambda item: (-item[1], item[0]))
        ),
        right=(1,),
    )


def _rules(count: Counter[str]) -> str:
    names = sorted(count, key=lambda name: (-count[name], name))
    return listed((f"{name} ×{count[name]}" if count[name] > 1 else name for name in names), 4)


def first(document: Document, width: int) -> Iterator[RenderableType]:
    """The list to work down."""
    chosen = kinds([cause for cause in document.first if cause.severity != "note"])
    summaries = {rule.id: rule.summary for rule in document.rules}
    yield heading("What to do first", "in this order" if chosen else "nothing", width)
    if chosen:
        yield columns(
            (Text(f"{number}."), _task(kind, summaries)) for number, kind in enumerate(chosen[:FIRST], 1)
        )
    else:
        yield Text("  Nothing was found that needs doing.")
    if len(chosen) > FIRST:
        yield more(len(chosen) - FIRST)
    yield from _proposal(document)


def _task(kind: Kind, summaries: Mapping[str, str]) -> RenderableType:
    """What is wrong, what to do, and where."""
    cause = kind[0]
    number = sum(len(one.findings) for one in kind)
    what = cause.title if number == 1 else summaries.get(cause.rule, cause.title)
    behind = [one.cause or listed(grouped_places(one.places, LINES), 1) for one in kind]
    lines = [Text(what, style="bold")]
    if cause.fix:
        lines.append(Text(f"→ {cause.fix}"))
    lines.append(_dim(f"{cause.severity}, {counted(number, 'finding')}: {listed(behind, 2)} [{cause.rule}]"))
    return Group(*lines)


def _proposal(document: Document) -> Iterator[RenderableType]:
    proposal = document.proposal
    count = Counter((item.kind, item.action) for item in proposal.decisions)
    rows = []
    for kind, name in _KINDS:
        words = listed(f"{count[kind, action]:,} {word}" for action, word in _ACTIONS if count[kind, action])
        if words:
            rows.append((Text(name), Text(words)))
    if rows:
        yield Text("\n  Proposed for the files (reasons with --format markdown):")
        yield columns(rows, indent=4)
    if proposal.questions:
        titles = listed((question.title for question in proposal.questions), 3)
        number = counted(len(proposal.questions), "question")
        yield columns([(Text(f"{number} only a person can answer: ").append(titles, style="dim"),)])


_KINDS = (("dockerfile", "Dockerfiles"), ("compose", "compose files"), ("script", "scripts"))
_ACTIONS = (
    ("keep", "to keep"),
    ("repair", "to repair"),
    ("merge", "to merge"),
    ("remove", "to remove"),
    ("decide", "to decide"),
    ("leave", "to leave alone"),
)
