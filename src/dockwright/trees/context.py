"""Build contexts: which files a build is sent, how many bytes, and what a COPY or ADD source selects of them.

Sources: moby/buildkit frontend/dockerui/config.go (which ignore file is read), tonistiigi/fsutil filter.go (what is
sent). BuildKit transfers only those of the files sent that some instruction names (`used`).
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from dockwright.errors import Skipped
from dockwright.text import SourceFile
from dockwright.trees.ignore import IgnoreFile, Pattern
from dockwright.trees.links import follow
from dockwright.trees.paths import join, parent, shown
from dockwright.trees.selection import Found, Selection
from dockwright.trees.sent import Sent, sent
from dockwright.trees.sources import Sources
from dockwright.trees.tree import Entry, Tree, Unreadable

__all__ = ["BuildContext", "Found", "Selection"]


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
    def _chosen(self) -> SourceFile | None:
        for path in self.ignore_candidates:
            try:
                return SourceFile(path, self.tree.read(self._target(path)))
            except (KeyError, Unreadable) as error:
                reason = "leads nowhere in its folder" if isinstance(error, KeyError) else str(error)
                self.skipped.append(Skipped(shown(path), f"ignore file cannot be read: {reason}"))
        return None

    def _target(self, path: str) -> str:
        """Where an ignore file that is a link leads: the builder sees no more than its folder, and clamps at it.

        Source: fsutil followlinks.go. A link to an ignore file in a folder above is therefore not read.
        """
        folder = parent(path)
        found = follow(
            path[len(folder) + 1 :] if folder else path,
            lambda at: self.tree.link_target(join(folder, at)),
            lambda at: self.tree.exists(join(folder, at)),
            clamp=True,
        )
        if found.path is None:
            raise KeyError(path)
        return join(folder, found.path)

    @cached_property
    def _walked(self) -> tuple[IgnoreFile | None, Sent]:
        ignore, walked = sent(self.tree, self.root, self._chosen)
        self.skipped.extend(ignore.skipped if ignore is not None else ())
        return ignore, walked

    @property
    def ignore_file(self) -> IgnoreFile | None:
        """The ignore file that is read; None when there is none, and everything is sent."""
        return self._walked[0]

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Ignore files that exist and are not read, because another one is."""
        return self.ignore_candidates[1:]

    # -- what is sent

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All files and links below the root, sent or not."""
        return self._walked[1].all

    def inside(self, path: str) -> str:
        """A path of the tree as the context sees it."""
        return path[len(self.root) + 1 :] if self.root else path

    def is_sent(self, path: str) -> bool:
        """True when a path of the tree is sent, a folder also when only something below it is."""
        walked = self._walked[1]
        return path in walked.paths or path in walked.folders

    def hidden_by(self, path: str) -> Pattern | None:
        """The pattern that leaves a path of the tree out; None when it is sent."""
        if self.ignore_file is None:
            return None
        verdict = self.ignore_file.verdict(self.inside(path))
        return verdict.pattern if verdict.ignored else None

    @property
    def sent(self) -> tuple[Entry, ...]:
        """Files and links that are sent (`.git` is not among them: see `sends_git`)."""
        return self._walked[1].entries

    @property
    def sent_paths(self) -> frozenset[str]:
        return self._walked[1].paths

    @property
    def count(self) -> int:
        """Number of files and links sent."""
        return len(self.sent)

    @property
    def bytes(self) -> int:
        """Bytes of the files sent."""
        return self._walked[1].bytes

    @cached_property
    def sends_git(self) -> bool:
        """True when a checkout's `.git` would be sent: the context is the top of the tree and nothing leaves it out."""
        return not self.root and not self._walked[1].hides(".git")

    @property
    def git_sent(self) -> tuple[int, int]:
        """(files, bytes) of `.git` that are sent besides, where the tree has one (a commit does not)."""
        return self._walked[1].git

    # -- what a source selects, and what of it is used

    def select(self, source: str) -> Selection:
        """What the source argument of a COPY or ADD (or of a bind mount) selects; variables already filled in."""
        walked = self._walked[1]
        return self.tree.memo(("sources", id(walked)), lambda: Sources(walked)).select(source)

    def used(self, sources: Iterable[str]) -> frozenset[str]:
        """Files that any of these sources selects."""
        return frozenset(path for source in sources for path in self.select(source).paths)

    def largest_unused(self, used: frozenset[str], limit: int = 10) -> Sequence[tuple[str, int, int]]:
        """`(path, files, bytes)` of what is sent and not used, largest first, whole folders where none is used."""
        used_folders: set[str] = {self.root}
        for path in used:
            folder = parent(path)
            while folder and folder not in used_folders:
                used_folders.add(folder)
                folder = parent(folder)
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
            folder = join(self.root, "/".join(parts[:depth]))
            if folder not in used_folders:
                return folder
        return path
