"""The environments: files, evidence, status, and in what each differs from the one it is most like."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.environments import EnvironmentEntry, NearestEntry, differs, standing
from dockwright.report.markdown.text import code, codes, details, escaped, prose, table

EVIDENCE = 3


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
    head = ("environment", "files", "because", "status", "services", "settings that are the same", "services")
    yield from table(head, map(_row, document.environments), "llllrll")
    for one in document.environments:
        if one.errors:
            yield from details(f"`{one.name}`: what Compose says", _errors(one))
        if one.nearest is not None and (one.nearest.differences or one.nearest.only_here):
            title = f"`{one.name}` and `{one.nearest.name}`: what differs"
            yield from details(title, list(_differences(one, one.nearest)))


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
    rows = ((code(row.what), *(code(value or "") for value in row.values)) for row in near.differences)
    yield from table(("setting", code(one.name), code(near.name)), rows)
    if near.more_differences:
        yield f"and {near.more_differences:,} more"
        yield ""
