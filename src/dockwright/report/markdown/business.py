"""What it costs: a table of what can be told, and a list of what cannot."""

from collections.abc import Iterator

from dockwright.report.business import money
from dockwright.report.document import Document
from dockwright.report.markdown.text import code, escaped, prose, table


def section(document: Document) -> Iterator[str]:
    """Nothing where it was not asked for."""
    found = document.business
    if found is None:
        return
    yield "## What it costs"
    yield ""
    if not found.costs and not found.savings:
        yield "No figure is given: what one would be made of is not known."
        yield ""
    if found.costs:
        rows = ((code(one.target), one.kind, money(one.figure), prose(one.figure.how)) for one in found.costs)
        yield from table(("target", "for", "cost", "how"), rows, "llrl")
    for saving in found.savings:
        yield f"- {escaped(saving.change)} in {code(saving.target)} saves {money(saving.figure)}"
    for note in found.notes:
        yield f"- {prose(note)}"
    for one in found.missing:
        names = ", ".join(code(name) for name in one.targets[:5]) + (" …" if len(one.targets) > 5 else "")
        yield f"- no cost of {one.kind} of {names}: not known are {prose(one.what)}; {prose(one.how)}"
    if not found.missing and not found.costs:
        yield "- no build or image is recorded; `dockwright build`, `bench`, `image` and `ledger import` record them"
    yield ""
