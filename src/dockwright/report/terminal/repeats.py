"""What repeats: the strongest overlaps, and findings about drift and duplication."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.terminal.causes import REPEATS, kinds, shown
from dockwright.report.terminal.parts import TOP, columns, heading, more
from dockwright.report.views import OverlapEntry
from dockwright.report.words import counted, figure_text, listed


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Overlaps first, then what has drifted apart."""
    overlaps = document.overlaps
    drifted = [cause for cause in document.first if cause.category in REPEATS]
    notes = [counted(len(overlaps), "overlap")] if overlaps else []
    notes += (
        [f"{counted(sum(len(cause.findings) for cause in drifted), 'finding')} of drift"] if drifted else []
    )
    yield heading("What repeats", listed(notes) or "nothing found", width)
    if overlaps:
        yield columns((_share(item), _overlap(item)) for item in overlaps[:TOP])
    if len(overlaps) > TOP:
        yield more(len(overlaps) - TOP, "overlaps")
    yield from shown(kinds(drifted), 3)


def _share(item: OverlapEntry) -> Text:
    return Text(figure_text(item.figures[0]) if item.figures else "", style="bold")


def _overlap(item: OverlapEntry) -> Text:
    number = len(item.differences) + item.more_differences
    text = Text(item.title)
    if number:
        text.append(f"  {counted(number, 'difference')}", style="dim")
    return text
