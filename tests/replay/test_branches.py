"""A cache per branch, against a cache model that is given just the builds of a commit's first-parent ancestors."""

from pathlib import Path

import pytest

from dockwright.dockerfile.keys.state import CacheState
from dockwright.replay.branches import Lines
from dockwright.replay.run import Mode, Replay
from dockwright.replay.subjects import Subject
from dockwright.replay.summary import summary
from dockwright.trees.git_command import Git
from dockwright.trees.revisions import Range, Walk
from tests.replay.test_run import _codes, _tree, random_history
from tests.trees.fast_import import Made, history, text
from tests.trees.repositories import git


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_branches_see_what_their_ancestors_built(tmp_path: Path, seed: int) -> None:
    folder = random_history(tmp_path / "r", seed + 50, count=20)
    walk = Walk(Git(folder), Range((*(f"c{n}" for n in range(20)), "main")))
    replay = Replay(
        walk, [Subject(path="Dockerfile", context="")], mode=Mode.PER_COMMIT, end=git(folder, "rev-parse", "main"),
        branches=True,
    )  # fmt: skip
    replay.run()
    steps = summary(replay).dockerfiles[0].steps
    expected = [[0, 0, 0] for _ in steps]
    for number in range(20):
        line = git(folder, "rev-list", "--first-parent", "--reverse", f"c{number}").split()
        cache = CacheState()
        for commit in line[:-1]:
            _codes(cache, _tree(folder, commit, None))
        for place, code in enumerate(_codes(cache, _tree(folder, line[-1], None))):
            expected[place][code] += 1
    found = [one.branch for one in steps]
    assert sorted([one.hits, one.unknown, one.misses] for one in found if one) == sorted(expected)


def test_lines_begin_where_branches_leave(tmp_path: Path) -> None:
    made = [
        Made({"a": text("0")}),
        Made({"b": text("1")}, (0,)),
        Made({"a": text("1")}, (0,)),
        Made({"a": text("2")}, (2, 1)),
    ]
    walk = Walk(Git(history(tmp_path / "r", made)), Range(("main",)))
    lines = Lines(walk)
    assert list(lines.of) == [0, 1, 0, 0]
    assert list(lines.back(1)) == [(1, 1), (0, 0)]
    assert list(lines.back(3)) == [(0, 3)]
