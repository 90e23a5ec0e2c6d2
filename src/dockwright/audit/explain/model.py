"""An explanation: titled sections of lines, with places where there are some."""

from collections.abc import Sequence

import msgspec

from dockwright.repository.model import Reference, Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding


class Line(msgspec.Struct, frozen=True):
    """One thing that is known; `where` is `path:line`, empty when it has no place of its own."""

    text: str
    where: str = ""


class Section(msgspec.Struct, frozen=True):
    """Things of one kind."""

    title: str
    lines: Sequence[Line]


class Explanation(msgspec.Struct, frozen=True):
    """What is known about a place. Sections without lines are left out."""

    title: str
    sections: Sequence[Section]


USERS = 12


def users(repository: Repository, path: str) -> Section:
    """Who uses a file, strongest first."""
    references: Sequence[Reference] = repository.references_to.get(path, ())
    lines = [
        Line(
            f"{one.verb} it"
            + (" (in a list or comment)" if one.strength is Strength.NAME_LIST else "")
            + (f" ({one.uncertain})" if one.uncertain else ""),
            f"{one.place.path}:{one.place.line}",
        )
        for one in references[:USERS]
    ]
    if len(references) > USERS:
        lines.append(Line(f"and {len(references) - USERS} more places"))
    return Section("who uses the file", lines or [Line("nothing in the repository names it")])


def findings_at(findings: Sequence[Finding], path: str, first: int, last: int) -> Section:
    """Findings that stand on some lines, or rest on them."""
    lines: list[Line] = []
    for finding in findings:
        place = finding.location
        if place.path == path and place.line <= last and place.end_line >= first and place.line:
            lines.append(
                Line(f"{finding.severity.name.lower()}[{finding.rule}] {finding.message}", str(place))
            )
            continue
        for one in finding.related:
            if one.location.path == path and first <= one.location.line <= last:
                text = f"{finding.severity.name.lower()}[{finding.rule}] rests on it ({one.label}): {finding.message}"
                lines.append(Line(text, str(place)))
                break
    return Section("findings", lines)
