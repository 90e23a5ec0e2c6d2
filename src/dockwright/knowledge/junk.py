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


def _regex(pattern: str) -> str:
    parts = []
    for part in re.split(r"(\*\*/|\*)", pattern):
        parts.append({"**/": "(?:.*/)?", "*": "[^/]*"}.get(part, re.escape(part)))
    return "".join(parts)


@cache
def kinds() -> tuple[JunkKind, ...]:
    """All kinds, in the order in which a path is tried."""
    return typed("image_junk", _Data).kinds


@cache
def _directories() -> re.Pattern[str]:
    """One group per kind; group numbers are kind numbers plus one."""
    return re.compile("|".join(f"({'|'.join(map(_regex, kind.directories)) or '(?!)'})" for kind in kinds()))


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
    found = _directories().fullmatch(path)
    return kinds()[found.lastindex - 1] if found and found.lastindex else None


def names_in(folder: str) -> re.Pattern[str] | None:
    """What to ask `of_file` with for the files of one folder; None when none of them is junk by its name."""
    return next((names for pattern, names in _files() if pattern.fullmatch(folder)), None)


def of_file(names: re.Pattern[str], name: str) -> JunkKind | None:
    """The kind of one file by its name in a folder that `names_in` knows."""
    found = names.fullmatch(name)
    return kinds()[found.lastindex - 1] if found and found.lastindex else None
