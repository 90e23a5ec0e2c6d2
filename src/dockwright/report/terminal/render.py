"""Draws the sections one after the other; `rich` does the wrapping, the columns and (when asked for) the colours."""

import io

from rich.console import Console, RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.terminal import business, causes, environments, exists, rebuilds, repeats, tail

SECTIONS = (
    exists.head,
    exists.section,
    environments.section,
    causes.broken,
    causes.dangerous,
    repeats.section,
    rebuilds.section,
    business.section,
    causes.rest,
    causes.first,
    tail.section,
)
NOTHING = (exists.head, tail.section)
"""What there is to say of a folder without anything of Docker: a row of empty sections would look like a clean one."""


def render(document: Document, *, width: int = 80, colour: bool = False) -> str:
    """The report as text, at most `width` columns wide (not less than 40), with ANSI colours only when asked for."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=max(width, 40),
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for section in SECTIONS if _has_anything(document) else NOTHING:
        for part in section(document, console.width):
            _print(console, part)
    lines = (line.rstrip() for line in buffer.getvalue().split("\n"))
    return "\n".join(lines).rstrip("\n") + "\n"


def _has_anything(document: Document) -> bool:
    inventory = document.inventory
    return bool(document.findings) or any(getattr(inventory, name) for name in inventory.__struct_fields__)


def _print(console: Console, part: RenderableType) -> None:
    if isinstance(part, str):
        part = Text(part)
    console.print(part)
