"""A site: a place where some file starts a container tool, with what is known of directory and circumstances."""

import re

import msgspec

from dockwright.repository.layout import Layout, Located, clean, locate, parents
from dockwright.repository.model import Place, Strength
from dockwright.shell.calls import Call
from dockwright.shell.paths import HERE, Base, SymbolicPath
from dockwright.shell.words import Hole, HoleKind, Word
from dockwright.text import SourceFile, Span


def paths_of(word: Word) -> tuple[SymbolicPath, ...]:
    """The paths a word can be; what follows `$PWD` or `Path.cwd()` is relative, also behind its slash."""
    paths = word.paths()
    first = word.parts[0]
    if isinstance(first, Hole) and first.kind is HoleKind.WORKING_DIR:
        return tuple(
            SymbolicPath(Base.CWD, path.path.lstrip("/") or ".", path.exact)
            if path.base is Base.ABSOLUTE
            else path
            for path in paths
        )
    return paths


NEAR = 500
"""Bytes before a call in which a test of its files counts."""
_TESTED = re.compile(rb"(?<!! )-[efdr][ \t]+([^\n\]]+)|(?i:test-path|\bif[ \t]+exist)[ \t]+([^\n]+)")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a container tool where it stands.

    `cwd` is where it runs, relative to what `Base` says; None after a `cd` to an unknown place. `written` are names
    of files that the same script writes or fetches itself: they need not be in the tree.
    """

    source: SourceFile
    span: Span
    call: Call
    kind: str
    """command, workflow, docs, cloudbuild …"""
    strength: Strength
    cwd: SymbolicPath | None = HERE
    within: str = ""
    fallback: bool = False
    several: bool = False
    """One of several ways that are tried in turn (`docker build a || docker build b`): it is expected to fail."""
    written: frozenset[str] = frozenset()
    guarded: bool = False
    """The step runs only where something exists (`if: steps.check.outputs.exists == 'true'`)."""

    @property
    def place(self) -> Place:
        return Place(self.source, self.span)

    @property
    def folder(self) -> str:
        """The folder of the file it stands in."""
        return self.source.path.rpartition("/")[0]

    @property
    def root(self) -> str:
        """The root of the repository it was written for: the folder of its `.github`, when it was moved in with it."""
        return self.source.path.rpartition("/.github/")[0]

    def starts(self) -> list[str]:
        """The folders it may run in, the likeliest first.

        An absolute directory may be a checkout of this very repository: then the usual folders are the best guess.
        """
        cwd = self.cwd
        if cwd is None or not cwd.exact or cwd.base in (Base.ABSOLUTE, Base.HOME):
            return list(parents(self.folder))
        if cwd.base is Base.SCRIPT:
            bases = [self.folder]
        elif cwd.base is Base.REPOSITORY:
            bases = list(dict.fromkeys((self.root, "")))
        else:
            bases = list(parents(self.folder))
        found = [clean(base, cwd.path) for base in bases]
        return [folder for folder in found if folder is not None]

    @property
    def somewhere(self) -> str:
        """Why the directory is not known; empty when it is (as far as a file can tell)."""
        if self.cwd is None or not self.cwd.exact:
            return "it runs after `cd` to a directory that a variable names"
        if self.cwd.base is Base.UNKNOWN:
            return "it runs in a directory that a variable names"
        if self.cwd.base in (Base.ABSOLUTE, Base.HOME):
            return f"it runs in `{self.cwd}`"
        return ""

    def locate(self, layout: Layout, word: Word, *, folder: bool = False) -> list[Located]:
        """What a path given to the call means in the tree."""
        found: list[Located] = []
        for path in paths_of(word):
            if path.base is Base.CWD:
                found += self._relative(layout, path, folder=folder)
            else:
                found += locate(layout, path, self.source.path, folder=folder)
        return found or [Located(None, "", f"`{word.shown()}` is not constant")]

    def _relative(self, layout: Layout, path: SymbolicPath, *, folder: bool) -> list[Located]:
        starts = self.starts()
        if not starts:
            return [Located(None, "", "it runs outside the repository")]
        found = locate(layout, path, self.source.path, folder=folder, first=tuple(starts), only=True)
        if self.somewhere and all(one.target is None for one in found):
            return [Located(None, one.resolved, one.uncertain or self.somewhere) for one in found]
        return found

    def checks(self, name: str) -> bool:
        """True when the call runs only where the file or folder of that name exists: a test stands just before it."""
        if self.guarded:
            return True
        data = self.source.data
        above = data[max(0, self.span.start - NEAR) : self.span.start].split(b"\n")
        wanted = name.removeprefix("./").rstrip("/").encode("utf-8", "surrogateescape")
        return any(
            wanted in (match[1] or match[2])
            for line in above[-4:]
            if wanted and not line.lstrip().startswith(b"#")
            for match in _TESTED.finditer(line)
        )

    def writes(self, name: str) -> bool:
        """True when the script itself makes the file or folder of that name."""
        path = name.removeprefix("./").rstrip("/")
        if path in self.written or path.rpartition("/")[2] in self.written:
            return True
        above = path.split("/")[:-1]
        return any("/".join(above[:depth]) in self.written for depth in range(1, len(above) + 1))
