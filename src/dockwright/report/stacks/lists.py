"""Environments, collisions and Podman's differences as documents fit to be shown: JSON, text, Markdown."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from dockwright import __version__
from dockwright.compose.collisions.model import Collision, EmbeddedPort
from dockwright.compose.parity import Use
from dockwright.compose.stack import Resolved
from dockwright.errors import Skipped
from dockwright.knowledge.podman import Tool
from dockwright.report.fit import fit
from dockwright.report.markdown.text import code, escaped, table
from dockwright.report.stacks.diff import as_json, schema_of
from dockwright.report.stacks.entries import cleaner_for
from dockwright.repository.environments import Environment


class EnvironmentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which compose files make a stack. `strength` says how good the evidence is: run, test, script, docs …"""

    name: str
    kind: str
    files: Sequence[str]
    profiles: Sequence[str]
    env_files: Sequence[str]
    project_directory: str
    project_name: str
    how: str
    strength: str
    evidence: Sequence[str]


class EnvironmentsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright compose environments --format json` writes."""

    schema: str = "dockwright.compose-environments/1"
    tool: str = "dockwright"
    version: str = __version__
    environments: Sequence[EnvironmentEntry]


class CollisionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Two claims of one thing. `effect`: refused, replaced, shared. `external`: made by somebody else, to be shared."""

    kind: str
    value: str
    effect: str
    a: str
    b: str
    external: bool


class PortEntry(msgspec.Struct, frozen=True):
    """A setting that repeats a host port, and the place that publishes it."""

    port: str
    setting: str
    text: str
    place: str
    published: str


class CollisionsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright compose collisions --format json` writes. With one stack, `b` is a copy of it."""

    schema: str = "dockwright.compose-collisions/1"
    tool: str = "dockwright"
    version: str = __version__
    a: str
    b: str
    collisions: Sequence[CollisionEntry]
    embedded_ports: Sequence[PortEntry]


class UseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A construct Podman treats otherwise: full, partial, ignored or refused by each tool."""

    environment: str
    service: str
    construct: str
    setting: str
    place: str
    podman_compose: str
    podman: str
    note: str
    found: str


class ParityDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright compose parity --format json` writes."""

    schema: str = "dockwright.compose-parity/1"
    tool: str = "dockwright"
    version: str = __version__
    tools: dict[str, Tool]
    environments: Sequence[str]
    uses: Sequence[UseEntry]
    skipped: Sequence[Skipped] = ()
    """Environments that cannot be resolved, and why: nothing is known of them."""


_NAMES: dict[str, type[msgspec.Struct]] = {
    "compose-environments": EnvironmentsDocument,
    "compose-collisions": CollisionsDocument,
    "compose-parity": ParityDocument,
}


def schema_texts() -> dict[str, str]:
    """File name to text of the schemas of these documents."""
    return {
        f"{name}-1.json": schema_of(kind, f"dockwright {name.replace('-', ' ')} (dockwright.{name}/1)")
        for name, kind in _NAMES.items()
    }


def environments_document(found: Iterable[Environment]) -> EnvironmentsDocument:
    """Environments with their evidence as `file:line`."""
    return EnvironmentsDocument(
        environments=[
            EnvironmentEntry(
                name=one.name,
                kind=one.kind,
                files=one.files,
                profiles=one.profiles,
                env_files=one.env_files,
                project_directory=one.project_directory,
                project_name=one.project_name,
                how=one.how,
                strength=one.strength.name.lower().replace("_", "-"),
                evidence=list(dict.fromkeys(f"{place.path}:{place.line}" for place in one.evidence)),
            )
            for one in found
        ]
    )


def collisions_document(
    names: tuple[str, str],
    sides: tuple[Resolved, Resolved],
    found: Iterable[Collision],
    ports: Iterable[EmbeddedPort],
) -> CollisionsDocument:
    """Collisions with the places of both claims."""
    cleaner = cleaner_for(sides)
    return CollisionsDocument(
        a=names[0],
        b=names[1],
        collisions=[
            CollisionEntry(
                kind=one.kind.value,
                value=cleaner.text(sides[0].words(one.value)),
                effect=one.effect.value,
                a=_place(sides[0], one.a.path),
                b=_place(sides[1], one.b.path),
                external=one.a.external or one.b.external,
            )
            for one in found
        ],
        embedded_ports=[
            PortEntry(
                one.port,
                ".".join(map(str, one.path[1:])),
                one.text,
                _place(sides[0], one.path),
                _place(sides[0], one.published),
            )
            for one in ports
        ],
    )


def parity_document(
    tools: dict[str, Tool],
    found: Iterable[tuple[str, Resolved, Iterable[Use]]],
    skipped: Sequence[Skipped] = (),
) -> ParityDocument:
    """What Podman does otherwise, environment by environment."""
    entries = []
    names = []
    for name, side, uses in found:
        names.append(name)
        for use in uses:
            setting = ".".join(map(str, use.path[2:] if use.service else use.path))
            entries.append(
                UseEntry(
                    environment=name,
                    service=use.service,
                    construct=use.construct,
                    setting=setting,
                    place=_place(side, use.path),
                    podman_compose=use.what.podman_compose,
                    podman=use.what.podman,
                    note=use.what.note,
                    found=use.what.found,
                )
            )
    return ParityDocument(tools=tools, environments=names, uses=entries, skipped=skipped)


def _place(side: Resolved, path: tuple[str | int, ...]) -> str:
    place = side.place(path)
    return f"{place.path}:{place.line}" if place is not None else ".".join(map(str, path))


def environments_text(made: EnvironmentsDocument) -> str:
    """One paragraph for each environment."""
    lines = []
    for one in made.environments:
        lines.append(f"{one.name}{f' ({one.kind})' if one.kind and one.kind != one.name else ''}")
        lines.append(f"  files     {', '.join(one.files)}")
        for label, values in (("profiles", one.profiles), ("env files", one.env_files)):
            if values:
                lines.append(f"  {label:<9} {', '.join(values)}")
        lines.append(f"  because   {one.how}{_evidence(one)}")
    return "\n".join([*lines, "", _number(len(made.environments), "environment"), ""])


def _evidence(one: EnvironmentEntry) -> str:
    if not one.evidence:
        return ""
    rest = len(one.evidence) - 3
    return f": {', '.join(one.evidence[:3])}{f' and {rest} more' if rest > 0 else ''}"


def environments_markdown(made: EnvironmentsDocument) -> str:
    """A table of environments."""
    rows = (
        (
            code(one.name),
            one.kind,
            ", ".join(map(code, one.files)),
            ", ".join(map(code, one.profiles)),
            escaped(one.how + _evidence(one)),
        )
        for one in made.environments
    )
    return "\n".join(["# Environments", "", *table(("name", "kind", "files", "profiles", "because"), rows)])


def collisions_text(made: CollisionsDocument) -> str:
    """One line for each collision, the gravest effect first."""
    lines = [f"{made.a} and {made.b}", ""]
    for effect, what in EFFECTS.items():
        chosen = [one for one in made.collisions if one.effect == effect]
        if chosen:
            lines.append(what)
            lines += [
                f"  {one.kind} {one.value}{' (external)' if one.external else ''}  {_both(one)}"
                for one in chosen
            ]
    if made.embedded_ports:
        lines.append("settings that repeat a host port, and go wrong when it is moved")
        lines += [
            f"  {one.setting}  {one.text}  {one.place} (published: {one.published})"
            for one in made.embedded_ports
        ]
    return "\n".join([*lines, "", _collisions_summary(made), ""])


EFFECTS = {
    "refused": "the second does not start",
    "replaced": "the second takes over what the first has",
    "shared": "both use the same",
}


def _both(one: CollisionEntry) -> str:
    return one.a if one.a == one.b else f"{one.a} and {one.b}"


def _collisions_summary(made: CollisionsDocument) -> str:
    if not made.collisions:
        return "nothing is in the way: they can run side by side"
    return _number(len(made.collisions), "collision")


def collisions_markdown(made: CollisionsDocument) -> str:
    """Tables of collisions and of settings that repeat ports."""
    lines = [f"# {code(made.a)} and {code(made.b)}", "", f"{_collisions_summary(made)}.", ""]
    if made.collisions:
        rows = (
            (one.kind, code(one.value), EFFECTS[one.effect], escaped(_both(one))) for one in made.collisions
        )
        lines += table(("what", "value", "effect", "where"), rows)
    if made.embedded_ports:
        rows_of_ports = (
            (code(one.setting), code(one.text), escaped(one.place), escaped(one.published))
            for one in made.embedded_ports
        )
        lines += table(("setting", "text", "where", "published at"), rows_of_ports)
    return "\n".join(lines)


def parity_text(made: ParityDocument) -> str:
    """One line for each use, by environment and service."""
    lines = [f"{name}: {tool.name} {tool.version}" for name, tool in made.tools.items()] + [""]
    for environment in made.environments:
        chosen = [one for one in made.uses if one.environment == environment]
        lines.append(f"{environment}: {_number(len(chosen), 'difference')}")
        for one in chosen:
            service = f"{one.service}: " if one.service else ""
            lines.append(f"  {service}{one.setting}  {one.place}")
            lines.append(f"    podman-compose {one.podman_compose}, podman compose {one.podman}: {one.note}")
    lines += [f"not looked at: {one.what}: {one.reason}" for one in made.skipped]
    return "\n".join([*lines, *_no_stacks(made), ""])


def _no_stacks(made: ParityDocument) -> list[str]:
    return [] if made.environments or made.skipped else ["no compose file is here: nothing to compare"]


def parity_markdown(made: ParityDocument) -> str:
    """A table of what differs, and where it was read."""
    lines = ["# What Podman does otherwise", ""]
    lines += [
        f"- {escaped(tool.name)} {tool.version}, from {escaped(tool.source)}" for tool in made.tools.values()
    ]
    rows = (
        (
            code(one.environment),
            code(one.service),
            code(one.setting),
            escaped(one.place),
            one.podman_compose,
            one.podman,
            escaped(one.note),
        )
        for one in made.uses
    )
    head = ("environment", "service", "setting", "where", "podman-compose", "podman compose", "what happens")
    lines += ["", *table(head, rows)] if made.uses else [""]
    lines += [f"- Not looked at: {code(one.what)}: {escaped(one.reason)}" for one in made.skipped]
    if made.environments and not made.uses:
        lines += [f"No difference in {', '.join(map(code, made.environments))}."]
    return "\n".join([*lines, *(f"{text}." for text in _no_stacks(made)), ""])


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


Renderer = Callable[[msgspec.Struct], str]
RENDERERS: Mapping[type[msgspec.Struct], tuple[Callable[..., str], Callable[..., str]]] = {
    EnvironmentsDocument: (environments_text, environments_markdown),
    CollisionsDocument: (collisions_text, collisions_markdown),
    ParityDocument: (parity_text, parity_markdown),
}


def render(made: msgspec.Struct, form: str, width: int = 0) -> str:
    """A document in one of the three forms; text fits the width unless it is 0."""
    if form == "json":
        return as_json(made)
    text, markdown = RENDERERS[type(made)]
    return markdown(made) if form == "markdown" else fit(text(made), width)
