"""Older names of Dockerfiles: a file that came in the commit in which one much like it went.

git's own rename detection reads every file of every commit, which a partial clone does not have; here only Dockerfiles
are compared.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from dockwright.trees.changes import FOLDER, NOTHING
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.paths import decode
from dockwright.trees.revisions import Walk

LIKE = 0.5
"""Share of equal lines from which a file counts as renamed (git's default for -M)."""
MAX_NAMES = 20
MAX_LINES = 2000
_NAME = re.compile(r"(?:^|[^/]*[._-])(?:docker|container)file(?:[._-][^/]*)?$|dockerfile", re.IGNORECASE)
_Moved = tuple[int, dict[str, bytes], dict[str, bytes]]
"""Number of a commit, Dockerfiles that came and that went in it, with their object ids."""


def older_names(
    walk: Walk, trees: GitTrees, paths: Sequence[str], prefix: str = ""
) -> dict[str, tuple[str, ...]]:
    """For each path the names it had before, newest first."""
    wanted = {f"{prefix}{path}" for path in paths}
    moves = _moves(walk, wanted)
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        names = _names(f"{prefix}{path}", moves, trees)
        found[path] = tuple(name[len(prefix) :] for name in names if name.startswith(prefix))
    return found


def _moves(walk: Walk, wanted: set[str]) -> list[_Moved]:
    """The commits in which Dockerfiles came while others went."""
    found: list[_Moved] = []
    for number, commit in walk.commits():
        came: dict[str, bytes] = {}
        went: dict[str, bytes] = {}
        for raw, old_mode, old, mode, new in commit.changes:
            if FOLDER in (old_mode, mode) or NOTHING not in (old_mode, mode):
                continue
            path = decode(raw)
            if path not in wanted and not _NAME.search(path.rpartition("/")[2]):
                continue
            if old_mode == NOTHING:
                came[path] = new
            else:
                went[path] = old
        if came and went:
            found.append((number, came, went))
    return found


def _names(path: str, moves: list[_Moved], trees: GitTrees) -> list[str]:
    names: list[str] = []
    current = path
    for _, came, went in reversed(moves):
        if current in came:
            older = _most_alike(came[current], went, trees)
            if older is None or older == path or older in names:
                continue
            names.append(older)
            current = older
            if len(names) >= MAX_NAMES:
                break
    return names


def _most_alike(new: bytes, went: dict[str, bytes], trees: GitTrees) -> str | None:
    same = [path for path, old in went.items() if old == new]
    if same:
        return same[0]
    text = _lines(new, trees)
    scores = {path: _likeness(text, _lines(old, trees)) for path, old in went.items()}
    best = max(scores, key=lambda path: (scores[path], path))
    return best if scores[best] >= LIKE else None


def _lines(name: bytes, trees: GitTrees) -> list[bytes]:
    return (trees.blob(name) or b"").splitlines()[:MAX_LINES]


def _likeness(one: list[bytes], other: list[bytes]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
