"""Build contexts: which files a build is sent, how many bytes, and what a COPY or ADD source selects of them.

Sources: moby/buildkit frontend/dockerui/config.go (which ignore file is read), tonistiigi/fsutil filter.go (what is
sent), buildkit cache/contenthash (how sources are looked up: `..` clamped, links followed inside the context).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property

import msgspec

from dockwright.errors import Skipped
from dockwright.text import SourceFile
from dockwright.trees.globs import compiled, has_wildcard
from dockwright.trees.ignore import IgnoreFile, Pattern, read_ignore_file
from dockwright.trees.links import Outcome, follow
from dockwright.trees.paths import clamped, join
from dockwright.trees.tree import Entry, State, Tree, Unreadable


class Found(StrEnum):
    """What a COPY or ADD source finds in the context."""

    FILES = "files"
    """Files or folders that are sent (some below a folder may be left out)."""
    NOTHING = "nothing"
    """A wildcard that matches nothing: BuildKit accepts it beside sources that exist."""
    MISSING = "missing"
    """No such path."""
    HIDDEN = "hidden"
    """It exists, but the ignore file leaves all of it out."""
    LOOP = "loop"
    """A loop of links."""


class Selection(msgspec.Struct, frozen=True):
    """What a source selects. `paths` are files in the tree, sorted; empty folders select none.

    `hidden_by` is the pattern that hides a HIDDEN source; `left_out` counts files below it that are not sent.
    `untracked` says that a clean clone has none of it; `near` are paths that differ from the source only in case.
    """

    found: Found
    paths: tuple[str, ...] = ()
    hidden_by: Pattern | None = None
    left_out: int = 0
    untracked: bool = False
    near: tuple[str, ...] = ()


class BuildContext:
    """The context at `root` (`""` is the top of the tree) as the build of `dockerfile` is sent it.

    `dockerfile` is its path in the tree (it may lie outside the context), or None where it has none. The ignore file
    read is `<dockerfile>.dockerignore` if that exists (it replaces the other, even when empty), else
    `.dockerignore` at the root of the context.
    """

    def __init__(self, tree: Tree, root: str = "", dockerfile: str | None = None) -> None:
        self.tree = tree
        self.root = root
        self.dockerfile = dockerfile
        self.skipped: list[Skipped] = []

    def __repr__(self) -> str:
        return f"BuildContext({self.root or '.'!r}, {self.dockerfile!r})"

    # -- the ignore file

    @cached_property
    def ignore_candidates(self) -> tuple[str, ...]:
        """Ignore files that exist for this build, the one that is read first."""
        names = [f"{self.dockerfile}.dockerignore"] if self.dockerfile else []
        names.append(join(self.root, ".dockerignore"))
        return tuple(name for name in names if self.tree.is_file(name))

    @cached_property
    def ignore_file(self) -> IgnoreFile | None:
        """The ignore file that is read; None when there is none, and everything is sent."""
        for path in self.ignore_candidates:
            try:
                return read_ignore_file(SourceFile(path, self.tree.read(path)))
            except (KeyError, Unreadable) as error:
                self.skipped.append(Skipped(path, f"ignore file cannot be read: {error}"))
        return None

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Ignore files that exist and are not read, because another one is."""
        return self.ignore_candidates[1:]

    # -- what is sent

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All files and links below the root, sent or not."""
        return tuple(self.tree.under(self.root))

    def inside(self, path: str) -> str:
        """A path of the tree as the context sees it."""
        return path[len(self.root) + 1 :] if self.root else path

    def hidden_by(self, path: str) -> Pattern | None:
        """The pattern that leaves a path of the tree out; None when it is sent."""
        if self.ignore_file is None:
            return None
        verdict = self.ignore_file.verdict(self.inside(path))
        return verdict.pattern if verdict.ignored else None

    @cached_property
    def sent(self) -> tuple[Entry, ...]:
        """Files and links that are sent (`.git` is not among them: see `sends_git`)."""
        if self.ignore_file is None or not self.ignore_file.patterns:
            return self.entries
        verdict = self.ignore_file.verdict
        return tuple(entry for entry in self.entries if not verdict(self.inside(entry.path)).ignored)

    @cached_property
    def sent_paths(self) -> frozenset[str]:
        return frozenset(entry.path for entry in self.sent)

    @property
    def count(self) -> int:
        """Number of files and links sent."""
        return len(self.sent)

    @cached_property
    def bytes(self) -> int:
        """Bytes of the files sent."""
        return sum(entry.size for entry in self.sent)

    @cached_property
    def sends_git(self) -> bool:
        """True when a checkout's `.git` would be sent: the context is the top of the tree and nothing leaves it out."""
        return not self.root and (self.ignore_file is None or not self.ignore_file.verdict(".git").ignored)

    @cached_property
    def _sent_directories(self) -> frozenset[str]:
        """Folders (tree paths) that are in the context as sent: not left out, or with something kept below."""
        found: set[str] = {self.root}
        for entry in self.sent:
            folder = entry.path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        prefix = f"{self.root}/" if self.root else ""
        for folder in self.tree.directories():
            if (
                folder
                and folder.startswith(prefix)
                and folder not in found
                and self.hidden_by(folder) is None
            ):
                found.add(folder)
        return frozenset(found)

    # -- what a source selects

    def select(self, source: str) -> Selection:
        """What the source argument of a COPY or ADD (or of a bind mount) selects; variables already filled in."""
        path = clamped(source)
        if has_wildcard(path):
            return self._select_pattern(path)
        return self._select_path(path)

    def _full(self, path: str) -> str:
        return join(self.root, path)

    def _select_path(self, path: str) -> Selection:
        resolution = follow(path, self._link, self._exists, clamp=True)
        if resolution.outcome is Outcome.LOOP:
            return Selection(Found.LOOP)
        if resolution.outcome is not Outcome.FOUND or resolution.path is None:
            near = self.tree.same_but_case(self._full(path))
            return Selection(Found.MISSING, near=tuple(near))
        hidden_link = next((link for link in resolution.links if self.hidden_by(self._full(link))), None)
        if hidden_link is not None:
            return Selection(Found.HIDDEN, hidden_by=self.hidden_by(self._full(hidden_link)))
        return self._select_existing(self._full(resolution.path))

    def _link(self, path: str) -> str | None:
        return self.tree.link_target(self._full(path))

    def _exists(self, path: str) -> bool:
        return self.tree.exists(self._full(path))

    def _select_existing(self, full: str) -> Selection:
        if self.tree.get(full) is not None:
            pattern = self.hidden_by(full)
            if pattern is not None:
                return Selection(Found.HIDDEN, hidden_by=pattern, left_out=1)
            return Selection(Found.FILES, (full,), untracked=self.tree.state(full) is not State.TRACKED)
        below = list(self.tree.under(full))
        paths = tuple(entry.path for entry in below if entry.path in self.sent_paths)
        left_out = len(below) - len(paths)
        if not paths and full not in self._sent_directories:
            return Selection(Found.HIDDEN, hidden_by=self._hides_folder(full), left_out=left_out)
        untracked = full != self.root and not any(self.tree.state(path) is State.TRACKED for path in paths)
        return Selection(
            Found.FILES, paths, left_out=left_out, untracked=untracked and (bool(paths) or not below)
        )

    def _hides_folder(self, full: str) -> Pattern | None:
        pattern = self.hidden_by(full)
        if pattern is not None:
            return pattern
        return next((found for entry in self.tree.under(full) if (found := self.hidden_by(entry.path))), None)

    def _select_pattern(self, pattern: str) -> Selection:
        expression = compiled(pattern)
        if expression is None:
            return Selection(Found.MISSING)
        matched = [path for path in self._names_at(pattern) if expression.fullmatch(self.inside(path))]
        paths: list[str] = []
        hidden: Pattern | None = None
        left_out = 0
        for path in matched:
            selection = self._select_existing(path)
            paths += selection.paths
            left_out += selection.left_out
            hidden = hidden or selection.hidden_by
        if not paths:
            return Selection(Found.NOTHING, hidden_by=hidden, left_out=left_out)
        untracked = not any(self.tree.state(path) is State.TRACKED for path in paths)
        return Selection(Found.FILES, tuple(sorted(set(paths))), left_out=left_out, untracked=untracked)

    def _names_at(self, pattern: str) -> Iterable[str]:
        """Files and folders as deep as the pattern reaches, below its fixed leading part."""
        parts = pattern.split("/")
        fixed = next((index for index, part in enumerate(parts) if has_wildcard(part)), len(parts))
        level = [self._full("/".join(parts[:fixed]))] if fixed else [self.root]
        for part in parts[fixed:]:
            expression = compiled(part)
            if expression is None:
                return ()
            level = [
                child
                for folder in level
                for child in self.tree.children(folder)
                if expression.fullmatch(child.rpartition("/")[2])
            ]
        return level

    # -- what of it is used

    def used(self, sources: Iterable[str]) -> frozenset[str]:
        """Files that any of these sources selects."""
        return frozenset(path for source in sources for path in self.select(source).paths)

    def largest_unused(self, used: frozenset[str], limit: int = 10) -> Sequence[tuple[str, int, int]]:
        """`(path, files, bytes)` of what is sent and not used, largest first, whole folders where none is used."""
        used_folders: set[str] = {self.root}
        for path in used:
            folder = path.rpartition("/")[0]
            while folder and folder not in used_folders:
                used_folders.add(folder)
                folder = folder.rpartition("/")[0]
        totals: dict[str, tuple[int, int]] = {}
        for entry in self.sent:
            if entry.path in used:
                continue
            top = self._top_unused(entry.path, used_folders)
            files, size = totals.get(top, (0, 0))
            totals[top] = (files + 1, size + entry.size)
        ranked = sorted(totals.items(), key=lambda item: (-item[1][1], item[0]))
        return [(path, files, size) for path, (files, size) in ranked[:limit]]

    def _top_unused(self, path: str, used_folders: set[str]) -> str:
        """The highest folder above `path` in which nothing is used; the file itself where there is none."""
        parts = self.inside(path).split("/")
        for depth in range(1, len(parts)):
            folder = self._full("/".join(parts[:depth]))
            if folder not in used_folders:
                return folder
        return path
