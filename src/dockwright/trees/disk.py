"""`DiskTree`: the files of a working directory.

Links are never followed, devices and pipes never opened, `.git` never entered. What cannot be listed or read is in
`skipped`. git says which files it tracks and which it ignores; without git, `.gitignore` files are read for that.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from dockwright.errors import Skipped, TreeError
from dockwright.trees.git_command import available
from dockwright.trees.git_directory import locate
from dockwright.trees.handles import Handles
from dockwright.trees.paths import join, shown
from dockwright.trees.states import States, states_by_git, states_by_ignore_files
from dockwright.trees.tree import EXECUTABLE, FILE, LINK, Entry, State, Tree, Unreadable

MAX_ENTRIES = 300_000
"""Files beyond which a working directory is not listed any further."""
MAX_READ = 20 << 20
"""Bytes beyond which a file is not read: nothing that is written by hand is larger."""
_KINDS = (
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISBLK, "device"),
    (stat.S_ISCHR, "device"),
)


class DiskTree(Tree):
    """The working directory at `root`. Raises TreeError when it is not a directory that can be listed."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self._empty: list[str] = []
        self._special: list[str] = []
        self._handles = Handles(root)
        if not root.is_dir():
            raise TreeError(f"{root} is not a directory")
        try:
            os.scandir(root).close()
        except OSError as error:
            raise TreeError(f"{root} cannot be listed: {error.strerror}") from error

    def __repr__(self) -> str:
        return f"DiskTree({str(self.root)!r})"

    # -- listing

    def _load(self) -> list[Entry]:
        entries: list[Entry] = []
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            before = len(entries) + len(waiting)
            for name, found in self._scan(folder):
                path = join(folder, name)
                if found is None:
                    waiting.append(path)
                elif len(entries) < MAX_ENTRIES:
                    entries.append(Entry(path, found[0], found[1]))
                else:
                    waiting.append(folder)
                    break
            if folder and len(entries) + len(waiting) == before:
                self._empty.append(folder)
            if len(entries) >= MAX_ENTRIES:
                self._too_many(waiting)
                break
        return entries

    def _too_many(self, waiting: list[str]) -> None:
        """A build context sends ignored folders too, so they are listed, but not without end."""
        if not waiting:
            return
        rest = ", ".join(shown(path) or "." for path in sorted(waiting)[:5])
        more = f" and {len(waiting) - 5} more folders" if len(waiting) > 5 else ""
        self.skipped.append(Skipped(rest + more, f"more than {MAX_ENTRIES} files; the rest was not listed"))

    def _scan(self, folder: str) -> Iterator[tuple[str, tuple[int, int] | None]]:
        """Names in a folder with (mode, size); None for a folder to go into."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as found:
                for item in found:
                    if item.name != ".git":
                        yield from self._looked_at(folder, item)
        except OSError as error:
            self.skipped.append(Skipped(shown(folder) or ".", f"folder cannot be listed: {error.strerror}"))

    def _looked_at(
        self, folder: str, item: "os.DirEntry[str]"
    ) -> Iterator[tuple[str, tuple[int, int] | None]]:
        try:
            if item.is_dir(follow_symlinks=False):
                yield item.name, None
                return
            status = item.stat(follow_symlinks=False)
        except OSError as error:
            path = shown(join(folder, item.name))
            self.skipped.append(Skipped(path, f"cannot be looked at: {error.strerror}"))
            return
        mode = self._mode(join(folder, item.name), status.st_mode)
        if mode is not None:
            yield item.name, (mode, status.st_size)

    def _mode(self, path: str, mode: int) -> int | None:
        if stat.S_ISLNK(mode):
            return LINK
        if stat.S_ISREG(mode):
            return EXECUTABLE if mode & 0o100 else FILE
        kind = next((name for test, name in _KINDS if test(mode)), "special file")
        self.skipped.append(Skipped(shown(path), f"a {kind}, not a file"))
        self._special.append(path)
        return None

    def _empty_directories(self) -> list[str]:
        return self._empty

    # -- reading

    def _read(self, entry: Entry) -> bytes:
        name = shown(entry.path)
        try:
            if entry.is_link:
                return os.fsencode(os.readlink(os.path.join(self.root, entry.path)))
            data, size = self._handles.read(entry.path, MAX_READ)
        except IsADirectoryError as error:
            raise Unreadable(f"{name}: not a regular file") from error
        except OSError as error:
            raise Unreadable(f"{name}: {error.strerror or error}") from error
        if size > MAX_READ:
            raise Unreadable(f"{name}: {size} bytes, more than the {MAX_READ} that are read")
        return data

    # -- git

    @cached_property
    def git_directory(self) -> Path | None:
        """`.git` at the root (a folder, or the file of a worktree); None when the root is not the top of a repository."""
        found = self.root / ".git"
        return found if found.exists() else None

    def git_entries(self) -> Sequence[Entry]:
        """Files in `.git` at the root; the file itself in a work tree that is not the first. At most MAX_ENTRIES."""
        return self._git_entries

    @cached_property
    def _git_entries(self) -> list[Entry]:
        found = self.git_directory
        if found is None:
            return []
        if found.is_symlink() or not found.is_dir():
            return [Entry(".git", LINK if found.is_symlink() else FILE, found.lstat().st_size)]
        entries: list[Entry] = []
        for folder, _, names in os.walk(found):
            for name in names:
                try:
                    status = os.lstat(os.path.join(folder, name))
                except OSError:
                    continue  # git works while we look
                path = join(".git", os.path.relpath(os.path.join(folder, name), found))
                entries.append(Entry(path, LINK if stat.S_ISLNK(status.st_mode) else FILE, status.st_size))
            if len(entries) >= MAX_ENTRIES:
                self.skipped.append(
                    Skipped(".git", f"more than {MAX_ENTRIES} files; the rest was not counted")
                )
                break
        return sorted(entries, key=lambda entry: entry.path)

    @property
    def git_size(self) -> tuple[int, int]:
        """(files, bytes) in `.git` at the root, which a context sends when no ignore file leaves it out."""
        return len(self._git_entries), sum(entry.size for entry in self._git_entries)

    @cached_property
    def in_git(self) -> bool:
        """True when the root lies in the work tree of a repository, so that git can say what it tracks.

        The work tree is where `.git` was found; a repository that names another one is not believed.
        """
        found = locate(self.root)
        if found is None or found.top is None:
            return False
        if not available():
            self.skipped.append(Skipped("git", "is not installed: states and history of files are not known"))
            return False
        return True

    @cached_property
    def _states(self) -> States:
        self.entries()  # tells which `.gitignore` are no files
        if self.in_git:
            return states_by_git(self.root, self._special, self.skipped)
        return states_by_ignore_files(self, self.skipped)

    def _state(self, path: str) -> State:
        return self._states.of(path)
