"""Where a repository keeps its data, and a stand-in for its `.git` that holds none of its configuration.

A repository's configuration can name programs (monitors, hooks, filters, ssh and signature commands), files to include
(a pipe would block), another work tree, and remotes to fetch missing objects from, which git older than 2.44 cannot be
told to leave alone. Rather than switch off what is known, git is given a temporary directory in place of `.git`: the
references and the index of the repository, its object store, and a configuration of our own.
"""

import os
import re
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import msgspec

from dockwright.errors import DockwrightError

SMALL = 1 << 20
"""Bytes beyond which a file that should hold a line or a configuration is not believed."""
_SHARED = ("refs", "packed-refs", "reftable", "shallow", "logs")
"""What belongs to all work trees of a repository and is linked into the stand-in."""
_FORMAT = re.compile(
    rb"^\s*(objectformat|refstorage|ignorecase)\s*=\s*\"?(\w+)\"?\s*$", re.IGNORECASE | re.MULTILINE
)
_BLOCKING = (
    "HEAD",
    "index",
    "packed-refs",
    "shallow",
    "commondir",
    "config",
    "info/exclude",
    "objects/info/alternates",
)
"""Files that git opens by itself: a pipe in place of one would block it."""


class GitError(DockwrightError):
    """git cannot be run here, or ended with an error; `message` says what it said last."""

    exit_code = 2


class Repository(msgspec.Struct, frozen=True):
    """`top` of the work tree (None: bare), its own git directory, and the one all work trees share."""

    top: Path | None
    own: Path
    common: Path


def locate(directory: Path) -> Repository | None:
    """The repository whose work tree (or bare directory) holds `directory`; None when there is none.

    Source: git setup.c: setup_git_directory_gently. Its `core.worktree` and `safe.directory` play no part: the work
    tree is where `.git` was found, and nothing of the configuration is used.
    """
    try:
        here = directory.resolve()
    except (OSError, RuntimeError):
        return None
    for folder in (here, *here.parents):
        found = _opened(folder / ".git")
        if found is not None:
            return Repository(folder, found, _common(found))
        if _is_git_directory(folder):
            return Repository(None, folder, folder)
    return None


def _opened(path: Path) -> Path | None:
    """The git directory that `.git` is, or names when it is a file (work trees, submodules)."""
    if path.is_dir():
        return path if _is_git_directory(path) else None
    text = small_file(path) or b""
    if not text.startswith(b"gitdir:"):
        return None
    named = path.parent / os.fsdecode(text[len(b"gitdir:") :].strip())
    return named if (named / "HEAD").exists() else None


def _is_git_directory(path: Path) -> bool:
    return (
        os.path.lexists(path / "HEAD")
        and ((path / "objects").is_dir() or (path / "commondir").is_file())
        and ((path / "refs").exists() or (path / "commondir").is_file())
    )


def _common(own: Path) -> Path:
    text = small_file(own / "commondir")
    return own / os.fsdecode(text.strip()) if text else own


def small_file(path: Path) -> bytes | None:
    """The bytes of a short regular file; None for anything else. Never waits for a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= SMALL else None


MAX_DEPTH = 5
"""Alternates of alternates that git follows (object-file.c: link_alt_odb_entries)."""


def lenders(repository: Repository) -> list[Path]:
    """Object stores outside of the repository that it has git read its objects from, too: its alternates, and theirs.

    A clone made with `--shared` or `--reference` has some; so can one that somebody made up. Raises GitError for one whose
    own list is no plain file, which git would wait for.
    """
    own = repository.common.resolve()
    found: dict[Path, None] = {}
    waiting = [(repository.common / "objects", 0)]
    while waiting:
        store, depth = waiting.pop()
        listing = store / "info" / "alternates"
        if listing.exists() and not listing.is_file():
            raise GitError(f"{listing} is not a regular file")
        for path in _listed(store, small_file(listing) or b""):
            if path not in found and depth < MAX_DEPTH:
                found[path] = None
                waiting.append((path, depth + 1))
    return [path for path in found if not path.is_relative_to(own)]


def _listed(store: Path, listing: bytes) -> Iterator[Path]:
    """The folders of an alternates file that are there; anything may stand in it."""
    for line in listing.split(b"\n"):
        if line and not line.startswith(b"#") and b"\0" not in line:
            try:
                path = (store / os.fsdecode(line)).resolve()
                if path.is_dir():
                    yield path
            except (OSError, RuntimeError):
                continue


class StandIn:
    """A temporary git directory for one repository; it goes away with the object. Raises GitError."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        _refuse_special_files(repository)
        lenders(repository)
        try:
            self.path = Path(tempfile.mkdtemp(prefix="dockwright-git-"))
            self.close = weakref.finalize(self, shutil.rmtree, str(self.path), ignore_errors=True)
            self._fill()
        except OSError as error:
            raise GitError(f"no temporary directory to run git with: {error}") from error

    def _fill(self) -> None:
        own, common = self.repository.own, self.repository.common
        (self.path / "HEAD").write_bytes(_head(own))
        (self.path / "config").write_bytes(self._configuration())
        for name in _SHARED:
            if (common / name).exists():
                (self.path / name).symlink_to((common / name).resolve())
        if not (self.path / "refs").exists():
            (self.path / "refs").mkdir()
        (self.path / "info").mkdir()
        if (common / "info" / "exclude").is_file():
            (self.path / "info" / "exclude").symlink_to((common / "info" / "exclude").resolve())
        for shared_index in own.glob("sharedindex.*"):
            (self.path / shared_index.name).symlink_to(shared_index.resolve())

    def _configuration(self) -> bytes:
        """What git must know of the repository's format, and nothing else of what its configuration says."""
        bare = b"true" if self.repository.top is None else b"false"
        found = {
            name.lower(): value
            for name, value in _FORMAT.findall(small_file(self.repository.common / "config") or b"")
        }
        core = b"[core]\n\tbare = %b\n" % bare
        if ignorecase := found.pop(b"ignorecase", b""):
            core += b"\tignorecase = %b\n" % ignorecase
        if not found:
            return core + b"\trepositoryformatversion = 0\n"
        extensions = b"".join(b"\t%b = %b\n" % item for item in found.items())
        return core + b"\trepositoryformatversion = 1\n[extensions]\n" + extensions

    def environment(self) -> dict[str, str]:
        """The variables that make git use the stand-in."""
        variables = {
            "GIT_DIR": str(self.path),
            "GIT_OBJECT_DIRECTORY": str(self.repository.common / "objects"),
            "GIT_INDEX_FILE": str(self.repository.own / "index"),
        }
        if self.repository.top is not None:
            variables["GIT_WORK_TREE"] = str(self.repository.top)
        return variables


def _head(own: Path) -> bytes:
    """What HEAD says; older repositories have a symbolic link there."""
    path = own / "HEAD"
    if path.is_symlink() and (target := os.readlink(path)).startswith("refs/"):
        return b"ref: %b\n" % os.fsencode(target)
    return small_file(path) or b"ref: refs/heads/main\n"


def _refuse_special_files(repository: Repository) -> None:
    for folder in {repository.own, repository.common}:
        for name in _BLOCKING:
            path = folder / name
            if path.exists() and not path.is_file():
                raise GitError(f"{name} in the git directory is not a regular file")
