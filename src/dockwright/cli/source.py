"""From the arguments of a command to the tree, history and configuration they mean. The only place that opens them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.config import FILE_NAMES, Config, load
from dockwright.errors import ConfigError, UsageError
from dockwright.trees.tree import Tree

if TYPE_CHECKING:
    from dockwright.audit.model import About
    from dockwright.trees.history import History


def directory(path: str, command: str) -> Path:
    """The directory a command is to work on. Raises UsageError when it is none."""
    found = Path(path)
    if os.path.isdir(found):
        return found
    if os.path.lexists(found):
        hint = f"`dockwright check {path}` checks one file"
        raise UsageError(f"{path} is a file; `dockwright {command}` takes a directory", hint)
    raise UsageError(f"{path} does not exist", "give the directory of a repository, or nothing for this one")


def name_of(path: Path) -> str:
    """What the repository is called: the last part of its absolute path."""
    return path.resolve().name or "/"


def configuration(tree: Tree) -> Config:
    """`dockwright.toml` at the root of the tree, or `[tool.dockwright]` of `pyproject.toml`; else the default one.

    Raises ConfigError when there are two, or the one there is cannot be acted on.
    """
    found = [name for name in FILE_NAMES if tree.exists(name)]
    if len(found) > 1:
        raise ConfigError(f"both {found[0]} and {found[1]} are here", "keep one of them")
    if found:
        return load(_text(tree, found[0]), found[0])
    if tree.exists("pyproject.toml"):
        try:
            data = tree.read("pyproject.toml")
        except (KeyError, OSError):  # another tool's file first of all: it may be a link that leads nowhere
            return Config()
        if b"dockwright" in data:
            return load(_text(tree, "pyproject.toml"), "pyproject.toml")
    return Config()


def _text(tree: Tree, name: str) -> str:
    try:
        return tree.read(name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8: {error}") from error
    except KeyError as error:
        raise ConfigError(f"{name} is a link that leads nowhere or out of the repository") from error
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error}") from error


class Opened(msgspec.Struct, frozen=True):
    """A tree with its history (None without git, or when it was not asked for) and what the report calls it."""

    tree: Tree
    history: "History | None"
    about: "About"


def opened(root: Path, revision: str | None, *, history: bool = True) -> Opened:
    """The files of `root`: as they lie there, or at a git revision, without a checkout.

    Raises TreeError when they cannot be read at all.
    """
    if revision is not None:
        _tell_lenders(root)
        return _at(root, revision)
    from dockwright.trees.disk import DiskTree

    tree = DiskTree(root)
    past = None
    if history and tree.in_git:
        from dockwright.trees.history import GitHistory

        _tell_lenders(root)
        past = GitHistory(root)
    return Opened(tree, past, _about(root, past, "working directory", ""))


def _tell_lenders(root: Path) -> None:
    """Say that objects come from outside of the repository: the one way out of it that is followed, since a shared clone
    has nothing without it.
    """
    import sys

    from dockwright.report.clean import printable
    from dockwright.trees.git_directory import lenders, locate

    found = locate(root)
    for store in lenders(found) if found is not None else ():
        if sys.stderr is not None and store not in _TOLD:
            _TOLD.add(store)
            sys.stderr.write(
                printable(
                    f"dockwright: note: git's objects are read from {store} too, outside of this repository (its "
                    "objects/info/alternates says so; `git repack -a -d` makes it whole)"
                )
                + "\n"
            )


_TOLD: set[Path] = set()
"""What was said once is not said again for the other side of a comparison."""


def _at(root: Path, revision: str) -> Opened:
    from dockwright.trees.git import GitTree
    from dockwright.trees.history import GitHistory

    prefix = GitTree(root, revision).git.run("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape")
    tree = GitTree(root, revision, prefix.rstrip("\n"))
    past = GitHistory(root, tree.commit)
    return Opened(tree, past, _about(root, past, "commit", revision))


def _about(root: Path, history: "History | None", state: str, revision: str) -> "About":
    from dockwright.audit.model import About

    about = About(name_of(root), state=state, above=repository_above(root))
    if about.above:
        import shlex

        words = ["dockwright", "audit", about.above, *(["--at", revision] if revision else [])]
        about = msgspec.structs.replace(about, whole=shlex.join(words))
    elif not revision and _is_bare(root):
        import shlex

        whole = shlex.join(["dockwright", "audit", str(root), "--at", "HEAD"])
        about = msgspec.structs.replace(about, whole=whole)
    head = history.head if history is not None else None
    if head is None:
        return about
    return msgspec.structs.replace(about, revision=head.commit, date=head.date[:10])


def _is_bare(root: Path) -> bool:
    """True for the folder that is a git repository itself, without a work tree."""
    from dockwright.trees.git_directory import locate

    found = locate(root)
    return found is not None and found.top is None and found.own == root.resolve()


def within_root(root: Path, path: str) -> str:
    """A path as it is named in the tree at `root`: absolute ones and `a/../b` as people paste them; else as it was given."""
    from dockwright.trees.paths import within

    if os.path.isabs(path):
        full = Path(os.path.normpath(path))
        return full.relative_to(root.absolute()).as_posix() if full.is_relative_to(root.absolute()) else path
    return within("", path) or path


def part_note(root: Path) -> list[str]:
    """What has to be said where only a folder of a repository is looked at."""
    above = repository_above(root)
    if not above:
        return []
    text = (
        f"this is a folder of the repository at `{above}`: builds that are declared outside of it are not seen, and contexts "
        "above it are not there"
    )
    return [text]


def refuse_bare(root: Path, option: str) -> None:
    """Raises UsageError for a bare repository, where files as they lie there are asked for."""
    if _is_bare(root):
        raise UsageError(
            f"{root} is a bare git repository, which has files in its commits alone", f"give {option} HEAD"
        )


def repository_above(root: Path) -> str:
    """The path of the repository whose work tree the folder is a part of, as seen from the working directory when the folder
    is named so too; empty where the folder is the top of one, or in none.
    """
    from dockwright.trees.git_directory import locate

    found = locate(root)
    if found is None or found.top is None or found.top == root.resolve():
        return ""
    if root.is_absolute():
        return str(found.top)
    return os.path.relpath(found.top, Path.cwd())
