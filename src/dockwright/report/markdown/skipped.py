"""What the report does not say: what was not looked at, and what is accepted."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import code, prose, table


def section(document: Document) -> Iterator[str]:
    """Skipped things with reasons, then accepted findings with theirs."""
    yield "## Not looked at"
    yield ""
    if document.skipped:
        yield from table(
            ("what", "why"), ((code(item.what), prose(item.reason)) for item in document.skipped)
        )
    else:
        yield "Everything that was found was looked at."
        yield ""
    if not document.suppressed:
        return
    yield f"## Accepted findings ({len(document.suppressed):,})"
    yield ""
    yield from table(
        ("rule", "where", "what", "reason", "by"),
        (
            (
                code(item.finding.rule),
                code(str(item.finding.location)),
                prose(item.finding.message),
                prose(item.reason) or "none given",
                item.by,
            )
            for item in document.suppressed
        ),
    )
