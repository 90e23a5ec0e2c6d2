"""Compose services file by file, in what one service's limits differ, and the images taken from registries."""

import re
from collections.abc import Iterator, Sequence

from dockwright.report.document import Document
from dockwright.report.entries import ComposeEntry, ServiceEntry
from dockwright.report.markdown.text import code, codes, details, escaped, table
from dockwright.report.words import counted, listed

_VARIABLE = re.compile(r"\$\{[^}]{0,200}\}")
FILES = 6
"""Files named in one cell."""


def services(document: Document) -> Iterator[str]:
    """A folded table per compose file, then limits that differ between files."""
    items = [item for item in document.inventory.compose if item.standing == "own" and item.services]
    if not items:
        return
    number = sum(len(item.services) for item in items)
    yield f"### Services in compose files ({number:,})"
    yield ""
    for item in items:
        yield from details(f"`{item.path}`: {counted(len(item.services), 'service')}", _table(item))
    yield from _limits(items)


def _table(item: ComposeEntry) -> list[str]:
    head = (
        "service",
        "made from",
        "ports",
        "profiles",
        "health check",
        "limits",
        "restart",
        "waits for",
        "security",
    )
    return table(head, map(_row, item.services))


def _row(service: ServiceEntry) -> tuple[str, ...]:
    made = code(service.image)
    if service.dockerfile:
        target = f", target {code(service.target)}" if service.target else ""
        made = f"builds {code(service.dockerfile)} in {code(service.context or '.')}{target}"
    return (
        code(service.name),
        made,
        codes(service.ports, 4),
        codes(service.profiles, 4),
        "yes" if service.health_check else "",
        limits_text(service.memory, service.cpus),
        code(service.restart),
        escaped("; ".join(service.depends_on)),
        escaped("; ".join(_security(service))),
    )


def limits_text(memory: str, cpus: str) -> str:
    """Both limits in words, their values as code; empty when neither is limited."""
    parts = (memory and f"memory {code(memory)}", cpus and f"cpus {code(cpus)}")
    return listed(part for part in parts if part)


def _security(service: ServiceEntry) -> Iterator[str]:
    if service.privileged:
        yield "privileged"
    if service.user:
        yield f"user {service.user}"
    if service.read_only:
        yield "read-only"
    if service.init:
        yield f"init {service.init}"
    for title, names in (("adds", service.cap_add), ("drops", service.cap_drop)):
        if names:
            yield f"{title} {', '.join(names)}"
    yield from service.security_opt


def _limits(items: Sequence[ComposeEntry]) -> Iterator[str]:
    """One name may be another program in another file; that is said, not guessed."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in items:
        for service in item.services:
            limit = limits_text(service.memory, service.cpus) or "no limits"
            found.setdefault(service.name, {}).setdefault(limit, []).append(item.path)
    rows = [
        (code(name), "; ".join(f"{limit}: {codes(paths, FILES)}" for limit, paths in limits.items()))
        for name, limits in sorted(found.items())
        if len(limits) > 1
    ]
    if rows:
        yield "Services of one name whose limits differ from file to file:"
        yield ""
        yield from table(("service", "limits"), rows)


def pulled(document: Document) -> Iterator[str]:
    """Images that Dockerfiles stand on and services run without building them, with the tags they are named by."""
    inventory = document.inventory
    composes = [item for item in inventory.compose if item.standing == "own"]
    made = {_name(one.image) for item in composes for one in item.services if one.dockerfile and one.image}
    found: dict[str, dict[str, dict[str, None]]] = {}

    def note(image: str, path: str) -> None:
        name = _name(image)
        if name and name not in made and name != "scratch":
            found.setdefault(name, {}).setdefault(image[len(name) :], {})[path] = None

    for dockerfile in (*inventory.dockerfiles, *inventory.inline):
        for image in dockerfile.base_images if dockerfile.standing == "own" else ():
            note(image, dockerfile.path)
    for item in composes:
        for service in item.services:
            if service.image and not service.dockerfile:
                note(service.image, item.path)
    if not found:
        return
    yield f"### Images taken by name ({len(found):,})"
    yield ""
    yield "What Dockerfiles stand on and services run without a build of their own; pipelines may make some of them here."
    yield ""
    yield from table(
        ("image", "tags", "named in"),
        (
            (
                code(name),
                ", ".join(f"{code(tag.lstrip(':')) or 'none'} ×{len(paths)}" for tag, paths in tags.items()),
                codes(dict.fromkeys(path for paths in tags.values() for path in paths), FILES),
            )
            for name, tags in sorted(found.items())
        ),
    )


def _name(image: str) -> str:
    """The reference without tag and digest; slashes, colons and `@` inside `${…}` are none of its own."""
    plain = _VARIABLE.sub(lambda found: "v" * len(found[0]), image)
    end = plain.find("@") if "@" in plain else len(plain)
    colon = plain.find(":", plain.rfind("/", 0, end) + 1, end)
    return image[: colon if colon >= 0 else end]
