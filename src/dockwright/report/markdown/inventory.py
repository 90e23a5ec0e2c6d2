"""The inventory: every Docker-related file, by service and variant, with status and who uses it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dockwright.report.document import Document
from dockwright.report.entries import ComposeEntry, DockerfileEntry, Entry, ScriptEntry
from dockwright.report.markdown.contexts import contexts
from dockwright.report.markdown.scripts import scripts
from dockwright.report.markdown.services import pulled, services
from dockwright.report.markdown.text import code, codes, escaped, table
from dockwright.report.words import counted

STATUS = {
    "live": "live",
    "tests": "tests only",
    "docs": "docs only",
    "dead": "**dead**",
}


BUILDS = {True: "nothing missing", False: "**no**", None: "cannot be told"}


def section(document: Document) -> Iterator[str]:
    """All inventory tables."""
    inventory = document.inventory
    yield "## Inventory"
    yield ""
    yield (
        "*live*: something that is not a test builds, runs or calls the file. *tests only*, *docs only*: nothing else "
        "names it. *dead*: nothing in the repository names it; what stands outside of it cannot be seen. *builds*: **no** "
        "when a clean clone lacks what the build needs before any command runs; else nothing is missing, and whether the "
        "commands succeed only a build tells."
    )
    yield ""
    files = [item for item in inventory.dockerfiles if item.standing == "own"]
    inline = [item for item in inventory.inline if item.standing == "own"]
    yield from _matrix(files)
    yield from _dockerfiles("Dockerfiles", files)
    if inline:
        yield from _dockerfiles("Dockerfiles inside other files", inline)
    yield from contexts(document)
    yield from _compose(document)
    yield from services(document)
    yield from pulled(document)
    yield from _others(document)
    yield from scripts(inventory)
    yield from _workflows(inventory.workflows)
    yield from _not_own(document)


def _matrix(items: Sequence[DockerfileEntry]) -> Iterator[str]:
    if not items:
        return
    count = Counter((item.service or "–", item.variant or "plain") for item in items)
    services = sorted({service for service, _ in count})
    total = Counter(item.variant or "plain" for item in items)
    variants = sorted(total, key=lambda name: (name != "plain", -total[name], name))[:12]
    rest = len(total) > len(variants)
    yield "### Dockerfiles by service and variant"
    yield ""
    head = ["service", "all", *variants, *(["others"] if rest else [])]
    rows = []
    for service in services:
        whole = sum(number for (name, _), number in count.items() if name == service)
        cells = [count[(service, variant)] for variant in variants]
        extra = [whole - sum(cells)] if rest else []
        rows.append([escaped(service), str(whole), *(str(number or "") for number in (*cells, *extra))])
    extra = [len(items) - sum(total[name] for name in variants)] if rest else []
    rows.append(["**all**", str(len(items)), *(str(total[name]) for name in variants), *map(str, extra)])
    yield from table([*map(escaped, head[:2]), *map(escaped, head[2:])], rows, "l" + "r" * len(head))


def _dockerfiles(title: str, items: Sequence[DockerfileEntry]) -> Iterator[str]:
    yield f"### {title} ({len(items):,})"
    yield ""
    if not items:
        yield "None."
        yield ""
        return
    head = (
        "path",
        "service",
        "variant",
        "environment",
        "status",
        "builds",
        "stages",
        "bases",
        "lines",
        "changed",
        "used by",
    )
    yield from table(head, map(_dockerfile, items), "llllllrlrll")


def _dockerfile(item: DockerfileEntry) -> tuple[str, ...]:
    return (
        code(item.path),
        escaped(item.service),
        escaped(item.variant),
        escaped(item.environment),
        STATUS[item.status],
        BUILDS[item.buildable],
        str(len(item.stages)),
        codes(dict.fromkeys(item.base_images), 4),
        f"{item.lines:,}",
        item.last_change,
        users(item),
    )


def users(item: Entry, limit: int = 3) -> str:
    """The strongest users of a file, with file and line."""
    shown = [
        f"{use.verb} {code(f'{use.path}:{use.line}' if use.line else use.path)}"
        for use in item.used_by[:limit]
    ]
    rest = item.uses - len(shown)
    if not shown and item.status == "live":
        return "found by its name or place"
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")


def _compose(document: Document) -> Iterator[str]:
    items = [item for item in document.inventory.compose if item.standing == "own"]
    yield f"### Compose files ({len(items):,})"
    yield ""
    if not items:
        yield "None."
        yield ""
        return
    decided = {item.path: item for item in document.proposal.decisions}
    head = (
        "path",
        "environment",
        "services",
        "health checks",
        "memory limits",
        "status",
        "builds",
        "used by",
        "recommendation",
    )
    rows = []
    for item in items:
        decision = decided.get(item.path)
        into = f" into {code(decision.into)}" if decision and decision.into else ""
        rows.append((*_compose_row(item), f"{decision.action}{into}" if decision else ""))
    yield from table(head, rows)
    yield (
        "A *fragment* is no project by itself: an override, or a piece that other files take in. Health checks are "
        "those of the compose file; images may bring their own."
    )
    yield ""


def _compose_row(item: ComposeEntry) -> tuple[str, ...]:
    number = len(item.services)
    builds = any(service.dockerfile for service in item.services)
    return (
        code(item.path),
        escaped(item.environment or item.variant),
        f"{number}{' (fragment)' if item.fragment else ''}",
        f"{sum(service.health_check for service in item.services)} of {number}" if number else "",
        f"{sum(bool(service.memory) for service in item.services)} of {number}" if number else "",
        STATUS[item.status],
        BUILDS[item.buildable] if builds else "builds nothing",
        users(item),
    )


def _others(document: Document) -> Iterator[str]:
    inventory = document.inventory
    rows: list[tuple[str, ...]] = [
        (code(item.path), "bake file", f"targets {codes(item.targets, 8)}", STATUS[item.status], users(item))
        for item in inventory.bakes
        if item.standing == "own"
    ]
    rows += [
        (
            code(item.path),
            "ignore file",
            counted(item.patterns, "pattern"),
            f"read by builds of {codes((root or '.' for root in item.read_by), 4)}"
            if item.read_by
            else "**no build reads it**",
            "",
        )
        for item in inventory.ignore_files
        if item.standing == "own"
    ]
    rows += [
        (
            code(item.path),
            escaped(item.kind),
            "",
            "nothing here names it; a service outside may read it"
            if item.status == "dead"
            else STATUS[item.status],
            users(item),
        )
        for item in inventory.others
        if item.standing == "own"
    ]
    if rows:
        yield f"### Bake, ignore and other files ({len(rows):,})"
        yield ""
        yield from table(("path", "kind", "holds", "status", "used by"), rows)


def _workflows(items: Sequence[ScriptEntry]) -> Iterator[str]:
    if not items:
        return
    yield f"### CI workflows that build or run containers ({len(items):,})"
    yield ""
    yield from table(
        ("path", "commands", "what"),
        (
            (
                code(item.path),
                str(len(item.invokes)),
                codes(dict.fromkeys(f"{call.engine} {call.verb}" for call in item.invokes), 6),
            )
            for item in items
        ),
        "lrl",
    )


def _not_own(document: Document) -> Iterator[str]:
    inventory = document.inventory
    groups: tuple[Sequence[Entry], ...] = (
        inventory.dockerfiles,
        inventory.inline,
        inventory.compose,
        inventory.bakes,
        inventory.ignore_files,
    )
    rows = [
        (code(item.path), escaped(item.standing), escaped(item.why))
        for group in groups
        for item in group
        if item.standing != "own"
    ]
    if rows:
        yield f"### Kept apart: not judged ({len(rows):,})"
        yield ""
        yield "Backup copies, vendored code, ignored files, templates and test data are listed and left alone."
        yield ""
        yield from table(("path", "standing", "taken for a Docker file by"), rows)
