"""What a missing name was probably meant to be: files of the repository that look like it."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile
from posixpath import basename

from dockwright.repository.ignored import ignored_by_git
from dockwright.repository.makefiles import has_target
from dockwright.repository.model import Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Severity

LIMIT = 3


def near_files(named: str, paths: Iterable[str]) -> list[str]:
    """Up to three of `paths` that `named` may have meant: the same base name elsewhere first, then similar paths."""
    candidates = sorted(paths)
    wanted = basename(named.rstrip("/")).lower()
    same = [path for path in candidates if basename(path).lower() == wanted]
    same.sort(key=lambda path: -_shared_parts(path, named))
    similar = get_close_matches(named.removeprefix("./"), candidates, n=LIMIT, cutoff=0.6)
    return list(dict.fromkeys([*same, *similar]))[:LIMIT]


def _shared_parts(path: str, named: str) -> int:
    """How many parts at the end two paths share."""
    pairs = zip(reversed(path.split("/")), reversed(named.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def near_words(near: list[str], kind: str) -> list[str]:
    """The evidence line that names what is there instead."""
    return (
        [f"there is {', '.join(f'`{path}`' for path in near)}"]
        if near
        else [f"no {kind} of a similar name exists"]
    )


def weight(strength: Strength, otherwise: Severity) -> Severity:
    """How grave a broken reference is: one in documentation misleads, one in a name list is untidy."""
    if strength <= Strength.DOCS:
        return Severity.LOW
    return min(otherwise, Severity.HIGH) if strength <= Strength.TEST else otherwise


def made_by(repository: Repository, path: str) -> str:
    """Why a path that is not there may be made before it is read; empty where nothing says so.

    What git ignores is generated or installed (`vendor/`, `_sources/`), and a Makefile rule of that name makes it.
    """
    if not path:
        return ""
    if ignored_by_git(repository, path):
        return "git ignores the path: something makes it before"
    name = basename(path)
    for item in repository.scripts:
        if item.language == "make" and has_target(item.source.data, (path, name)):
            return f"`{item.path}` has a rule that makes it"
    return ""
