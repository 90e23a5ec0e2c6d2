"""What git thinks of the files of a working directory: asked of git, or read from `.gitignore` files without it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dockwright.errors import Skipped
from dockwright.trees.git_command import Git, GitError
from dockwright.trees.git_directory import locate
from dockwright.trees.git_index import damage
from dockwright.trees.paths import decode, parent, shown
from dockwright.trees.tree import State, Tree

if TYPE_CHECKING:
    from dockwright.trees.gitignore import IgnoreRules

_IGNORE_FILE = ".gitignore"


class States:
    """States of paths. `known` names files, and folders git does not go into (nested repositories end in `/`).

    Files in a folder that is itself tracked (a submodule) share its state. What is not named at all is `others`.
    """

    def __init__(self, known: Mapping[str, State], others: State) -> None:
        self.known = known
        self.others = others

    def of(self, path: str) -> State:
        found = self.known.get(path)
        folder = parent(path)
        while found is None and folder:
            found = self.known.get(f"{folder}/") or self.known.get(folder)
            folder = parent(folder)
        return found or self.others


def states_by_git(root: Path, special: Sequence[str], skipped: list[Skipped]) -> States:
    """States of the files below `root`, which lies in a work tree; `special` are paths that are no plain files."""
    # git reads every `.gitignore` it passes, and would wait for a pipe in place of one.
    blocking = [path for path in special if path.rpartition("/")[2] == _IGNORE_FILE]
    arguments = ["ls-files", "-z", "-t", "-c"]
    if blocking:
        skipped.append(
            Skipped(shown(blocking[0]), "not a file: ignored files cannot be told from untracked ones")
        )
    else:
        arguments += ["-o", "--exclude-standard"]
    found = locate(root)
    wrong = damage(found.own / "index") if found is not None else ""
    if wrong:
        reason = f"{wrong}; all files are taken as tracked (`git reset` makes a new one)"
        skipped.append(Skipped("git", f"which files it tracks: {reason}"))
        return States({}, State.TRACKED)
    try:
        listing = Git(root).run(*arguments)
    except GitError as error:
        skipped.append(Skipped("git", f"which files it tracks: {error.message}"))
        return States({}, State.TRACKED)
    known = {
        decode(row[2:]): State.UNTRACKED if row.startswith(b"?") else State.TRACKED
        for row in listing.split(b"\0")
        if row
    }
    if State.TRACKED not in known.values():
        skipped.append(Skipped("git", "tracks no file here yet: all files are taken as tracked"))
        return States({}, State.TRACKED)
    return States(known, State.UNTRACKED if blocking else State.IGNORED)


def states_by_ignore_files(tree: Tree, skipped: list[Skipped]) -> States:
    """States by the `.gitignore` files of a directory that no git keeps: what they do not name counts as tracked."""
    files = [entry.path for entry in tree.entries() if entry.path.rpartition("/")[2] == _IGNORE_FILE]
    if not files:
        return States({}, State.TRACKED)
    from dockwright.trees.gitignore import IgnoreRules

    specs: dict[str, IgnoreRules] = {}
    for path in files:
        try:
            lines = tree.read(path).decode("utf-8", "replace").splitlines()
            specs[parent(path)] = IgnoreRules(lines)
        except (KeyError, OSError) as error:
            skipped.append(Skipped(shown(path), f"ignore rules cannot be read: {error}"))
    return States({entry.path: _state_by(specs, entry.path) for entry in tree.entries()}, State.TRACKED)


def _state_by(specs: "Mapping[str, IgnoreRules]", path: str) -> State:
    """The rules of the deepest `.gitignore` that has one for the path (or a folder above it) decide."""
    folder = parent(path)
    while True:
        spec = specs.get(folder)
        if spec is not None:
            verdict = spec.verdict(path[len(folder) + 1 :] if folder else path)
            if verdict is not None:
                return State.IGNORED if verdict else State.TRACKED
        if not folder:
            return State.TRACKED
        folder = parent(folder)
