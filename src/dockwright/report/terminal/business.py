"""What it costs: only what can be told, and what is missing for the rest."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.business import BusinessEntry, money
from dockwright.report.document import Document
from dockwright.report.terminal.parts import TOP, columns, heading, more


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Nothing where it was not asked for."""
    found = document.business
    if found is None:
        return
    if not found.costs and not found.savings:
        yield heading("What it costs", "cannot be told", width)
        yield from map(Text, nothing(found))
        return
    yield heading("What it costs", "in a month", width)
    if found.costs:
        yield columns(
            (Text(money(one.figure), style="bold"), Text(f"{one.kind} of {one.target}"))
            for one in found.costs[:TOP]
        )
    if len(found.costs) > TOP:
        yield more(len(found.costs) - TOP, "costs")
    for saving in found.savings[:TOP]:
        yield Text(f"  saved by {saving.change} ({saving.target}): {money(saving.figure)}")
    for note in found.notes:
        yield Text(f"  {note}", style="dim")
    for one in found.missing[:TOP]:
        yield Text(f"  {untold(one.kind, one.what, one.targets)}: {one.how}", style="dim")


def nothing(found: BusinessEntry) -> Iterator[str]:
    """Why there is no figure, and what would give one: the fewest words that are true."""
    needed = [one for one in found.missing if one.kind == "build"]
    if needed:
        for one in needed[:2]:
            yield f"  {untold(one.kind, one.what, one.targets)}: {one.how}"
    else:
        yield "  no build or image of this repository is recorded, so no figure is given"
        yield "  `dockwright build`, `bench` and `image` record; `dockwright ledger import` takes files of CI"


def untold(kind: str, what: str, targets: object) -> str:
    """`registry of web and 3 more: not known are …`."""
    names = list(targets) if isinstance(targets, list | tuple) else []
    of = names[0] if len(names) == 1 else f"{len(names)} targets"
    return f"no cost of {kind} of {of}: not known are {what}"
