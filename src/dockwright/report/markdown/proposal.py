"""The proposed set of files, what becomes of each file and why, open questions, and the phases."""

from collections import Counter
from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import code, codes, details, escaped, prose, table
from dockwright.report.views import DecisionEntry, PhaseEntry
from dockwright.report.words import counted, figure_text

KINDS = ("dockerfile", "inline", "compose", "bake", "ignore", "script", "workflow", "other")
ACTIONS = ("keep", "repair", "merge", "remove", "decide", "leave")


def section(document: Document) -> Iterator[str]:
    """Target files, numbers before and after, questions, and a table per kind of file."""
    proposal = document.proposal
    yield "## Proposed target set"
    yield ""
    yield (
        "What the files themselves decide is marked *evidence*; where they cannot decide it says *person*, and the "
        "question stands below. Nothing that is live is removed; generated, vendored and archived files are left alone."
    )
    yield ""
    if proposal.figures:
        yield from table(
            ("what", "number", "how it was come by"),
            ((escaped(item.name), figure_text(item), escaped(item.how)) for item in proposal.figures),
            "lrl",
        )
    if proposal.targets:
        yield "### Files that take others in"
        yield ""
        yield from table(
            ("file", "takes in", "must be parameterised by"),
            (
                (code(item.path), codes(item.replaces), prose("; ".join(item.parameters)))
                for item in proposal.targets
            ),
        )
    yield from _questions(document)
    for kind in KINDS:
        yield from _decisions(kind, [item for item in proposal.decisions if item.kind == kind])


def _questions(document: Document) -> Iterator[str]:
    if not document.proposal.questions:
        return
    yield "### Questions the files cannot answer"
    yield ""
    for number, question in enumerate(document.proposal.questions, 1):
        yield f"{number}. **{prose(question.title)}** {prose(question.why)}"
        for choice in question.choices:
            yield f"   - {prose(choice)}"
        if any(f"`{file}`" not in " ".join(question.choices) for file in question.files):
            yield f"   - touches {codes(question.files, 12)}"
    yield ""


def _decisions(kind: str, items: list[DecisionEntry]) -> Iterator[str]:
    if not items:
        return
    count = Counter(item.action for item in items)
    words = ", ".join(f"{count[action]} {action}" for action in ACTIONS if count[action])
    yield f"### {_title(kind)}: {words}"
    yield ""
    ordered = sorted(items, key=lambda item: (ACTIONS.index(item.action), item.path))
    if kind == "script":
        kept = [item for item in ordered if item.action == "keep"]
        ordered = [item for item in ordered if item.action != "keep"]
        yield from _kept(kept)
    if not ordered:
        return
    yield from table(
        ("file", "proposal", "by", "risk", "reasons", "callers to change"),
        (
            (
                code(item.path),
                f"{item.action} into {code(item.into)}" if item.into else item.action,
                item.by,
                item.risk,
                prose("; ".join(item.reasons)),
                codes(map(str, item.callers), 4),
            )
            for item in ordered
        ),
    )


def _kept(items: list[DecisionEntry]) -> Iterator[str]:
    """Scripts that stay as they are, by the reason: a table of them would say the same a hundred times."""
    uncalled = [item.path for item in items if item.reasons and item.reasons[0].startswith("nothing ")]
    called = [item.path for item in items if item.path not in set(uncalled)]
    for title, paths in (
        ("used by something, kept", called),
        ("nothing in the repository calls, kept: people may, by hand", uncalled),
    ):
        if paths:
            yield from details(f"{counted(len(paths), 'script')} {title}", [f"{codes(paths)}.", ""])


def _title(kind: str) -> str:
    names = {
        "dockerfile": "Dockerfiles",
        "inline": "Dockerfiles inside other files",
        "compose": "Compose files",
        "bake": "Bake files",
        "ignore": "Ignore files",
        "other": "Other files",
    }
    return names.get(kind, f"{kind.capitalize()}s")


def phases(document: Document) -> Iterator[str]:
    """The way to the proposed set, in order."""
    yield "## Phases"
    yield ""
    if not document.proposal.phases:
        yield "Nothing has to change."
        yield ""
        return
    for phase in document.proposal.phases:
        yield from _phase(phase)


def _phase(phase: PhaseEntry) -> Iterator[str]:
    yield f"### Phase {phase.number}: {escaped(phase.title)} (risk: {phase.risk})"
    yield ""
    yield f"{prose(phase.why)}"
    yield ""
    for step in phase.steps:
        more = step.startswith("and ") and step.endswith(" more of this kind")
        yield f"- {prose(step)}" if more else f"- [ ] {prose(step)}"
    for check in phase.checks:
        yield f"- Done when {prose(check)}."
    if phase.needs:
        yield f"- Needs an answer first: {prose('; '.join(phase.needs))}"
    if phase.touches:
        yield f"- Touches {counted(len(phase.touches), 'file')}: {codes(phase.touches, 30)}."
    for figure in phase.figures:
        yield f"- {escaped(figure.name)}: {figure_text(figure)} ({escaped(figure.how)})."
    yield ""
