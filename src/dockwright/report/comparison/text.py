"""A comparison of two images for people: lines for a terminal, and Markdown."""

from collections.abc import Iterator, Sequence

from dockwright.report.comparison.document import DiffDocument, PackageEntry, SettingEntry
from dockwright.report.comparison.rows import Row, rows
from dockwright.report.markdown.text import code, escaped, table
from dockwright.report.words import byte_size, counted, listed, shortened

SHOWN = 40
"""Rows of one kind in a terminal; JSON has all."""
MAX_VALUE = 160


def as_text(made: DiffDocument) -> str:
    """Lines for a terminal; the last one is the summary."""
    lines = [f"before  {made.before}", f"after   {made.after}", ""]
    for title, body in _parts(made):
        lines += [title, *(f"  {line}" for line in body), ""]
    return "\n".join([*lines, summary(made), ""])


def _parts(made: DiffDocument) -> Iterator[tuple[str, list[str]]]:
    settings = [one for one in made.settings if not one.noise and not one.waiver]
    if settings:
        yield (
            f"settings: {counted(len(settings), 'difference')}",
            [line for one in settings for line in _setting(one)],
        )
    packages = [one for one in made.packages if not one.waiver]
    if packages:
        yield f"packages: {counted(len(packages), 'difference')}", _cut([_package(one) for one in packages])
    found = rows([one for one in made.files if not one.noise and not one.waiver])
    if found:
        yield (
            f"files: {counted(sum(row.inside + 1 for row in found), 'path')}",
            _cut([line for row in found for line in _file(row)]),
        )
    if made.findings:
        yield (
            f"{listed(made.scanned)}: {counted(len(made.findings), 'finding')} on one side only",
            _cut(
                [
                    f"{one.change:<5}  {one.severity:<8}  {one.id}  {one.package} {one.version}"
                    for one in made.findings
                ]
            ),
        )
    elif made.scanned:
        yield f"{listed(made.scanned)}: the same findings on both sides", []
    yield from _allowed(made)
    if made.notes:
        yield "notes", list(made.notes)


def _allowed(made: DiffDocument) -> Iterator[tuple[str, list[str]]]:
    """What was passed over, and why."""
    if made.rules:
        number = sum(one.count for one in made.rules)
        yield (
            f"passed over: {counted(number, 'difference')}, each by a rule with a name",
            [f"{one.name:<20}  {one.count:>6,}  {one.says}" for one in made.rules],
        )
    waived = _waived(made)
    if waived:
        yield (
            f"waived: {counted(len(waived), 'difference')}",
            _cut([f"{name}  ({why})" for name, why in waived]),
        )
    if made.unused_waivers:
        yield (
            f"waivers that nothing needed: {len(made.unused_waivers)}",
            [f"{one.says}  ({one.reason})" for one in made.unused_waivers],
        )


def _waived(made: DiffDocument) -> list[tuple[str, str]]:
    return [
        *((one.path, one.waiver) for one in made.files if one.waiver),
        *((one.name, one.waiver) for one in made.settings if one.waiver),
        *((f"{one.manager}:{one.name}", one.waiver) for one in made.packages if one.waiver),
    ]


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"and {more:,} more, see --format json"] if more > 0 else list(lines)


def _setting(one: SettingEntry) -> Iterator[str]:
    yield one.name
    yield f"  - {_value(one.before)}"
    yield f"  + {_value(one.after)}"


def _value(value: str | None) -> str:
    return "(not set)" if value is None else shortened(value, MAX_VALUE) or "(empty)"


def _package(one: PackageEntry) -> str:
    if not one.before or not one.after:
        side = "removed" if one.before else "added"
        return f"{side:<7}  {one.manager}  {one.name} {listed(one.before or one.after)}"
    return f"changed  {one.manager}  {one.name} {listed(one.before)} → {listed(one.after)}"


def _file(row: Row) -> Iterator[str]:
    if row.kind == "changed":
        yield f"changed  /{row.path}"
        yield from (f"  {part}" for part in row.parts)
    elif row.inside:
        yield f"{row.kind:<7}  /{row.path}/  with {row.inside:,} below it, {byte_size(row.size)}"
    else:
        yield f"{row.kind:<7}  /{row.path}  ({row.parts[0]})"


def summary(made: DiffDocument) -> str:
    """The comparison in one line."""
    counts = (
        (sum(not one.noise and not one.waiver for one in made.settings), "setting"),
        (sum(not one.waiver for one in made.packages), "package"),
        (sum(not one.noise and not one.waiver for one in made.files), "path"),
    )
    differ = [counted(number, noun) for number, noun in counts if number]
    verdict = f"different: {listed(differ)}" if differ else "the same"
    unused = (
        f"; {counted(len(made.unused_waivers), 'waiver')} that nothing needed" if made.unused_waivers else ""
    )
    return f"{verdict}{unused} ({made.compared:,} paths read)"


def as_markdown(made: DiffDocument) -> str:
    """For a pull request or a CI summary."""
    lines = [f"# {escaped(made.before)} and {escaped(made.after)}", "", f"**{escaped(summary(made))}**", ""]
    settings = [one for one in made.settings if not one.noise and not one.waiver]
    if settings:
        cells = [(code(one.name), code(_value(one.before)), code(_value(one.after))) for one in settings]
        lines += ["## Settings", "", *table(("setting", "before", "after"), cells)]
    packages = [one for one in made.packages if not one.waiver]
    if packages:
        cells3 = [
            (one.manager, code(one.name), code(listed(one.before)), code(listed(one.after)))
            for one in packages
        ]
        lines += ["## Packages", "", *table(("manager", "package", "before", "after"), cells3)]
    found = rows([one for one in made.files if not one.noise and not one.waiver])
    if found:
        body = [(row.kind, code("/" + row.path), _cell(row)) for row in found[: 10 * SHOWN]]
        lines += ["## Files", "", *table(("", "path", "what"), body)]
        if len(found) > len(body):
            lines += [f"and {len(found) - len(body):,} more, see the JSON", ""]
    for title, parts in _allowed(made):
        lines += [
            f"## {escaped(title[:1].upper() + title[1:])}",
            "",
            *(f"- {escaped(' '.join(part.split()))}" for part in parts),
            "",
        ]
    return "\n".join(lines)


def _cell(row: Row) -> str:
    if row.inside:
        return f"with {row.inside:,} below it, {byte_size(row.size)}"
    return ", ".join(escaped(part) for part in row.parts)
