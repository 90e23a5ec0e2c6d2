"""Which files of an image nothing reads when it runs (data/image_junk.toml).

A directory is asked once, what is below it follows; of files only those in a few folders are looked at by name.
"""

import re
from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class JunkKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of junk. `sure` is False where a program may need it after all."""

    name: str
    what: str
    sure: bool
    fix: str
    directories: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    kinds: tuple[JunkKind, ...]


class _Anywhere(msgspec.Struct, frozen=True):
    """A pattern that begins with `**/`: the last folders of a path must fit `tail`, one of those above be `inside`."""

    kind: int
    parts: int
    tail: re.Pattern[str]
    inside: str


class _Table(msgspec.Struct, frozen=True):
    """Directory patterns, so arranged that a name which is in none of them costs one look-up.

    Paths come from images of anybody: nothing here takes longer than a path is long.
    """

    exact: dict[str, int]
    placed: re.Pattern[str]
    """Those with `*` in a fixed place; group numbers are kind numbers plus one."""
    deepest: int
    anywhere: dict[str, list[_Anywhere]]
    """By the last folder's name."""


def _regex(pattern: str) -> str:
    return "[^/]*".join(map(re.escape, pattern.split("*")))


@cache
def kinds() -> tuple[JunkKind, ...]:
    """All kinds; where several fit, the first counts."""
    return typed("image_junk", _Data).kinds


@cache
def _directories() -> _Table:
    exact: dict[str, int] = {}
    placed: list[list[str]] = []
    anywhere: dict[str, list[_Anywhere]] = {}
    for number, kind in enumerate(kinds()):
        placed.append([])
        for pattern in kind.directories:
            if pattern.startswith("**/"):
                inside, _, tail = pattern[3:].rpartition("/**/")
                entry = _Anywhere(
                    number, tail.count("/") + 1, re.compile(_regex(tail)), f"/{inside}/" if inside else ""
                )
                anywhere.setdefault(tail.rpartition("/")[2], []).append(entry)
            elif "*" in pattern:
                placed[-1].append(pattern)
            else:
                exact.setdefault(pattern, number)
    deepest = max(pattern.count("/") for patterns in placed for pattern in patterns)
    groups = "|".join(f"({'|'.join(map(_regex, patterns)) or '(?!)'})" for patterns in placed)
    return _Table(exact, re.compile(groups), deepest, anywhere)


@cache
def _files() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Folders to the names that are junk in them, one group per kind."""
    by_folder: dict[str, dict[int, list[str]]] = {}
    for number, kind in enumerate(kinds()):
        for pattern in kind.files:
            folder, _, name = pattern.rpartition("/")
            by_folder.setdefault(folder, {}).setdefault(number, []).append(_regex(name))
    return tuple(
        (
            re.compile(_regex(folder)),
            re.compile(
                "|".join(f"({'|'.join(names.get(number, ['(?!)']))})" for number in range(len(kinds())))
            ),
        )
        for folder, names in by_folder.items()
    )


def of_directory(path: str) -> JunkKind | None:
    """The kind of everything below a directory; None when that depends on what is in it."""
    table = _directories()
    found = [table.exact[path]] if path in table.exact else []
    depth = path.count("/")
    if depth <= table.deepest and (match := table.placed.fullmatch(path)) is not None and match.lastindex:
        found.append(match.lastindex - 1)
    for one in table.anywhere.get(path.rpartition("/")[2], ()):
        tail = path.split("/")[-one.parts :]
        if len(tail) == one.parts and one.tail.fullmatch("/".join(tail)) and one.inside in f"/{path}/":
            found.append(one.kind)
    return kinds()[min(found)] if found else None


def names_in(folder: str) -> re.Pattern[str] | None:
    """What to ask `of_file` with for the files of one folder; None when none of them is junk by its name."""
    if folder.count("/") > _DEEPEST:
        return None
    return next((names for pattern, names in _files() if pattern.fullmatch(folder)), None)


_DEEPEST = 3
"""Slashes in the folders that `files` of the table name."""


def of_file(names: re.Pattern[str], name: str) -> JunkKind | None:
    """The kind of one file by its name in a folder that `names_in` knows."""
    found = names.fullmatch(name)
    return kinds()[found.lastindex - 1] if found and found.lastindex else None
