"""Files that `COMPOSE_FILE` lists, wherever it is set: `.env`, `env:` of a workflow, a script's or program's environment.

Source: docker/compose docs, "COMPOSE_FILE": files are separated by `:` (`;` on Windows), the first one's folder is the
project directory, and a `.env` in the working directory may set it.
"""

import re
from collections.abc import Iterator

import msgspec

from dockwright.repository.layout import Layout, clean, parents
from dockwright.repository.model import Place, Reference, Strength
from dockwright.repository.references.from_calls import Used
from dockwright.text import SourceFile, Span

_SET = re.compile(
    rb"(?<![\w$])COMPOSE_FILE[\"']?\s{0,4}\]?[ \t]{0,8}(?:\?=|:=|=|:|,)[ \t]{0,8}(?:\(\s{0,200})?f?[\"']?"
    rb"([\w./@-]+\.ya?ml(?:[:;][\w./@-]+\.ya?ml)*+)(?![\w$}/{])"
)
_COMMENT = (b"#", b"//", b";", b"REM", b"rem")
UNKNOWN = "it is relative to where compose runs"


class Listed(msgspec.Struct, frozen=True):
    """One value of COMPOSE_FILE: what it names, and what compose reads when all of it is there."""

    references: tuple[Reference, ...]
    used: Used


def compose_files(source: SourceFile, layout: Layout, strength: Strength) -> Iterator[Listed]:
    """The values that a file gives COMPOSE_FILE."""
    if b"COMPOSE_FILE" not in source.data:
        return
    for match in _SET.finditer(source.data):
        line = source.data[source.data.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        weight = min(strength, Strength.DOCS) if line.lstrip().startswith(_COMMENT) else strength
        yield _listed(source, match.start(1), match[1], layout, weight)


def _listed(source: SourceFile, start: int, value: bytes, layout: Layout, strength: Strength) -> Listed:
    names: list[tuple[str, Span]] = []
    for part in re.finditer(rb"[^:;]+", value):
        span = Span(start + part.start(), start + part.end())
        names.append((part[0].decode("utf-8", "surrogateescape"), span))
    folder = source.path.rpartition("/")[0]
    base = next((at for at in parents(folder) if _at(names[0][0], at, layout)), None)
    found = [(_at(name, base, layout) if base is not None else "", name, span) for name, span in names]
    references = tuple(
        Reference(
            place=Place(source, span), verb="runs", strength=strength, named=name, target=path or None,
            expects="compose", resolved=path or name, uncertain="" if path else UNKNOWN,
        )
        for path, name, span in found
    )  # fmt: skip
    files = tuple(path for path, _, _ in found if path)
    complete = len(files) == len(names)
    project = files[0].rpartition("/")[0] if complete else None
    return Listed(references, Used(files=files, complete=complete, project=project))


def _at(name: str, folder: str, layout: Layout) -> str:
    """The path of a name seen from a folder; empty when it is not there."""
    path = clean(folder, name)
    return path if path is not None and layout.has(path) else ""
