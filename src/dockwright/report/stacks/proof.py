"""A proof that two ways of writing a stack are the same, as a document fit to be shown; as JSON, as text, as Markdown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.compose.stack import Resolved
from dockwright.proof.compose import ComposeProof, EnvironmentProof, Found
from dockwright.report.clean import Cleaner
from dockwright.report.markdown.text import code, escaped, table
from dockwright.report.stacks.diff import schema_of
from dockwright.report.stacks.diff_text import change_lines, error_lines
from dockwright.report.stacks.entries import ChangeEntry, ErrorEntry, cleaner_for, entry

SCHEMA = "dockwright.prove-compose/1"
SHOWN = 20
"""Differences of an environment that text and Markdown show; JSON has all."""


class DifferenceEntry(ChangeEntry, frozen=True, kw_only=True):
    """A difference; `modulo` is the name under which it would not count, null when it always counts."""

    modulo: str | None


class EnvironmentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One environment: `verdict` is same, differs, cannot be resolved, or only on one side."""

    name: str
    verdict: str
    differences: Sequence[DifferenceEntry]
    modulo: Sequence[DifferenceEntry]
    errors: Sequence[ErrorEntry]
    variables: Sequence[str]
    marked: str


class ProofDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright prove compose --format json` writes."""

    schema: str = SCHEMA
    tool: str
    version: str
    before: str
    after: str
    same: bool
    modulo: Sequence[str]
    environments: Sequence[EnvironmentEntry]


def document(proof: ComposeProof, resolved: Sequence[Resolved]) -> ProofDocument:
    """The proof with secrets out; `resolved` are all stacks it is about, whose secrets are known by that."""
    cleaner = cleaner_for(resolved)
    data = {
        "tool": "dockwright",
        "version": __version__,
        "before": proof.before,
        "after": proof.after,
        "same": proof.same,
        "modulo": [one.value for one in proof.modulo],
        "environments": [_environment(one, cleaner) for one in proof.environments],
    }
    return msgspec.convert(data, ProofDocument)


def _environment(proof: EnvironmentProof, cleaner: Cleaner) -> dict[str, Any]:
    return {
        "name": proof.name,
        "verdict": proof.verdict.value,
        "differences": [_difference(one, cleaner) for one in proof.differences],
        "modulo": [_difference(one, cleaner) for one in proof.modulo],
        "errors": [
            {
                "side": side,
                "message": cleaner.text(problem.message),
                "places": [f"{cleaner.text(place.path)}:{place.line}" for place in problem.places],
            }
            for side, problem in proof.errors
        ],
        "variables": list(proof.variables),
        "marked": proof.marked,
    }


def _difference(found: Found, cleaner: Cleaner) -> dict[str, Any]:
    made = entry(
        found.service, found.name, found.area.value, (found.before, found.after), found.places, cleaner
    )
    return {**made, "modulo": None if found.modulo is None else found.modulo.value}


def schema_text() -> str:
    """JSON Schema of what `dockwright prove compose --format json` writes."""
    return schema_of(ProofDocument, f"dockwright prove compose ({SCHEMA})")


def as_text(made: ProofDocument) -> str:
    """Lines for a terminal; the last one is the summary."""
    lines = [f"before  {made.before}", f"after   {made.after}", ""]
    for environment in made.environments:
        lines += _environment_lines(environment)
    return "\n".join([*lines, "", _summary(made), ""])


def _environment_lines(one: EnvironmentEntry) -> Iterator[str]:
    yield f"{one.name}: {one.verdict}{_basis(one)}"
    yield from (f"  {line}" for line in error_lines(one.errors))
    for difference in one.differences[:SHOWN]:
        service = f"{difference.service}: " if difference.service else ""
        first, *rest = change_lines(difference)
        hint = f"  (--modulo {difference.modulo} leaves it out)" if difference.modulo else ""
        yield f"  {service}{first.strip()}{hint}"
        yield from rest
    if len(one.differences) > SHOWN:
        yield f"  and {len(one.differences) - SHOWN:,} more; --format json has all"


def _basis(one: EnvironmentEntry) -> str:
    parts = []
    if one.verdict == "same" and one.modulo:
        names = sorted({difference.modulo or "" for difference in one.modulo})
        parts.append(f"modulo {', '.join(names)} ({len(one.modulo)} left out)")
    if one.variables:
        number = len(one.variables)
        said = "also with every variable set to a mark" if one.marked == "shown" else one.marked
        parts.append(f"{number} variable{'s' if number != 1 else ''}{f': {said}' if said else ''}")
    return f" ({'; '.join(parts)})" if parts else ""


def _summary(made: ProofDocument) -> str:
    number = len(made.environments)
    if not number:
        return "nothing to compare: neither side has an environment"
    same = sum(one.verdict == "same" for one in made.environments)
    verdict = "same" if made.same else "not the same"
    return f"{verdict}: {same} of {number} environments resolve to the same configuration"


def as_markdown(made: ProofDocument) -> str:
    """Markdown: a table of environments, then what differs."""
    lines = [f"# {'Same' if made.same else 'Not the same'} configuration", ""]
    lines += [f"Before: {code(made.before)}, after: {code(made.after)}.", ""]
    lines += table(
        ("environment", "verdict", "basis"),
        ((code(one.name), one.verdict, escaped(_basis(one).strip(" ()"))) for one in made.environments),
    )
    for one in made.environments:
        if one.differences or one.errors:
            body = [line.replace("```", "'''") for line in _environment_lines(one)]
            lines += [f"## {escaped(one.name)}", "", "```text", *body, "```", ""]
    return "\n".join([*lines, f"{_summary(made)}.", ""])


RENDERERS: Mapping[str, Callable[[ProofDocument], str]] = {"terminal": as_text, "markdown": as_markdown}
