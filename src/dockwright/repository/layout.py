"""Where things are in a tree: files, folders, and what a path that somebody wrote may mean.

A path in a script is relative to a working directory that the file does not tell. The candidates are tried from the
nearest to the farthest: the script's own folder, its parents, the root of the tree; the first that has such a file is
meant. Matching is by whole path parts: `docker/backend.Dockerfile` is never found in `docker/xbackend.Dockerfile`.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from dockwright.lazy import lazy_regex
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.trees.globs import compiled
from dockwright.trees.tree import Tree


class Located(msgspec.Struct, frozen=True):
    """What a written path means: `target` exists in the tree, or is None; `resolved` is where it would be."""

    target: str | None
    resolved: str
    uncertain: str = ""


OUTSIDE = "lies outside the repository"
MAX_MATCHES = 64
"""Most files one pattern is taken to mean."""
MAX_STARS = 8
"""A pattern with more wildcards is not looked up."""


class Layout:
    """The names of a tree, for look-ups."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.files = frozenset(entry.path for entry in tree.entries())
        self.folders = tree.directories()
        self._links = any(entry.is_link for entry in tree.entries())

    def has(self, path: str, *, folder: bool = False) -> bool:
        """True when there is such a file (or folder, when one is asked for), links followed."""
        known = self.folders if folder else self.files
        if path in known:
            return True
        if not self._links:
            return False
        found = self.tree.resolve(path)
        return found is not None and found in known

    @cached_property
    def submodules(self) -> frozenset[str]:
        """Folders whose files are in another repository (`.gitmodules`): what is in them, this tree does not say."""
        data = self.tree.read(".gitmodules") if ".gitmodules" in self.files else b""
        return frozenset(
            match[1].strip().strip(b'"').rstrip(b"/").decode("utf-8", "surrogateescape")
            for match in _SUBMODULE.finditer(data)
        )

    def foreign(self, path: str) -> bool:
        """True for a path in a submodule that is not there."""
        return bool(self.submodules) and any(folder in self.submodules for folder in parents(path) if folder)

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Paths by their last part, sorted."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def ending_in(self, tail: str) -> list[str]:
        """Files whose path ends in the parts of `tail`."""
        return [
            path
            for path in self.by_name.get(tail.rpartition("/")[2], ())
            if path == tail or path.endswith("/" + tail)
        ]

    @cached_property
    def by_folder(self) -> dict[str, list[str]]:
        """Paths by the folder they lie in, sorted."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files):
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    def matching(self, pattern: str) -> list[str]:
        """Files that a path pattern with `*` matches; `*` stays within one part; `**/` at the head is any folder."""
        known = self._matches.get(pattern)
        if known is None:
            known = self._matches[pattern] = self._search(pattern) if pattern.count("*") <= MAX_STARS else []
        return known

    @cached_property
    def _matches(self) -> dict[str, list[str]]:
        return {}

    def _search(self, pattern: str) -> list[str]:
        folder, _, name = pattern.rpartition("/")
        pool: Iterable[str]
        if "*" not in folder:
            pool = self.by_folder.get(folder, ())
        elif not _WILD.search(name):
            pool = self.by_name.get(name, ())
        else:
            # Looked through by the ends of names first: the matcher is many times slower.
            first, last = _WILD.split(name)[0], _WILD.split(name)[-1]
            names = [one for one in self.by_name if one.startswith(first) and one.endswith(last)]
            pool = sorted(path for one in names for path in self.by_name[one])
        anywhere = pattern.startswith("**/")
        rest = pattern[3:] if anywhere else pattern
        if "**" in rest:
            return []
        matcher = compiled(_SPECIAL.sub(r"\\\g<0>", rest))
        if matcher is None:
            return []
        depth = rest.count("/") + 1
        tails = ((path, "/".join(path.split("/")[-depth:]) if anywhere else path) for path in pool)
        return [path for path, tail in tails if matcher.matches(tail)][:MAX_MATCHES]


_WILD = lazy_regex(r"[*?]")
_SUBMODULE = lazy_regex(rb"^[ \t]*path[ \t]*=[ \t]*([^\r\n]+)", re.MULTILINE)
_SPECIAL = lazy_regex(r"[\[\]\\^]")
"""Signs of Go's patterns that stand for themselves here."""


def clean(base: str, path: str) -> str | None:
    """`path` below the folder `base`, `""` for the root of the tree; None when it leads out of it."""
    joined = posixpath.normpath(f"{base}/{path}" if base else path)
    if joined == ".." or joined.startswith(("../", "/")):
        return None
    return "" if joined == "." else joined


def parents(folder: str) -> Iterator[str]:
    """The folder, the one above it …, the root."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def starts(path: SymbolicPath, holder: str) -> list[str]:
    """The folders a path in the file `holder` may be relative to, the likeliest first; empty when outside."""
    folder = holder.rpartition("/")[0]
    if path.base is Base.SCRIPT:
        return [folder]
    if path.base is Base.REPOSITORY:
        return [""]
    if path.base in (Base.CWD, Base.UNKNOWN):
        return list(parents(folder))
    return []


def locate(
    layout: Layout,
    path: SymbolicPath,
    holder: str,
    *,
    folder: bool = False,
    first: tuple[str, ...] = (),
    only: bool = False,
) -> list[Located]:
    """What a path written in the file `holder` means; several results only for a pattern.

    `first` are folders to try before the usual ones, or instead of them with `only`. A path with an unknown piece
    never comes out as plainly missing: `uncertain` says what is not known.
    """
    folders = list(first) if only else list(dict.fromkeys((*first, *starts(path, holder))))
    candidates = [found for base in folders if (found := clean(base, path.path)) is not None]
    if not candidates:
        return [Located(None, "", OUTSIDE)]
    if not path.exact:
        return _by_pattern(layout, candidates, path)
    for candidate in candidates:
        if layout.has(candidate, folder=folder):
            return [Located(candidate, candidate)]
    if any(layout.foreign(candidate) for candidate in candidates):
        return [Located(None, candidates[-1], "it lies in a submodule")]
    uncertain = "the directory it is in is a variable" if path.base is Base.UNKNOWN else ""
    if uncertain and not folder:
        same = layout.ending_in(posixpath.normpath(path.path).lstrip("./"))
        if len(same) == 1:
            return [Located(same[0], same[0], uncertain)]
    return [Located(None, candidates[-1], uncertain)]


def _by_pattern(layout: Layout, candidates: list[str], path: SymbolicPath) -> list[Located]:
    uncertain = f"part of `{path.path}` is a variable"
    if path.path.strip("*/.") == "":
        return [Located(None, "", uncertain)]
    for candidate in candidates:
        found = layout.matching(candidate)
        if found:
            return [Located(one, one, uncertain) for one in found]
    return [Located(None, "", uncertain)]
