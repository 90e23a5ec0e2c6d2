"""One line of a script or workflow: the container command that stands there, and what it reads, builds and removes."""

from collections.abc import Iterator, Sequence

from dockwright.audit.explain.model import Explanation, Line, Section, findings_at, users
from dockwright.repository.model import Invocation, ScriptItem
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding


def explain_script(
    repository: Repository, findings: Sequence[Finding], item: ScriptItem, line: int
) -> Explanation:
    """What is known about the container commands on a line."""
    here = [one for one in item.invocations if _covers(one, line)]
    sections = [
        Section(
            "container commands", [text for one in here for text in _command(one)] or [_nearest(item, line)]
        ),
        Section("names", list(_names(repository, item, line))),
        findings_at(findings, item.path, line, line),
        users(repository, item.path),
    ]
    return Explanation(f"{item.path}:{line}", [section for section in sections if section.lines])


def _covers(one: Invocation, line: int) -> bool:
    last = one.place.source.line_of(max(one.place.span.end - 1, one.place.span.start))
    return one.place.line <= line <= last


def _command(one: Invocation) -> Iterator[Line]:
    yield Line(one.text, f"{one.place.path}:{one.place.line}")
    yield Line(f"{one.call.engine} {one.call.verb}" + (f", in {one.within}" if one.within else ""))
    if one.fallback:
        yield Line("runs only after another way has failed")
    if one.call.destroys is not None:
        removes = one.call.destroys
        yield Line(f"removes {', '.join(removes.what)}; reach: {removes.reach.value}")
    for problem in one.call.problems:
        yield Line(f"the tool would not do as meant: {problem.message}")


def _nearest(item: ScriptItem, line: int) -> Line:
    lines = sorted({one.place.line for one in item.invocations}, key=lambda other: abs(other - line))[:5]
    if not lines:
        return Line("no container command stands in this file")
    return Line(f"none on this line; the nearest are on lines {', '.join(map(str, sorted(lines)))}")


def _names(repository: Repository, item: ScriptItem, line: int) -> Iterator[Line]:
    for one in repository.references:
        if one.place.path == item.path and one.place.line == line:
            state = one.target or f"{one.resolved or one.named}, which does not exist"
            yield Line(f"{one.verb} {one.expects} {state}" + (f" ({one.uncertain})" if one.uncertain else ""))
