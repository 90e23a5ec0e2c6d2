"""A build proof for people: lines for a terminal, and Markdown."""

from collections.abc import Iterator

from dockwright.report.markdown.text import code, escaped, table
from dockwright.report.proofs.build import DifferenceEntry, ProofDocument, SideEntry, TargetEntry

_SAME, _DIFFERS = "same", "differs"
_KINDS = {
    "changed": "the first difference",
    "only in the first": "only the first has",
    "only in the second": "only the second has",
    "image configuration": "the same operations, but another image configuration",
}
MAX_VALUE = 300
BEFORE = 60
"""Characters shown before the first difference of long values."""


def as_text(made: ProofDocument) -> str:
    """Lines for a terminal; the last one is the summary."""
    lines = [f"first   {made.first}", f"second  {made.second}", ""]
    for target in made.targets:
        lines += _target(target)
    lines += _notes(made)
    return "\n".join([*lines, _summary(made), ""])


def _name(target: TargetEntry) -> str:
    if target.name == target.second:
        return f"target {target.name}" if target.name else "the last stage"
    return f"target {target.name or '(last)'} as {target.second or '(last)'}"


def _target(target: TargetEntry) -> Iterator[str]:
    yield f"{_name(target)}: {target.verdict}"
    for refusal in target.refusals:
        if refusal is not None:
            yield f"  {refusal.place}: {refusal.message}"
    if target.difference is not None:
        yield from (f"  {line}" for line in _difference(target.difference))
    if target.selected is not None:
        one = target.selected
        yield f"  {one.place}: {one.text}"
        yield f"    selects other files in the second context: {one.selection}"


def _difference(difference: DifferenceEntry) -> Iterator[str]:
    yield f"{_KINDS[difference.kind]}:"
    sides = (("first", difference.first), ("second", difference.second))
    for label, side in sides:
        yield f"  {label:<6}  {_side(side)}"
    for part in difference.parts:
        yield f"  {part.name}"
        first, second = _values(part.first, part.second)
        yield f"    first   {first}{_set_at(part.places[0])}"
        yield f"    second  {second}{_set_at(part.places[1])}"


def _set_at(place: str | None) -> str:
    return f"  (set at {place})" if place else ""


def _side(side: SideEntry | None) -> str:
    if side is None:
        return "nothing here"
    place = side.path if side.line is None else f"{side.path}:{side.line}"
    return f"{place}  {side.text}".strip()


def _values(first: str | None, second: str | None) -> tuple[str, str]:
    """Two values, so much of them that it can be seen where they differ."""
    start = 0
    if first is not None and second is not None and max(len(first), len(second)) > MAX_VALUE:
        pairs = enumerate(zip(first, second, strict=False))
        same = next((index for index, (a, b) in pairs if a != b), min(len(first), len(second)))
        start = max(same - BEFORE, 0)
    return _value(first, start), _value(second, start)


def _value(value: str | None, start: int) -> str:
    if value is None:
        return "not there"
    shown = f"…{value[start:]}" if start else value
    return shown if len(shown) <= MAX_VALUE else shown[: MAX_VALUE - 1] + "…"


def _notes(made: ProofDocument) -> Iterator[str]:
    notes = list(_note_texts(made))
    if notes:
        yield ""
        yield from notes


def _note_texts(made: ProofDocument) -> Iterator[str]:
    for names, side in ((made.only_first, "first"), (made.only_second, "second")):
        if names:
            yield f"only the {side} has stages called {', '.join(names)}; names are no part of the work"
    if made.unknown_images:
        yield f"images taken by name alone: {', '.join(made.unknown_images)}"
    if made.frontends[0] != made.frontends[1]:
        asked = [one or "none" for one in made.frontends]
        yield f"the files ask for different frontends ({asked[0]}, {asked[1]}); both were read as the same one does"
    if not made.contexts_compared:
        yield "build contexts were not compared: which files a COPY selects is taken as the same"


def _summary(made: ProofDocument) -> str:
    count = len(made.targets)
    if made.same:
        return f"same: {count} of {count} targets give BuildKit the same work"
    same = sum(one.verdict == _SAME for one in made.targets)
    return f"not the same: {count - same} of {count} targets differ"


def as_markdown(made: ProofDocument) -> str:
    """Markdown with a table of targets, then what differs."""
    lines = [f"# {'Same' if made.same else 'Not the same'} work", ""]
    lines += [f"First: {code(made.first)}, second: {code(made.second)}.", ""]
    lines += table(("target", "verdict"), ((escaped(_name(one)), one.verdict) for one in made.targets))
    for target in made.targets:
        if target.verdict != _SAME:
            lines += [f"## {escaped(_name(target))}", "", "```text", *_fenced(target), "```", ""]
    for note in _note_texts(made):
        lines += [f"- {escaped(note)}"]
    lines += ["", f"{_summary(made)}.", ""]
    return "\n".join(lines)


def _fenced(target: TargetEntry) -> Iterator[str]:
    """Lines inside a fence, none of which can end it."""
    for line in _target(target):
        yield line.replace("```", "'''")
