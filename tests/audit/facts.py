"""Facts made by hand: small repositories in which status, callers and likeness are given, not worked out."""

from collections.abc import Iterable, Mapping

from dockwright.audit.proposal.likeness import Alike, Likeness
from dockwright.compose import read as read_compose
from dockwright.dockerfile.tree import parse
from dockwright.repository.model import (
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    Item,
    Place,
    Reference,
    ScriptItem,
    Status,
    Strength,
)
from dockwright.repository.repository import Facts, Repository
from dockwright.text import SourceFile, Span
from dockwright.trees.memory import MemoryTree

PLAIN = "FROM python:3.12-slim\nCMD python app.py\n"


def place(path: str, text: str = "x\n") -> Place:
    return Place(SourceFile(path, text.encode()), Span(0, 1))


def dockerfile(path: str, service: str = "", text: str = PLAIN, **more: object) -> DockerfileItem:
    data = text.encode()
    made = DockerfileItem(path=path, source=SourceFile(path, data), tree=parse(data, path), service=service)
    return given(made, {"buildable": True, **more})


def compose(path: str, text: str, **more: object) -> ComposeItem:
    data = text.encode()
    return given(ComposeItem(path=path, source=SourceFile(path, data), file=read_compose(data, path)), more)


def script(path: str, **more: object) -> ScriptItem:
    return given(
        ScriptItem(path=path, source=SourceFile(path, b"#!/bin/sh\n"), language="shell", lines=1), more
    )


def ignore(path: str, **more: object) -> IgnoreItem:
    return given(IgnoreItem(path=path, source=SourceFile(path, b"*\n")), more)


def given(item, fields: Mapping[str, object]):
    for name, value in fields.items():
        setattr(item, name, value)
    return item


def used(
    by: str,
    target: str | None,
    verb: str = "builds",
    strength: Strength = Strength.BUILD,
    expects: str = "dockerfile",
) -> Reference:
    """`by` names `target` (None: a file that does not exist)."""
    named = target or "gone.yml"
    return Reference(
        place=place(by), verb=verb, strength=strength, named=named, target=target, expects=expects
    )


def repository(*items: Item, references: Iterable[Reference] = ()) -> Repository:
    facts = Facts(references=list(references))
    for item in sorted(items, key=lambda one: one.path):
        for kind, home in (
            (DockerfileItem, facts.dockerfiles),
            (ComposeItem, facts.composes),
            (ScriptItem, facts.scripts),
            (IgnoreItem, facts.ignores),
        ):
            if isinstance(item, kind):
                home.append(item)
    return Repository(MemoryTree({item.path: item.source.data for item in items}), facts)


def alike(*pairs: tuple[str, str, float]) -> Likeness:
    return Likeness([Alike(*pair) for pair in pairs], lambda a, b: [f"`{a}` or `{b}`"])


LIVE, TESTS, DOCS, DEAD = Status.LIVE, Status.TESTS, Status.DOCS, Status.DEAD
