"""The order of the report's sections."""

from collections.abc import Callable, Iterator

from dockwright.report.document import Document
from dockwright.report.markdown import (
    business,
    environments,
    findings,
    images,
    inventory,
    overlaps,
    proposal,
    rebuilds,
    security,
    skipped,
    summary,
)
from dockwright.report.markdown.contents import contents
from dockwright.report.markdown.links import linked, paths_of

SECTIONS: tuple[Callable[[Document], Iterator[str]], ...] = (
    summary.section,
    summary.first,
    inventory.section,
    environments.section,
    overlaps.section,
    rebuilds.section,
    business.section,
    findings.section,
    images.section,
    security.section,
    proposal.section,
    proposal.phases,
    skipped.section,
)


def render(document: Document, links: str | None = None) -> str:
    """The whole report, ending in a newline. The same document gives the same text.

    With `links`, the way from the report's folder to the repository (``""``, `../`), rows lead to the files they name.
    """
    head = list(summary.head(document))
    lines = [line for section in SECTIONS for line in section(document)]
    if links is not None:
        lines = list(linked(lines, paths_of(document), links))
    return "\n".join((*head, *contents(lines), *lines)).rstrip("\n") + "\n"
