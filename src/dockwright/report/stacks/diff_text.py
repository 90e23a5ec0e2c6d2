"""A difference of two stacks for people: lines for a terminal, and Markdown."""

from collections.abc import Iterable, Iterator

from dockwright.report.markdown.text import code, escaped, table
from dockwright.report.stacks.diff import DiffDocument, ServiceEntry
from dockwright.report.stacks.entries import ChangeEntry, ErrorEntry, SettingEntry, place_text

AREAS = (
    "images",
    "variables",
    "ports",
    "volumes",
    "networks",
    "behaviour",
    "limits",
    "security",
    "other",
)
MAX_VALUE = 160


def as_text(made: DiffDocument) -> str:
    """Lines for a terminal; the last one is the summary."""
    lines = [f"before  {made.before}", f"after   {made.after}", ""]
    lines += error_lines(made.errors)
    for service in made.services:
        lines += _service(service)
    if made.top:
        lines.append("project, networks, volumes, secrets, configs")
        lines += [line for change in made.top for line in change_lines(change)]
        lines.append("")
    return "\n".join([*lines, _summary(made), ""])


def error_lines(errors: Iterable[ErrorEntry]) -> Iterator[str]:
    """Why a side cannot be resolved."""
    for error in errors:
        place = f"{error.places[0]}: " if error.places else ""
        yield f"{error.side} cannot be resolved: {place}{error.message}"
        yield from (f"    see {other}" for other in error.places[1:])


def _service(service: ServiceEntry) -> Iterator[str]:
    if service.before is None or service.after is None:
        side = "after" if service.before is None else "before"
        yield f"{service.before or service.after}: only in {side}"
        yield ""
        return
    if not service.changes:
        return
    yield f"{_name(service)}: {_count(len(service.changes), 'difference')}, {service.same} settings equal"
    for area in AREAS:
        chosen = [change for change in service.changes if change.area == area]
        if chosen:
            yield f"  {area}"
            yield from (f"  {line}" for change in chosen for line in change_lines(change))
    yield ""


def _name(service: ServiceEntry) -> str:
    same = service.before == service.after
    return str(service.before) if same else f"{service.before} (after: {service.after})"


def change_lines(change: ChangeEntry) -> Iterator[str]:
    """One change: the setting, then each side with its place."""
    yield f"  {change.setting or 'the whole service'}"
    for sign, side in (("-", change.before), ("+", change.after)):
        if side is not None:
            yield f"    {sign} {_value(side)}  {place_text(side)}".rstrip()


def _value(side: SettingEntry) -> str:
    text = side.value.replace("\n", "\\n") or "(empty)"
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _summary(made: DiffDocument) -> str:
    if made.errors:
        return "nothing was compared: a side cannot be resolved"
    if made.same:
        return f"same: {_count(len(made.services), 'service')}, no difference"
    changed = sum(bool(one.changes) for one in made.services)
    alone = sum(one.before is None or one.after is None for one in made.services)
    number = sum(len(one.changes) for one in made.services) + len(made.top)
    extra = f", {_count(alone, 'service')} on one side only" if alone else ""
    return f"{_count(number, 'difference')}, in {changed} of {_count(len(made.services), 'service')}{extra}"


def as_markdown(made: DiffDocument) -> str:
    """Markdown: a table for each service."""
    lines = [f"# {code(made.before)} and {code(made.after)}", "", f"{_summary(made)}.", ""]
    lines += [f"- {escaped(line)}" for line in error_lines(made.errors)]
    for service in made.services:
        if service.before is None or service.after is None:
            side = made.after if service.before is None else made.before
            lines += [
                f"## {escaped(service.before or service.after or '')}",
                "",
                f"Only in {code(side)}.",
                "",
            ]
        elif service.changes:
            lines += [f"## {escaped(_name(service))}", "", *changes_table(made, service.changes)]
    if made.top:
        lines += ["## Project, networks, volumes, secrets, configs", "", *changes_table(made, made.top)]
    return "\n".join(lines)


def changes_table(made: DiffDocument, changes: Iterable[ChangeEntry]) -> list[str]:
    """A table of changes, by area."""
    ordered = sorted(changes, key=lambda change: AREAS.index(change.area))
    return table(
        ("area", "setting", code(made.before), code(made.after)),
        (
            (one.area, code(one.setting or "the whole service"), _cell(one.before), _cell(one.after))
            for one in ordered
        ),
    )


def _cell(side: SettingEntry | None) -> str:
    if side is None:
        return "–"
    return f"{code(_value(side))} {escaped(place_text(side))}"
