"""`DiskTree`: the files of a working directory.

Links are never followed, devices and pipes never opened, `.git` never entered. What cannot be listed or read is in
`skipped`. git says which files it tracks and which it ignores; without git, `.gitignore` files are read for that.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dockwright.errors import Skipped, TreeError
from dockwright.trees.git_command import Git, GitError, available
from dockwright.trees.paths import join, parent, shown
from dockwright.trees.tree import EXECUTABLE, FILE, LINK, Entry, State, Tree, Unreadable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

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
                else:
                    entries.append(Entry(path, found[0], found[1]))
            if folder and len(entries) + len(waiting) == before:
                self._empty.append(folder)
            if len(entries) >= MAX_ENTRIES:
                self._too_many(waiting)
                break
        return entries

    def _too_many(self, waiting: list[str]) -> None:
        rest = ", ".join(shown(path) or "." for path in sorted(waiting)[:5])
        more = f" and {len(waiting) - 5} more folders" if len(waiting) > 5 else ""
        self.skipped.append(Skipped(rest + more, f"more than {MAX_ENTRIES} files; the rest was not listed"))

    def _scan(self, folder: str) -> Iterator[tuple[str, tuple[int, int] | None]]:
        """Names in a folder with (mode, size); None for a folder to go into."""
        try:
            with os.scandir(self.root / folder) as found:
                items = list(found)
        except OSError as error:
            self.skipped.append(Skipped(shown(folder), f"folder cannot be listed: {error.strerror}"))
            return
        for item in items:
            if item.name == ".git":
                continue
            try:
                if item.is_dir(follow_symlinks=False):
                    yield item.name, None
                    continue
                status = item.stat(follow_symlinks=False)
            except OSError as error:
                self.skipped.append(
                    Skipped(shown(join(folder, item.name)), f"cannot be looked at: {error.strerror}")
                )
                continue
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
        return None

    def _empty_directories(self) -> list[str]:
        return self._empty

    # -- reading

    def _read(self, entry: Entry) -> bytes:
        path = self.root / entry.path
        name = shown(entry.path)
        try:
            if entry.is_link:
                return os.fsencode(os.readlink(path))
            # O_NOFOLLOW and O_NONBLOCK: the file may have become a link or a pipe since it was listed.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise Unreadable(f"{name}: not a regular file")
                if status.st_size > MAX_READ:
                    raise Unreadable(
                        f"{name}: {status.st_size} bytes, more than the {MAX_READ} that are read"
                    )
                return file.read(MAX_READ + 1)
        except Unreadable:
            raise
        except OSError as error:
            raise Unreadable(f"{name}: {error.strerror or error}") from error

    # -- git

    @cached_property
    def git_directory(self) -> Path | None:
        """`.git` at the root (a folder, or the file of a worktree); None when the root is not the top of a repository."""
        found = self.root / ".git"
        return found if found.exists() else None

    @cached_property
    def git_size(self) -> tuple[int, int]:
        """(files, bytes) in `.git` at the root, which a context sends when no ignore file leaves it out."""
        count = size = 0
        if (
            self.git_directory is not None
            and self.git_directory.is_dir()
            and not self.git_directory.is_symlink()
        ):
            for folder, _, names in os.walk(self.git_directory):
                for name in names:
                    try:
                        size += os.lstat(os.path.join(folder, name)).st_size
                        count += 1
                    except OSError:
                        continue
        return count, size

    @cached_property
    def in_git(self) -> bool:
        """True when the root lies in the work tree of a repository, so that git can say what it tracks."""
        if not available() or not any(
            (folder / ".git").exists() for folder in (self.root, *self.root.resolve().parents)
        ):
            return False
        try:
            top = (
                Git(self.root)
                .run("rev-parse", "--show-toplevel")
                .decode("utf-8", "surrogateescape")
                .rstrip("\n")
            )
        except GitError as error:
            self.skipped.append(Skipped("git", f"states and history of files: {error.message}"))
            return False
        # A repository may name any directory as its work tree; only one that holds this root is believed.
        return self.root.resolve().is_relative_to(Path(top).resolve())

    @cached_property
    def _states(self) -> dict[str, State]:
        """States of files git names; folders it does not go into (nested repositories, submodules) end in `/`."""
        if not self.in_git:
            return self._states_by_ignore_files()
        try:
            listing = Git(self.root).run("ls-files", "-z", "-t", "-c", "-o", "--exclude-standard")
        except GitError as error:
            self.skipped.append(Skipped("git", f"which files it tracks: {error.message}"))
            return {}
        states: dict[str, State] = {}
        for row in listing.split(b"\0"):
            if not row:
                continue
            path = row[2:].decode("utf-8", "surrogateescape")
            states[path] = State.UNTRACKED if row[:1] == b"?" else State.TRACKED
        if State.TRACKED not in states.values():
            self.skipped.append(Skipped("git", "tracks no file here yet: all files are taken as tracked"))
            return {}
        return states

    def _states_by_ignore_files(self) -> dict[str, State]:
        files = [entry.path for entry in self.entries() if entry.path.rpartition("/")[2] == ".gitignore"]
        if not files:
            return {}
        from pathspec import GitIgnoreSpec

        specs: dict[str, GitIgnoreSpec] = {}
        for path in files:
            try:
                lines = self.read(path).decode("utf-8", "replace").splitlines()
                specs[parent(path)] = GitIgnoreSpec.from_lines(lines)
            except (KeyError, OSError, ValueError) as error:
                self.skipped.append(Skipped(shown(path), f"ignore rules cannot be read: {error}"))
        return {entry.path: _state_by(specs, entry.path) for entry in self.entries()}

    def _state(self, path: str) -> State:
        states = self._states
        if not states:
            return State.TRACKED
        found = states.get(path)
        if found is not None:
            return found
        folder = parent(path)
        while folder:
            found = states.get(f"{folder}/") or states.get(folder)
            if found is not None:
                return found
            folder = parent(folder)
        return State.IGNORED


def _state_by(specs: "Mapping[str, GitIgnoreSpec]", path: str) -> State:
    """Without git: the rules of the deepest `.gitignore` that has one for the path (or a folder above it) decide."""
    folder = parent(path)
    while True:
        spec = specs.get(folder)
        if spec is not None:
            verdict = spec.check_file(path[len(folder) + 1 :] if folder else path).include
            if verdict is not None:
                return State.IGNORED if verdict else State.TRACKED
        if not folder:
            return State.TRACKED
        folder = parent(folder)
