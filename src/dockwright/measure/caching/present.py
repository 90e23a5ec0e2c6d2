"""What the repository's CI exports today: lines in workflows, scripts, compose and bake files that name a cache to write."""

import re
from collections.abc import Iterator

import msgspec

from dockwright.repository.model import Item, Standing
from dockwright.repository.repository import Repository

MOST = 50
"""Lines that are told."""
_NAMED = re.compile(rb"cache[-_]to\b|BUILDKIT_INLINE_CACHE")
_TYPE = re.compile(r"type=([a-z0-9]+)|(BUILDKIT_INLINE_CACHE)")
_MODE = re.compile(r"\bmode=(min|max)\b")


class Present(msgspec.Struct, frozen=True):
    """A line that exports a cache; `backend` and `mode` are empty where the line does not say them.

    A `cache-to` without `mode` is `min` (docs.docker.com/build/cache/backends), `inline` always.
    """

    path: str
    line: int
    text: str
    backend: str
    mode: str


def present(repository: Repository) -> list[Present]:
    """Lines by path. Of a line that only opens a list the next line is taken, which has the first entry."""
    found: list[Present] = []
    kinds: tuple[tuple[Item, ...], ...] = (
        tuple(repository.workflows), tuple(repository.scripts), tuple(repository.composes), tuple(repository.bakes),
    )  # fmt: skip
    for item in sorted((one for kind in kinds for one in kind), key=lambda one: one.path):
        if item.standing is Standing.OWN and _NAMED.search(item.source.data):
            found += _lines(item)
    return found[:MOST]


def _lines(item: Item) -> Iterator[Present]:
    rows = item.source.data.decode("utf-8", "replace").splitlines()
    for number, row in enumerate(rows):
        text = row.strip()
        if not _NAMED.search(row.encode("utf-8", "replace")) or text.startswith(("#", "//")):
            continue
        if not _TYPE.search(text) and number + 1 < len(rows):
            text = f"{text} {rows[number + 1].strip()}"
        kind = _TYPE.search(text)
        backend = "" if kind is None else "inline" if kind[2] or kind[1] == "inline" else kind[1]
        mode = _MODE.search(text)
        said = mode[1] if mode is not None else "min" if backend else ""
        yield Present(item.path, number + 1, text[:200], backend, "min" if backend == "inline" else said)
