"""What exists: files by kind and status, Dockerfiles by service."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from dockwright.report.document import Document
from dockwright.report.entries import DockerfileEntry, Entry
from dockwright.report.terminal.parts import columns, heading, more
from dockwright.report.words import counted, listed

SERVICES = 8


def head(document: Document, width: int) -> Iterator[RenderableType]:  # noqa: ARG001 - every section is called so
    """Title, the basis of every number, and what has to be known first."""
    subject = document.subject
    title = Text("dockwright audit of ").append(subject.name, style="bold")
    if subject.revision:
        title.append(f" at {subject.revision[:12]}")
    yield title
    yield Text(subject.basis, style="dim")
    yield from (Text(f"note: {note}") for note in subject.notes)


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """The table of kinds, and the services."""
    yield heading("What exists", "", width)
    kinds = _kinds(document)
    yield columns(_rows(kinds), right=(1, 2, 3, 4, 5, 6))
    for note in _notes(document, kinds):
        yield Text(f"  {note}", style="dim")
    own = [item for item in document.inventory.dockerfiles if item.standing == "own"]
    if own:
        yield ""
        yield from _services(own)


Kinds = Sequence[tuple[str, Sequence[Entry]]]
"""What the rows of the table are called, and the files they count."""


def _kinds(document: Document) -> Kinds:
    inventory = document.inventory
    kinds: Kinds = (
        ("Dockerfiles", inventory.dockerfiles),
        ("inside other files", inventory.inline),
        ("compose files", inventory.compose),
        ("bake files", inventory.bakes),
        ("scripts", inventory.scripts),
        ("workflows", inventory.workflows),
        ("ignore files", inventory.ignore_files),
        ("other", inventory.others),
    )
    return [(name, items) for name, items in kinds if items]


def _rows(kinds: Kinds) -> Iterator[tuple[Text, ...]]:
    head = ("", "files", "live", "tests only", "docs only", "dead", "cannot build", "")
    yield tuple(Text(cell, style="dim") for cell in head)
    for name, items in kinds:
        own = [item for item in items if item.standing == "own"]
        status = Counter("" if name == "ignore files" else item.status for item in own)
        broken = sum(getattr(item, "buildable", None) is False for item in own)
        yield (
            Text(name),
            Text(f"{len(own):,}", style="bold"),
            *(_cell(status, key) for key in ("live", "tests", "docs", "dead")),
            Text(f"{broken:,}" if broken else "", style="bold red"),
            Text(""),
        )


_SINGULAR = {
    "Dockerfiles": "Dockerfile",
    "inside other files": "text inside another file",
    "compose files": "compose file",
    "bake files": "bake file",
    "scripts": "script",
    "workflows": "workflow",
    "ignore files": "ignore file",
    "other": "other file",
}


def _cell(status: Counter[str], key: str) -> Text:
    """A number, a dot for none, nothing where the kind has no status."""
    return Text("" if status[""] else f"{status[key]:,}" if status[key] else "·")


def _notes(document: Document, kinds: Kinds) -> Iterator[str]:
    unread = [item for item in document.inventory.ignore_files if item.standing == "own" and not item.read_by]
    if unread:
        yield f"no build reads {listed((item.path for item in unread), 3)}"
    apart = Counter(
        (item.standing, name) for name, items in kinds for item in items if item.standing != "own"
    )
    words = [
        counted(number, f"{standing} {_SINGULAR[name]}") for (standing, name), number in sorted(apart.items())
    ]
    if words:
        yield f"kept apart, not judged: {listed(words, 4)}"


def _services(items: Sequence[DockerfileEntry]) -> Iterator[RenderableType]:
    variants: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        variants[item.service or "(no service)"][item.variant or "plain"] += 1
    ranked = sorted(variants, key=lambda name: (-variants[name].total(), name))
    several = [name for name in ranked if variants[name].total() > 1] or ranked[:1]
    shown = several[:SERVICES]
    rows = [
        (Text(name), Text(str(variants[name].total()), style="bold"), Text(_variants(variants[name])))
        for name in shown
    ]
    yield columns(rows, right=(1,))
    rest = len(ranked) - len(shown)
    if rest:
        files = sum(variants[name].total() for name in ranked) - sum(variants[name].total() for name in shown)
        yield (
            more(rest, f"services with {counted(files, 'Dockerfile')}")
            if len(several) > len(shown)
            else Text(f"  and {counted(rest, 'service')} with one Dockerfile each", style="dim")
        )


def _variants(count: Counter[str]) -> str:
    names = sorted(count, key=lambda name: (name != "plain", -count[name], name))
    return listed((f"{name} ×{count[name]}" if count[name] > 1 else name for name in names), 10)
