"""The answer of `dockwright why` for people and programs."""

from typing import Any

import msgspec

from dockwright.replay.why import BASES, SCHEMA, Why, WhyStep
from dockwright.report.fit import fit
from dockwright.report.markdown.text import code, prose, table
from dockwright.report.words import shortened

_MARKS = {"hit": "hit    ", "miss": "MISS   ", "unknown": "unknown"}


def as_json(answer: Why) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/why-1.json`."""
    made: dict[str, Any] = msgspec.json.schema(Why)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright why ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _title(answer: Why) -> str:
    target = f", target {answer.target}" if answer.target else ""
    return (
        f"{answer.dockerfile} (context {answer.context}{target}): {answer.before} built, then {answer.after}"
    )


def _last(answer: Why) -> str:
    counts = {name: sum(step.verdict == name for step in answer.steps) for name in _MARKS}
    roots = sum(step.root for step in answer.steps)
    return (
        f"{counts['hit']} hit, {counts['miss']} miss, {counts['unknown']} unknown; "
        f"{roots} of them for {'a reason' if roots == 1 else 'reasons'} of {'its' if roots == 1 else 'their'} own"
    )


def as_text(answer: Why, width: int) -> str:
    """One line for each step, the cause below it; one line for all where every step hits."""
    if all(step.verdict == "hit" for step in answer.steps):
        lines = [f"{_title(answer)}: {_all_hit(answer)}", *_rest(answer)]
        return fit("".join(f"{line}\n" for line in lines), width)
    lines = [_title(answer)]
    for step in answer.steps:
        lines.append(shortened(f"  {_MARKS[step.verdict]} {step.line:>4}  {step.text}", width))
        lines += [f"                {one}" for one in _causes(step)]
    lines += [f"  note: {note}" for note in answer.notes]
    lines += [f"  not looked at: {one.what}: {one.reason}" for one in answer.skipped[:5]]
    return fit("".join(f"{line}\n" for line in [*lines, _last(answer)]), width)


def _all_hit(answer: Why) -> str:
    number = len(answer.steps)
    if not number:
        return "it has no step that runs or copies, so that nothing can run again"
    steps = "its one step hits" if number == 1 else f"all {number} steps hit"
    return f"{steps}, if no tag of a base image moved"


def _rest(answer: Why) -> list[str]:
    """What has to be said beside that line: all notes but the one that is in it."""
    notes = [f"  note: {note}" for note in answer.notes if note != BASES]
    return notes + [f"  not looked at: {one.what}: {one.reason}" for one in answer.skipped[:5]]


def _causes(step: WhyStep) -> list[str]:
    if not step.cause:
        return []
    if not step.root:
        return [f"↳ {step.cause}"]
    shown = [f"because {one}" for one in step.changes[:3]]
    rest = len(step.changes) - len(shown)
    return [*shown, f"and {rest} more"] if rest > 0 else shown


def as_markdown(answer: Why) -> str:
    """A table of the steps."""
    rows = [
        (
            str(step.line),
            code(step.text),
            step.verdict,
            ("**" + prose(step.cause) + "**") if step.root else prose(step.cause),
        )
        for step in answer.steps
    ]
    lines = [f"# {prose(_title(answer))}", "", *table(("line", "step", "verdict", "cause"), rows, "rlll")]
    lines += [f"- {prose(note)}" for note in answer.notes]
    return "\n".join([*lines, "", f"{_last(answer)}."]) + "\n"
