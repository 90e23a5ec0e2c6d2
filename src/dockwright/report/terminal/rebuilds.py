"""What rebuilds: the images that commits rebuild most, and what makes them."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.replay.words import percent
from dockwright.report.terminal.parts import TOP, columns, heading, more


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Nothing where the history was not replayed."""
    found = document.rebuilds
    if found is None:
        return
    yield heading("What rebuilds", f"{found.commits:,} commits replayed", width)
    shown = found.dockerfiles[:TOP]
    if shown:
        yield columns(
            (
                Text(percent(one.commits - one.untouched, one.commits), style="bold"),
                Text(
                    f"of commits rebuild `{one.path}`{f' ({one.target})' if one.target else ''}"
                    f"{f': {one.rebuilt_by}' if one.rebuilt_by else ''}"
                ),
            )
            for one in shown
        )
    if len(found.dockerfiles) > len(shown):
        yield more(len(found.dockerfiles) - len(shown), "images")
    for text in found.apart[:2]:
        yield Text(f"  hardly ever rebuilt by the same commit: {text}")
