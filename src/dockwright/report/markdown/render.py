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


def render(document: Document) -> str:
    """The whole report, ending in a newline. The same document gives the same text."""
    head = list(summary.head(document))
    lines = [line for section in SECTIONS for line in section(document)]
    return "\n".join((*head, *contents(lines), *lines)).rstrip("\n") + "\n"
