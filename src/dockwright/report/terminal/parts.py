"""Pieces that the sections share: headings, severities, hanging columns."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "note": "dim"}

TOP = 5
"""How many things a section shows before it counts the rest."""


def heading(title: str, note: str, width: int) -> RenderableType:
    """A section's title with a line to the edge: `── What is broken ── 22 causes ─────`."""
    text = Text("── ", style="dim")
    text.append(title, style="bold")
    if note:
        text.append(" ── ", style="dim").append(note)
    text.append(" ")
    text.append("─" * max(width - text.cell_len, 0), style="dim")
    text.truncate(width)
    return Padding(text, (1, 0, 0, 0))


def severity(name: str) -> Text:
    """A severity as a word; colour only repeats what the word says."""
    return Text(name.upper() if name in {"critical", "high"} else name, style=STYLES.get(name, ""))


def columns(
    rows: Iterable[tuple[RenderableType, ...]], *, right: tuple[int, ...] = (), indent: int = 2
) -> RenderableType:
    """Rows in columns without lines; the last column takes the rest of the width and wraps inside it."""
    items = list(rows)
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    for index in range(len(items[0]) if items else 0):
        last = index == len(items[0]) - 1
        grid.add_column(
            justify="right" if index in right else "left",
            ratio=1 if last else None,
            no_wrap=not last,
            overflow="fold" if last else "ellipsis",
        )
    for row in items:
        grid.add_row(*row)
    return Padding(grid, (0, 0, 0, indent))


def more(number: int, what: str = "") -> Text:
    """`and 12 more …`, with the way to see them."""
    noun = f" {what}" if what else ""
    return Text(f"  and {number:,} more{noun}, see --format markdown", style="dim")
