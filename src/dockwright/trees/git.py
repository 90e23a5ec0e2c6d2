"""`GitTree`: the files of a commit, by object ids, without a checkout."""

from functools import cached_property
from pathlib import Path

from dockwright.errors import Skipped, TreeError
from dockwright.trees.disk import MAX_READ
from dockwright.trees.git_command import Git, GitError
from dockwright.trees.git_directory import locate
from dockwright.trees.git_objects import Objects
from dockwright.trees.paths import decode, shown
from dockwright.trees.tree import EXECUTABLE, FILE, LINK, SUBMODULE, Entry, Tree, Unreadable

MISSING_NAMED = 20
"""Files without content that are named one by one in `skipped`."""
_NOT_HERE = "its content is not in this (partial) clone"


class GitTree(Tree):
    """The tree of `revision` in the repository at `directory`; `prefix` takes a folder of it as the root.

    Objects that a partial clone lacks are listed with size 0 and cannot be read; nothing is ever fetched. Raises
    TreeError when the directory is no repository or has no such revision or folder.
    """

    def __init__(self, directory: Path, revision: str = "HEAD", prefix: str = "") -> None:
        super().__init__()
        self.git = Git(directory)
        self.prefix = prefix.strip("/")
        self.commit = _commit(self.git, revision)
        self._ids: dict[str, str] = {}
        self._missing: set[str] = set()
        self._submodules: list[str] = []

    def __repr__(self) -> str:
        return f"GitTree({self.commit[:12]}, {self.prefix or '.'!r})"

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self.git)

    def _load(self) -> list[Entry]:
        name = f"{self.commit}:{self.prefix}" if self.prefix else self.commit
        try:
            listing = self.git.run("ls-tree", "-r", "-z", "-l", "--full-tree", name)
        except GitError as error:
            raise TreeError(f"the files of {name} cannot be listed: {error.message}") from error
        entries = []
        for row in listing.split(b"\0"):
            if row:
                entry = self._entry(row)
                if entry is not None:
                    entries.append(entry)
        self._tell_missing()
        return entries

    def _empty_directories(self) -> list[str]:
        """A submodule that is not checked out is an empty folder, which counts where its parent is copied."""
        self.entries()
        return self._submodules

    def _tell_missing(self) -> None:
        """A clone without blobs lacks thousands: a few are named, the rest counted."""
        for path in sorted(self._missing)[:MISSING_NAMED]:
            self.skipped.append(Skipped(shown(path), _NOT_HERE))
        if len(self._missing) > MISSING_NAMED:
            more = len(self._missing) - MISSING_NAMED
            self.skipped.append(Skipped(f"{more} more files of {self.commit[:12]}", _NOT_HERE))

    def _entry(self, row: bytes) -> Entry | None:
        meta, _, raw = row.partition(b"\t")
        mode_text, kind, name, size = meta.split()
        path = decode(raw)
        mode = int(mode_text, 8)
        if mode == SUBMODULE or kind == b"commit":
            self._submodules.append(path)
            self.skipped.append(Skipped(shown(path), "submodule: its files are in another repository"))
            return None
        self._ids[path] = name.decode("ascii")
        if not size.isdigit():
            self._missing.add(path)
            size = b"0"
        if mode != LINK:  # old commits have other permission bits
            mode = EXECUTABLE if mode & 0o100 else FILE
        return Entry(path, mode, int(size))

    def _read(self, entry: Entry) -> bytes:
        if entry.path in self._missing:
            raise Unreadable(f"{shown(entry.path)}: {_NOT_HERE}")
        if entry.size > MAX_READ:
            raise Unreadable(
                f"{shown(entry.path)}: {entry.size} bytes, more than the {MAX_READ} that are read"
            )
        data = self._objects.read(self._ids[entry.path])
        if data is None:
            raise Unreadable(f"{shown(entry.path)}: git cannot read its content")
        return data

    def content_id(self, path: str) -> str:
        """Git's id of the content; known without reading it."""
        entry = self.get(path)
        if entry is not None and not entry.is_link:
            return self._ids[path]
        resolved = self.resolve(path)
        if resolved is None or resolved not in self._ids:
            raise KeyError(path)
        return self._ids[resolved]


def _commit(git: Git, revision: str) -> str:
    if not git.directory.is_dir():
        raise TreeError(f"{git.directory} is not a directory")
    if locate(git.directory) is None:
        raise TreeError(f"{git.directory} is not in a git repository", "revisions need one")
    try:
        name = git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", errors=(1, 128)
        )
    except GitError as error:
        raise TreeError(error.message) from error
    if not name.strip():
        raise TreeError(f"no revision `{revision}` in {git.directory}", "`git log --oneline` lists commits")
    return name.decode("ascii").strip()
