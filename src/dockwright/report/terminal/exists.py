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


def section(document: Document, width: int) -> Iterator[RenderableType]:
    """Title, the basis of every number, the table of kinds, and the services."""
    subject = document.subject
    title = Text("dockwright audit of ").append(subject.name, style="bold")
    if subject.revision:
        title.append(f" at {subject.revision[:12]}")
    yield title
    yield Text(subject.basis, style="dim")
    yield heading("What exists", "", width)
    yield _kinds(document)
    own = [item for item in document.inventory.dockerfiles if item.standing == "own" and not item.inline]
    if own:
        yield ""
        yield from _services(own)


def _kinds(document: Document) -> RenderableType:
    inventory = document.inventory
    head = ("", "files", "live", "tests only", "docs only", "dead", "cannot build", "")
    rows = [tuple(Text(cell, style="dim") for cell in head)]
    kinds: tuple[tuple[str, Sequence[Entry]], ...] = (
        ("Dockerfiles", [item for item in inventory.dockerfiles if not item.inline]),
        ("inside other files", [item for item in inventory.dockerfiles if item.inline]),
        ("compose files", inventory.compose),
        ("bake files", inventory.bakes),
        ("scripts", inventory.scripts),
        ("workflows", inventory.workflows),
        ("other", inventory.others),
    )
    rows += [_kind(name, items) for name, items in kinds if items]
    if inventory.ignore_files:
        own = [item for item in inventory.ignore_files if item.standing == "own"]
        unread = sum(not item.read_by for item in own)
        row = (
            "ignore files",
            f"{len(own):,}",
            "",
            "",
            "",
            "",
            "",
            f"{unread:,} read by no build" if unread else "",
        )
        rows.append(tuple(map(Text, row)))
    return columns(rows, right=(1, 2, 3, 4, 5, 6))


def _kind(name: str, items: Sequence[Entry]) -> tuple[Text, ...]:
    own = [item for item in items if item.standing == "own"]
    status = Counter(item.status for item in own)
    broken = sum(getattr(item, "buildable", None) is False for item in own)
    apart = Counter(item.standing for item in items if item.standing != "own")
    note = listed(f"{number:,} {standing}" for standing, number in sorted(apart.items()))
    return (
        Text(name),
        Text(f"{len(own):,}", style="bold"),
        *(Text(f"{status[key]:,}" if status[key] else "·") for key in ("live", "tests", "docs", "dead")),
        Text(f"{broken:,}" if broken else "", style="bold red" if broken else ""),
        Text(f"and {note}, kept apart" if note else "", style="dim"),
    )


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
