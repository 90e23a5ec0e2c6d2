"""What was not looked at, and the summary line, which is always the last."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.terminal.causes import weights
from dockwright.report.terminal.parts import columns, heading, more
from dockwright.report.words import counted, listed

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


def last_line(document: Document) -> str:
    """The whole audit in one line."""
    inventory = document.inventory
    own = [item for item in inventory.dockerfiles if item.standing == "own"]
    composes = sum(item.standing == "own" for item in inventory.compose)
    broken = sum(item.buildable is False for item in own)
    files = counted(len(own), "Dockerfile") + (f" ({broken:,} cannot be built)" if broken else "")
    counts = dict(document.counts["severity"])
    found = counted(len(document.findings), "finding") + (
        f" ({weights(counts)})" if document.findings else ""
    )
    parts = [f"{files}, {counted(composes, 'compose file')}", found]
    if document.suppressed:
        parts.append(f"{counted(len(document.suppressed), 'finding')} accepted")
    if document.skipped:
        parts.append(f"{counted(len(document.skipped), 'thing')} not looked at")
    return "; ".join(part for part in parts if listed([part]))
