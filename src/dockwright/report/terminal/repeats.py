"""What repeats: the strongest overlaps of each kind, and findings about drift and duplication."""

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.terminal.causes import REPEATS, kinds, shown
from dockwright.report.terminal.parts import columns, heading, more
from dockwright.report.views import OverlapEntry
from dockwright.report.words import counted, figure_text, listed

QUOTA = {"copies": 2, "dockerfiles": 3, "compose": 3, "block": 1}
"""How many of each kind are shown; versions are shown as findings."""


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Overlaps first, then what has drifted apart."""
    overlaps = [item for item in document.overlaps if item.kind in QUOTA]
    drifted = [cause for cause in document.first if cause.category in REPEATS]
    notes = [counted(len(overlaps), "overlap")] if overlaps else []
    notes += (
        [f"{counted(sum(len(cause.findings) for cause in drifted), 'finding')} of drift"] if drifted else []
    )
    yield heading("What repeats", listed(notes) or "nothing found", width)
    strongest = list(_strongest(overlaps))
    if strongest:
        yield columns(((_share(item), _overlap(item)) for item in strongest), right=(0,))
    if len(overlaps) > len(strongest):
        yield more(len(overlaps) - len(strongest), "overlaps")
    yield from shown(kinds(drifted), 3)


def _strongest(overlaps: list[OverlapEntry]) -> Iterator[OverlapEntry]:
    taken: Counter[str] = Counter()
    for item in overlaps:
        taken[item.kind] += 1
        if taken[item.kind] <= QUOTA[item.kind]:
            yield item


def _share(item: OverlapEntry) -> Text:
    if item.kind == "copies":
        return Text("100%", style="bold")
    if item.kind == "block":
        return Text("", style="bold")
    return Text(figure_text(item.figures[0]) if item.figures else "", style="bold")


def _overlap(item: OverlapEntry) -> Text:
    number = len(item.differences) + item.more_differences
    text = Text(item.title)
    notes = [counted(number, "difference")] if number else []
    notes += [note for note in item.notes if "until" in note]
    if item.kind == "copies":
        notes = [listed(item.files, 3)]
    elif item.kind == "block":
        notes = [f"saves {figure_text(figure)} lines" for figure in item.figures]
    if notes:
        text.append(f"  {'; '.join(notes)}", style="dim")
    return text
