"""Walking a history: order, parents, what each commit changed, states handed down; shallow and partial clones."""

import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from dockwright.errors import TreeError
from dockwright.trees.changes import FOLDER, NOTHING, Change
from dockwright.trees.descent import Descent
from dockwright.trees.git_command import Git
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.revisions import CUT, OUTSIDE, ROOT, Range, Walk
from tests.trees.fast_import import MODULE, Content, Made, history, text
from tests.trees.repositories import ENVIRONMENT, git

Listing = dict[bytes, tuple[bytes, bytes]]


def after(before: Listing, changes: Iterable[Change], tree: bytes) -> Listing:
    del tree
    found = dict(before)
    for path, old, _, mode, name in changes:
        if mode == NOTHING and old == FOLDER:
            continue  # the name may be that of a file from now on
        if mode == NOTHING:
            found.pop(path, None)
        else:
            found[path] = (mode, name)
    return found


def states(walk: Walk) -> dict[str, Listing]:
    """The files of every commit, by its id, as handed down (folders have the id they got when they were made)."""
    return {
        commit.id.decode(): {path: one for path, one in state.items() if one[0] != FOLDER}
        for _, commit, _, state in Descent[Listing](walk, dict, after)
    }


def listed(folder: Path, commit: str) -> Listing:
    rows = git(folder, "ls-tree", "-r", commit).splitlines()
    found = {}
    for row in rows:
        meta, _, path = row.partition("\t")
        mode, _, name = meta.split()
        found[path.encode()] = (mode.encode(), name.encode())
    return found


def branching(count: int, seed: int = 0) -> list[Made]:
    """Branches and merges over a few files that come, change, become folders and go."""
    rng = random.Random(seed)
    made = [Made({"a": text("0"), "d/a": text("0"), "m": (MODULE, b"1" * 40)})]
    for number in range(1, count):
        first = rng.randint(max(0, number - 4), number - 1)
        other = rng.randint(0, number - 1)
        content: Content | None = rng.choice([None, text("1"), text("2", "100755"), ("120000", b"a")])
        parents = (first, other) if number % 5 == 0 and other != first else (first,)
        made.append(Made({rng.choice(["a", "d/a", "d/b", "e", "e/f"]): content}, parents))
    return made


def test_states_are_those_of_the_commits(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(60))
    walk = Walk(Git(folder), Range(tuple(f"c{n}" for n in range(60))))
    found = states(walk)
    assert len(found) == len(walk) == 60
    assert sum(walk.merges) == sum(len(made.parents or ()) > 1 for made in branching(60))
    for commit, files in found.items():
        assert files == listed(folder, commit)


def test_ranges_begin_with_what_was_there_before(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(60))
    everything = states(Walk(Git(folder), Range(tuple(f"c{n}" for n in range(60)))))
    walk = Walk(Git(folder), Range(tuple(f"c{n}" for n in range(60)), since="1700001800 +0000"))
    assert 20 < len(walk) < 40
    assert OUTSIDE in walk.parents
    found = states(walk)
    assert len(found) == len(walk)
    assert all(everything[commit] == files for commit, files in found.items())
    ranged = Walk(Git(folder), Range(("c10..c59",)))
    assert all(everything[commit] == files for commit, files in states(ranged).items())


def test_first_parent_keeps_to_one_line(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(60))
    walk = Walk(Git(folder), Range(("c59",), first_parent=True))
    assert list(walk.parents) == [ROOT, *range(len(walk) - 1)]
    assert walk.last == git(folder, "rev-parse", "c59")


def test_only_states_that_are_needed_are_kept(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", [Made({"a": text(str(n))}) for n in range(300)])
    descent = Descent[Listing](Walk(Git(folder), Range(("main",))), dict, after)
    most = max(len(descent._states) for _ in descent)
    assert most == 1


def test_revisions_that_do_not_exist(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(3))
    for wrong in ("nothing", "--all", "--output=x", "-n1"):
        with pytest.raises(TreeError, match="cannot be listed"):
            Walk(Git(folder), Range((wrong,)))
    assert not (tmp_path / "x").exists()


def test_shallow_clones_say_what_is_cut(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", [Made({"a": text(str(n)), f"f{n}": text("")}) for n in range(10)])
    clone = tmp_path / "s"
    subprocess.run(
        ["git", "clone", "-q", "--bare", "--depth", "4", f"file://{folder}", str(clone)],
        env=ENVIRONMENT,
        check=True,
    )
    walk = Walk(Git(clone), Range(("main",)))
    assert list(walk.parents) == [CUT, 0, 1, 2]
    assert "shallow clone" in walk.skipped[0].reason
    passed = list(Descent[Listing](walk, dict, after))
    assert passed[0][2] is None
    assert set(passed[-1][3]) == {b"a", *(f"f{n}".encode() for n in range(10))}


def partial(folder: Path, clone: Path, what: str) -> Path:
    git(folder, "config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", "--bare", f"--filter={what}", f"file://{folder}", str(clone)],
        env=ENVIRONMENT,
        check=True,
    )
    return clone


def test_clones_without_blobs_are_walked_whole(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(30))
    clone = partial(folder, tmp_path / "p", "blob:none")
    walk = Walk(Git(clone), Range(("main",)))
    found = states(walk)
    assert not walk.skipped
    assert all(files == listed(folder, commit) for commit, files in found.items())
    trees = GitTrees(Git(clone))
    entry = trees.get(trees.root(git(folder, "rev-parse", "c0")), "a")
    assert entry is not None
    assert trees.blob(entry[1]) is None
    assert trees.missing == {entry[1].decode()}


def test_clones_without_trees_say_so(tmp_path: Path) -> None:
    folder = history(tmp_path / "r", branching(10))
    walk = Walk(Git(partial(folder, tmp_path / "p", "tree:0")), Range(("main",)))
    assert len(walk) > 3
    assert len(states(walk)) < len(walk)
    assert any("of" in one.reason and "only" in one.reason for one in walk.skipped)


@pytest.mark.parametrize("path", ["", "d", "d/a", "a"])
def test_trees_by_id(tmp_path: Path, path: str) -> None:
    folder = history(tmp_path / "r", [Made({"a": text("0"), "d/a": text("1"), "d/l": ("120000", b"../a")})])
    trees = GitTrees(Git(folder))
    root = trees.root(git(folder, "rev-parse", "main"))
    found = trees.get(root, path)
    assert found is not None
    assert found[1].decode().removesuffix("^{tree}") in {
        git(folder, "rev-parse", f"main:{path}"),
        git(folder, "rev-parse", "main"),
    }
    assert trees.get(root, "d/a/b") is None
    assert trees.follow(root, "d/l").path == "a"
    assert {one for one, _ in trees.walk(root)} == {b"a", b"d", b"d/a", b"d/l"}
