"""History: when files last changed, and how their contents went through the commits.

Renames are never followed (`--no-renames`): finding them needs every blob, which a partial clone does not have, and git
then stops half-way. A history that git cannot read to the end is reported in `skipped`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import msgspec

from dockwright.errors import Skipped
from dockwright.trees import touched
from dockwright.trees.git_command import Git, GitError
from dockwright.trees.git_objects import Objects
from dockwright.trees.paths import decode, parent

ABSENT = "0" * 40
MAX_PATHS_ON_LINE = 60
"""Paths given to git to look for; its search grows with their number, so with more all changes are filtered here."""


class Change(msgspec.Struct, frozen=True):
    """One path in one commit: blob ids before and after (`""` where the file did not exist), and the mode after."""

    path: str
    old: str
    new: str
    mode: int


class Commit(msgspec.Struct, frozen=True):
    """A commit: id, ISO 8601 date of the committer, first line of its message, and what it changed.

    `cut` says that its parents are not in this shallow clone, so that it seems to add every file there is.
    """

    id: str
    date: str
    subject: str
    changes: tuple[Change, ...]
    cut: bool = False


class LastChange(msgspec.Struct, frozen=True):
    """The newest commit that touched a path."""

    commit: str
    date: str


class History(ABC):
    """The commits that lead to one revision, newest first."""

    def __init__(self) -> None:
        self.skipped: list[Skipped] = []

    @abstractmethod
    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        """Commits that touch any of `paths` (files or folders; all when empty), with their changes to them."""

    @abstractmethod
    def blob(self, name: str) -> bytes | None:
        """Content of a blob by its id; None when it cannot be had."""

    @property
    @abstractmethod
    def head(self) -> LastChange | None:
        """The revision itself; None without any commit."""

    def touched(self) -> Iterator[tuple[LastChange, Sequence[str]]]:
        """Every path that a commit changed, with the commit; merges and commits at the cut of a clone left out."""
        for commit in self.commits():
            if not commit.cut:
                yield LastChange(commit.id, commit.date), [change.path for change in commit.changes]

    def last_changes(self, paths: Sequence[str]) -> dict[str, LastChange]:
        """The newest commit that touched each path; paths without one are absent, or whose one a shallow clone lacks."""
        wanted = set(paths)
        found: dict[str, LastChange] = {}
        for commit in self.commits(sorted(wanted)):
            for change in () if commit.cut else commit.changes:
                if change.path in wanted:
                    wanted.discard(change.path)
                    found[change.path] = LastChange(commit.id, commit.date)
            if not wanted:
                break
        return found


class MemoryHistory(History):
    """A history given as commits, newest first, and blobs by id."""

    def __init__(self, commits: Sequence[Commit], blobs: Mapping[str, bytes]) -> None:
        super().__init__()
        self._commits = tuple(commits)
        self._blobs = dict(blobs)

    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        del merges, first_parent
        for commit in self._commits:
            if since and commit.date < since:
                continue
            changes = tuple(change for change in commit.changes if _concerns(change.path, paths))
            if changes:
                yield msgspec.structs.replace(commit, changes=changes)

    def blob(self, name: str) -> bytes | None:
        return self._blobs.get(name)

    @property
    def head(self) -> LastChange | None:
        return LastChange(self._commits[0].id, self._commits[0].date) if self._commits else None


def _below(path: str, wanted: frozenset[str]) -> bool:
    """True when the path or a folder above it is wanted."""
    while path:
        if path in wanted:
            return True
        path = parent(path)
    return False


def _concerns(path: str, paths: Sequence[str]) -> bool:
    return not paths or any(path == one or path.startswith(f"{one}/") for one in paths)


class GitHistory(History):
    """The history of `revision` in the repository at `directory`; paths are relative to `directory`."""

    def __init__(self, directory: Path, revision: str = "HEAD") -> None:
        super().__init__()
        self._git = Git(directory)
        self._revision = revision

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self._git)

    @cached_property
    def head(self) -> LastChange | None:
        try:
            text = self._git.run(
                "log",
                "-1",
                "--no-show-signature",
                "--format=%H %cI",
                "--end-of-options",
                self._revision,
                "--",
            )
        except GitError:
            return None
        name, _, date = text.decode("ascii", "replace").strip().partition(" ")
        return LastChange(name, date) if name else None

    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        options = ["--raw", "--no-abbrev"]
        options.append("--diff-merges=first-parent" if merges or first_parent else "--no-merges")
        if first_parent:
            options.append("--first-parent")
        if since:
            options.append(f"--since={since}")
        limited = list(paths) if len(paths) <= MAX_PATHS_ON_LINE else []
        stream = self._log("%x00%x01%H%x00%cI%x00%s", options, limited)
        wanted = frozenset(paths) if len(paths) > MAX_PATHS_ON_LINE else None
        with self._said():
            for commit in _parse(stream, wanted):
                changes = commit.changes
                if changes or wanted is None:
                    cut = commit.id in self._git.shallow
                    yield (
                        msgspec.structs.replace(commit, changes=changes, cut=cut) if cut or wanted else commit
                    )

    def touched(self) -> Iterator[tuple[LastChange, Sequence[str]]]:
        stream = self._log(touched.FORMAT, ["--name-only", "--no-merges"])
        with self._said():
            shallow = self._git.shallow
            for commit, date, paths in touched.read(stream):
                if commit not in shallow:
                    yield LastChange(commit, date), paths

    def _log(self, form: str, options: Sequence[str], paths: Sequence[str] = ()) -> Iterator[bytes]:
        return self._git.stream(
            "--literal-pathspecs", "log", "--no-show-signature", f"--format={form}", "-z", "--no-renames",
            "--no-ext-diff", "--no-textconv", "--relative", *options, "--end-of-options", self._revision, "--", *paths,
        )  # fmt: skip

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Notes what the history lacks: once it is read to its end, or where it breaks off."""
        try:
            yield
            if self._git.shallow:
                self._skip(
                    f"shallow clone: what came before {len(self._git.shallow)} of its commits is not here"
                )
        except GitError as error:
            self._skip(f"not read to its end: {error.message}")

    def _skip(self, reason: str) -> None:
        if (skipped := Skipped("history", reason)) not in self.skipped:
            self.skipped.append(skipped)

    def blob(self, name: str) -> bytes | None:
        return self._objects.read(name) if len(name) in (40, 64) and name.isalnum() else None


def _fields(stream: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in stream:
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields
    if rest:
        yield rest


def _parse(stream: Iterator[bytes], wanted: frozenset[str] | None = None) -> Iterator[Commit]:
    """Commits of `git log -z --raw` with our format: `\\0\\1<id>\\0<date>\\0<subject>` before each one's changes.

    Of the changes only those to `wanted` paths (files or folders) are made into values, when it is given.
    """
    known: dict[bytes, bool] = {}
    fields = _fields(stream)
    head: tuple[str, str, str] | None = None
    changes: list[Change] = []
    for field in fields:
        field = field.lstrip(b"\n")
        if field.startswith(b"\1"):
            if head is not None:
                yield Commit(*head, tuple(changes))
            date, subject = next(fields, b""), next(fields, b"")
            head = (
                field[1:].decode("ascii"),
                date.decode("ascii"),
                subject.decode("utf-8", "replace").rstrip("\n"),
            )
            changes = []
        elif field.startswith(b":"):
            path = next(fields, b"")
            if wanted is not None:
                kept = known.get(path)
                if kept is None:
                    kept = known[path] = _below(decode(path), wanted)
                if not kept:
                    continue
            changes.append(_change(field, path))
    if head is not None:
        yield Commit(*head, tuple(changes))


def _change(meta: bytes, path: bytes) -> Change:
    _, mode, old, new, _ = meta.decode("ascii").split(" ", 4)
    return Change(decode(path), _id(old), _id(new), int(mode, 8))


def _id(text: str) -> str:
    return "" if text.startswith("0000000") and not text.strip("0") else text
