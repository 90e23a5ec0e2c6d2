"""Contents by adding up changes, against digests of whole trees: equal in one exactly when equal in the other."""

import random
from pathlib import Path

import pytest

from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Selection
from dockwright.replay.contents import Contents, Sums
from dockwright.replay.scopes import ScopeKey
from dockwright.trees.context import BuildContext
from dockwright.trees.descent import Descent
from dockwright.trees.git import GitTree
from dockwright.trees.git_command import Git
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.memory import OverlayTree
from dockwright.trees.revisions import Range, Walk
from dockwright.trees.tree import Tree
from tests.trees.fast_import import LINK, RUN, Content, Made, history, text

PATHS = [
    "a",
    "d/a",
    "d/b",
    "d/e/f",
    "d/e/skip.log",
    "e/a",
    "e/x.txt",
    "e/y.txt",
    "w/1/f.txt",
    "w/2/f.txt",
    "l",
    "p/l",
]
TARGETS = ["d", "d/a", "e/x.txt", "nowhere", "../d", "/e", "w", "a"]
SELECTIONS = [
    Selection("context", "/", follow=True),
    Selection("context", "/a", follow=True),
    Selection("context", "/d", follow=True),
    Selection("context", "/d/e", follow=True),
    Selection("context", "/l", follow=True),
    Selection("context", "/l", follow=False),
    Selection("context", "/l/a", follow=True),
    Selection("context", "/p/l", follow=True),
    Selection("context", "/e/*.txt", wildcard=True, follow=True),
    Selection("context", "/w/*/f.txt", wildcard=True, follow=True),
    Selection("context", "/l*", wildcard=True, follow=True),
    Selection("context", "/e", follow=True, exclude=("y.txt",)),
]
IGNORES = [None, "*.log\n**/*.log\n", "e\n!e/x.txt\nd/e/**\n", "l\nw/1\n"]


def edits(seed: int, count: int) -> list[Made]:
    """A random history with branches: files, modes, links, submodules, going back and forth between few contents."""
    rng = random.Random(seed)
    made = [Made({path: text("0") for path in PATHS[:10]})]
    for number in range(1, count):
        files: dict[str, Content | None] = {}
        for _ in range(rng.randint(1, 3)):
            path = rng.choice(PATHS)
            files[path] = rng.choice(
                [
                    None,
                    text(rng.choice("012")),
                    text(rng.choice("01"), RUN),
                    (LINK, rng.choice(TARGETS).encode()),
                ]
            )
        made.append(Made(files, (rng.randint(max(0, number - 3), number - 1),)))
    return made


def _sums(repository: Path, ignore: str | None, revisions: tuple[str, ...]) -> dict[str, Sums]:
    git = Git(repository)
    contents = Contents(GitTrees(git))
    key = ScopeKey("", ignore.encode() if ignore is not None else None)
    numbers = [contents.number(key, selection) for selection in SELECTIONS]
    found: dict[str, Sums] = {}
    walk = Walk(git, Range(revisions))
    for _, commit, _, state in Descent(
        walk, contents.empty, lambda before, changes, tree: contents.after(before, changes, tree)[0]
    ):
        found[commit.id.decode()] = [state[number] for number in numbers]
    assert not walk.skipped
    return found


def _digests(repository: Path, commit: str, ignore: str | None) -> list[str | None]:
    tree: Tree = GitTree(repository, commit)
    if ignore is not None:
        tree = OverlayTree(tree, {"Dockerfile.dockerignore": ignore})
    digests = TreeDigests.of(BuildContext(tree, "", "Dockerfile"))
    return [digests.digest(selection) for selection in SELECTIONS]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_sums_tell_what_digests_tell(tmp_path: Path, seed: int) -> None:
    repository = history(tmp_path / "r", edits(seed, 40))
    ignore = IGNORES[seed % len(IGNORES)]
    sums = _sums(repository, ignore, tuple(f"c{number}" for number in range(40)))
    digests = {commit: _digests(repository, commit, ignore) for commit in sums}
    for number, selection in enumerate(SELECTIONS):
        pairs = {(sums[one][number], digests[one][number]) for one in sums}
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}), selection
        assert all(total != 0 for total, digest in pairs if digest is not None) or selection.wildcard
        assert all(digest is None for total, digest in pairs if total == 0) or selection.wildcard
