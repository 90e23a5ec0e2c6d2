"""The environments: which resolve, and how far each is from the one it is most like."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.environments import EnvironmentEntry, differs, standing
from dockwright.report.terminal.parts import TOP, columns, heading, more


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Those that Compose refuses first. Nothing where there are no compose files."""
    found = document.environments
    if not found:
        return
    yield heading("Environments", _note(found), width)
    shown = sorted(found, key=lambda one: one.status != "refused")[:TOP]
    yield columns((Text(one.name, style="bold"), Text(_line(one))) for one in shown)
    if len(found) > len(shown):
        yield more(len(found) - len(shown), "environments")


def _note(found: Sequence[EnvironmentEntry]) -> str:
    refused = sum(one.status == "refused" for one in found)
    words = f"{len(found):,} found"
    return f"{words}, {refused:,} cannot be resolved" if refused else words


def _line(one: EnvironmentEntry) -> str:
    files = ", ".join(f"`{path}`" for path in one.files)
    parts = [f"{files}: {standing(one)}"]
    if one.nearest is not None:
        parts.append(f"{one.nearest.share:.0%} the same as in `{one.nearest.name}` ({differs(one.nearest)})")
    return "; ".join(parts)
