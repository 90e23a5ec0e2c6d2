"""The security summary: topics with every place, and topics that were looked for and not found."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import codes, escaped, prose, table
from dockwright.report.words import counted, grouped_places


def section(document: Document) -> Iterator[str]:
    """Secret values are never shown, only where they stand."""
    yield "## Security"
    yield ""
    found = [topic for topic in document.security if topic.places]
    clear = [topic for topic in document.security if not topic.places]
    yield from (
        ()
        if not found
        else table(
            ("topic", "at most", "places", "why it matters"),
            (
                (escaped(topic.title), topic.severity, counted(len(topic.places), "place"), prose(topic.why))
                for topic in found
            ),
        )
    )
    for topic in found:
        yield f"- **{escaped(topic.title)}**: {codes(grouped_places(topic.places), 40)}."
        for note in topic.notes:
            yield f"  - {prose(note)}"
    if found:
        yield ""
    if clear:
        yield f"Looked for in compose files, scripts and workflows, and not found: {escaped('; '.join(topic.title for topic in clear))}."
        yield ""
