"""The environments: files, evidence, status, and in what each differs from the one it is most like."""

from collections.abc import Iterator, Mapping, Sequence

from dockwright.compose.standin import Status
from dockwright.report.document import Document
from dockwright.report.environments import EnvironmentEntry, NearestEntry, differs, standing
from dockwright.report.markdown.text import code, codes, details, escaped, prose, table
from dockwright.report.words import shortened

EVIDENCE = 3
ROWS = 15
"""Differences shown for one pair; JSON has more of them."""
WIDTH = 160
"""Characters of a value that are shown."""


def section(document: Document) -> Iterator[str]:
    """Nothing where there are no compose files."""
    if not document.environments:
        return
    yield "## Environments"
    yield ""
    yield (
        "How the compose files are used together, and what each use comes to in a clean clone, resolved as Compose"
        " does. Settings are counted over the services that play the same part, then over all of both."
    )
    yield ""
    head = (
        "environment",
        "files",
        "because",
        "status",
        "services",
        "settings that are the same",
        "its services",
    )
    yield from table(head, map(_row, document.environments), "llllrll")
    yield from _made(document)
    yield from _ports(document)
    told: set[frozenset[str]] = set()
    for one in document.environments:
        if len(one.errors) > 1:
            yield from details(f"`{one.name}`: what Compose says", _errors(one))
        pair = frozenset((one.name, one.nearest.name if one.nearest is not None else ""))
        if pair in told:
            continue
        told.add(pair)
        if one.status == Status.REFUSED and not one.evidence:
            continue  # a piece of another stack: how it differs from a whole one tells nothing
        if one.nearest is not None and (one.nearest.differences or one.nearest.only_here):
            title = f"`{one.name}` and `{one.nearest.name}`: what differs"
            yield from details(title, list(_differences(one, one.nearest)))


def _made(document: Document) -> Iterator[str]:
    """Which Dockerfiles each environment builds."""
    broken = {item.path for item in document.inventory.dockerfiles if item.buildable is False}
    rows = []
    for one in document.environments:
        built: dict[str, list[str]] = {}
        for made in one.made:
            if made.dockerfile:
                name = made.dockerfile + (f"#{made.target}" if made.target else "")
                built.setdefault(name, []).append(made.service)
        taken = sum(not made.dockerfile for made in one.made)
        what = (
            f"{code(name)}{' (**cannot be built**)' if name.partition('#')[0] in broken else ''} for {codes(services, 4)}"
            for name, services in built.items()
        )
        if built:
            rows.append((code(one.name), "; ".join(what), str(taken)))
    if rows:
        yield "### What each environment builds"
        yield ""
        yield from table(("environment", "Dockerfiles", "images taken as they are"), rows, "llr")


def _ports(document: Document) -> Iterator[str]:
    """Host ports and who publishes them; two environments of one port cannot run side by side."""
    taken: dict[str, dict[str, list[str]]] = {}
    for one in document.environments:
        for port in one.ports:
            taken.setdefault(port.host, {}).setdefault(f"{port.service}:{port.target}", []).append(one.name)
    if not taken:
        return
    yield f"### Host ports ({len(taken):,})"
    yield ""
    yield "With the defaults of a clean clone; ports that hang on a variable nothing sets are left out. Environments that publish one port cannot run on one machine at once."
    yield ""
    rows = []
    for host, services in _in_ranges(taken):
        names = dict.fromkeys(name for found in services.values() for name in found)
        who = "; ".join(f"{code(service)} in {codes(found, 6)}" for service, found in services.items())
        rows.append((code(host), str(len(names)), who))
    yield from table(("host port", "environments", "published for"), rows, "lrl")


Taken = Mapping[str, Sequence[str]]
"""Services with the port they listen on, and the environments in which they do."""


def _in_ranges(taken: Mapping[str, Taken]) -> list[tuple[str, Taken]]:
    """Ports in order; neighbours that the same services publish for neighbours of their own are one row."""
    rows: list[tuple[str, Taken]] = []
    before: tuple[object, int] = ((), -1)
    for host, services in sorted(taken.items(), key=lambda item: (_number(item[0]), item[0])):
        number = _number(host)
        shape = (
            host.replace(str(number), "", 1),
            [
                (name.partition(":")[0], _number(name) - number, tuple(found))
                for name, found in services.items()
            ],
        )
        if before == (shape, number - 1) and rows:
            first, _, rest = rows[-1][0].partition("/")
            rows[-1] = (f"{first.partition('-')[0]}-{number}/{rest}", rows[-1][1])
        else:
            rows.append((host, services))
        before = (shape, number)
    return rows


def _number(host: str) -> int:
    digits = host.rpartition(":")[2].partition("/")[0].partition("-")[0]
    return int(digits) if digits.isdigit() and len(digits) < 8 else 0


def _row(one: EnvironmentEntry) -> tuple[str, ...]:
    name = code(one.name) + (f" ({escaped(one.kind)})" if one.kind and one.kind != one.name else "")
    files = codes(one.files) + (f" with profiles {codes(one.profiles)}" if one.profiles else "")
    evidence = f": {codes(one.evidence, EVIDENCE)}" if one.evidence else ""
    near = one.nearest
    return (
        name,
        files,
        escaped(one.how) + evidence,
        prose(standing(one)),
        str(len(one.services)),
        f"{near.share:.0%} as in {code(near.name)}" if near is not None else "",
        differs(near) if near is not None else "",
    )


def _errors(one: EnvironmentEntry) -> list[str]:
    return [*(f"- {prose(error.message)} ({codes(error.places, 4)})" for error in one.errors), ""]


def _differences(one: EnvironmentEntry, near: NearestEntry) -> Iterator[str]:
    shares = "; ".join(f"{escaped(figure.name)} {figure.value:.0%}" for figure in near.figures)
    yield f"Of services that both have: {shares}."
    yield ""
    for names, where in ((near.only_here, one.name), (near.only_there, near.name)):
        if names:
            yield f"- only in {code(where)}: {codes(names)}"
    yield ""
    rows = [
        (code(row.what), *(code(shortened(value or "", WIDTH)) for value in row.values))
        for row in near.differences[:ROWS]
    ]
    yield from table(("setting", code(one.name), code(near.name)), rows)
    more = len(near.differences) - len(rows) + near.more_differences
    if more:
        command = code(f"dockwright compose diff {one.name} {near.name}")
        yield f"and {more:,} more; {command} tells them all."
        yield ""
