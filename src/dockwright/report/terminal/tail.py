"""What was not looked at, and the summary line, which is always the last."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.terminal.parts import columns, heading, more
from dockwright.report.words import counted, last_line

SHOWN = 4


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Skipped things (never silently), then the last line."""
    if document.skipped:
        yield heading("Not looked at", counted(len(document.skipped), "thing"), width)
        yield columns((Text(f"{item.what}: {item.reason}"),) for item in document.skipped[:SHOWN])
        if len(document.skipped) > SHOWN:
            yield more(len(document.skipped) - SHOWN)
    yield ""
    yield Text(last_line(document), style="bold")
