"""Commits as trees, and histories: agreement with the disk, missing objects, order of changes."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockwright.errors import TreeError
from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.git import GitTree
from dockwright.trees.git_command import Git, GitError
from dockwright.trees.history import MAX_PATHS_ON_LINE, GitHistory, History, MemoryHistory
from dockwright.trees.memory import MemoryTree
from dockwright.trees.tree import State, Tree, Unreadable
from tests.trees.fast_import import MODULE, Made, text
from tests.trees.fast_import import history as made_history
from tests.trees.repositories import ENVIRONMENT, commit, git, repository, write

FILES: dict[str, str | bytes] = {
    "a.txt": "a",
    "dir/b.txt": "bb",
    "dir/c d.txt": "c",
    ".dockerignore": "dir\n!dir/b.txt\n",
    os.fsdecode(b"caf\xe9"): b"\0",
}


def without(folder: Path, revision_path: str) -> None:
    """Take a blob's object away, as a partial clone lacks it."""
    name = git(folder, "rev-parse", revision_path)
    (folder / ".git" / "objects" / name[:2] / name[2:]).unlink()


def test_commit_and_disk_agree(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    (top / "run.sh").write_text("#!/bin/sh\n")
    (top / "run.sh").chmod(0o755)
    (top / "link").symlink_to("dir")
    commit(top, "more")
    disk, committed = DiskTree(top), GitTree(top)
    assert disk.entries() == committed.entries()
    for entry in disk.entries():
        if not entry.is_link:
            assert disk.content_id(entry.path) == committed.content_id(entry.path)
            assert disk.read(entry.path) == committed.read(entry.path)
    assert committed.read("link/b.txt") == b"bb"
    assert committed.content_id("link/b.txt") == committed.content_id("dir/b.txt")
    assert BuildContext(disk).sent_paths == BuildContext(committed).sent_paths
    assert GitTree(top, "HEAD", "dir").read("b.txt") == b"bb"


def test_revisions_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="not in a git repository"):
        GitTree(tmp_path)
    top = repository(tmp_path / "r", FILES)
    with pytest.raises(TreeError, match="no revision `nothing`"):
        GitTree(top, "nothing")
    with pytest.raises(TreeError, match="no revision `--all`"):
        GitTree(top, "--all")


def test_missing_blobs_are_said_and_the_rest_is_read(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    without(top, "HEAD:a.txt")
    tree = GitTree(top)
    assert tree.is_file("a.txt")
    assert [skipped.what for skipped in tree.skipped] == ["a.txt"]
    with pytest.raises(Unreadable, match="partial"):
        tree.read("a.txt")
    assert tree.read("dir/b.txt") == b"bb"


def test_history(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    write(top, {"a.txt": "a2"})
    second = commit(top, "second", "2026-02-01T00:00:00+00:00")
    git(top, "mv", "dir/b.txt", "dir/e.txt")
    third = commit(top, "third", "2026-03-01T00:00:00+00:00")
    history = GitHistory(top)
    commits = list(history.commits())
    assert [one.subject for one in commits] == ["third", "second", "first"]
    assert [(change.path, bool(change.old), bool(change.new)) for change in commits[0].changes] == [
        ("dir/b.txt", True, False),
        ("dir/e.txt", False, True),
    ]
    last = history.last_changes(["a.txt", "dir/e.txt", "nothing"])
    assert {path: change.commit for path, change in last.items()} == {"a.txt": second, "dir/e.txt": third}
    assert last["a.txt"].date.startswith("2026-02-01")
    assert history.blob(commits[1].changes[0].old) == b"a"
    assert history.blob("0" * 40) is None
    assert history.head is not None
    assert history.head.commit == third
    assert [one.subject for one in history.commits(["dir"])] == ["third", "first"]
    assert [one.subject for one in history.commits(since="2026-02-15")] == ["third"]
    assert history.skipped == []


def test_memory_history_answers_as_git_does(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    write(top, {"a.txt": "a2"})
    commit(top, "second", "2026-02-01T00:00:00+00:00")
    real = GitHistory(top)
    commits = list(real.commits())
    fake: History = MemoryHistory(commits, {})
    assert fake.last_changes(["a.txt", "dir/b.txt"]) == real.last_changes(["a.txt", "dir/b.txt"])
    assert list(fake.commits(["dir"])) == list(real.commits(["dir"]))


def test_a_broken_history_is_said(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    write(top, {"a.txt": "a2"})
    commit(top, "second")
    first = git(top, "rev-parse", "HEAD~1")
    (top / ".git" / "objects" / first[:2] / first[2:]).unlink()
    history = GitHistory(top)
    assert len(list(history.commits())) <= 1
    assert "not read to its end" in history.skipped[0].reason


def test_paths_of_a_folder_are_relative_to_it(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    assert "b.txt" in GitHistory(top / "dir").last_changes(["b.txt"])


def test_no_repository_has_no_history(tmp_path: Path) -> None:
    history = GitHistory(tmp_path)
    assert history.head is None
    assert list(history.commits()) == []
    assert history.skipped


NAMES = st.sampled_from(["a", "b.txt", "c d", "é", "-n", ":x", "*", "\udcff"])
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=8), min_size=1, max_size=6
).filter(lambda files: not any(f"{one}/" in f"{two}" for one in files for two in files if one != two))


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, st.lists(st.sampled_from(["a", "*", "!a", "**/b.txt", "a/*", "!**/é"]), max_size=4))
def test_disk_commit_and_memory_agree(tmp_path: Path, files: dict[str, bytes], lines: list[str]) -> None:
    top = Path(tempfile.mkdtemp(dir=tmp_path))
    files = {**files, ".dockerignore": "\n".join(lines).encode()}
    repository(top, files)  # type: ignore[arg-type]
    trees: list[Tree] = [MemoryTree(files), DiskTree(top), GitTree(top)]
    memory, *others = trees
    for tree in others:
        assert tree.entries() == memory.entries()
        assert tree.directories() == memory.directories()
        assert tree.skipped == []
        for entry in tree.entries():
            assert tree.read(entry.path) == files[entry.path]
            assert tree.content_id(entry.path) == memory.content_id(entry.path)
            assert tree.state(entry.path) is State.TRACKED
        assert BuildContext(tree).sent_paths == BuildContext(memory).sent_paths
        assert BuildContext(tree).bytes == BuildContext(memory).bytes


def test_old_permission_bits(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    blob = git(top, "rev-parse", "HEAD:a.txt")
    (tmp_path / "listing").write_text(f"100664 blob {blob}\tg\n100775 blob {blob}\tx\n")
    with (tmp_path / "listing").open("rb") as listing:
        tree = subprocess.run(
            ["git", "-C", str(top), "mktree"], stdin=listing, capture_output=True, check=True, env=ENVIRONMENT
        ).stdout.decode().strip()  # fmt: skip
    name = git(top, "commit-tree", "-m", "old", tree)
    assert [(entry.path, oct(entry.mode)) for entry in GitTree(top, name).entries()] == [
        ("g", "0o100644"),
        ("x", "0o100755"),
    ]


def test_a_shallow_clone_says_what_it_has(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", FILES)
    write(top, {"a.txt": "a2"})
    second = commit(top, "second")
    git(tmp_path, "clone", "-q", "--depth=1", top.as_uri(), "shallow")
    history = GitHistory(tmp_path / "shallow")
    assert [one.id for one in history.commits()] == [second]
    assert next(iter(history.commits())).cut
    assert (
        history.last_changes(["dir/b.txt"]) == {}
    )  # it only seems to have come with the first commit there is
    assert ["shallow" in skipped.reason for skipped in history.skipped] == [True]


def test_merges_are_left_out_or_seen_from_the_first_parent(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    git(top, "checkout", "-q", "-b", "side")
    write(top, {"side.txt": "s"})
    commit(top, "side", "2026-02-01T00:00:00+00:00")
    git(top, "checkout", "-q", "main")
    write(top, {"main.txt": "m"})
    commit(top, "main", "2026-02-02T00:00:00+00:00")
    git(top, "merge", "-q", "--no-ff", "-m", "merge", "side", date="2026-02-03T00:00:00+00:00")
    history = GitHistory(top)
    assert [one.subject for one in history.commits()] == ["main", "side", "first"]
    first = list(history.commits(first_parent=True))
    assert [one.subject for one in first] == ["merge", "main", "first"]
    assert [change.path for change in first[0].changes] == ["side.txt"]
    assert [one.subject for one in GitHistory(top, "side..main").commits()] == ["main"]


def test_many_paths_are_filtered_here(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    many = ["a.txt", *(f"no/{number}" for number in range(MAX_PATHS_ON_LINE + 1))]
    assert set(GitHistory(top).last_changes(many)) == {"a.txt"}


def test_a_git_that_complains_a_lot_does_not_block(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    stream = Git(top).stream("cat-file", "-e", "--", *(f"{number:040x}" for number in range(3000)))
    with pytest.raises(GitError):
        list(stream)


def test_a_submodule_is_an_empty_folder(tmp_path: Path) -> None:
    commits = [Made({"app/sub": (MODULE, b"1" * 40), "app/f": text("1")})]
    tree = GitTree(made_history(tmp_path / "r", commits))
    assert tree.is_dir("app/sub")
    assert tree.children("app") == ["app/f", "app/sub"]
    assert tree.children("app/sub") == []
    assert [one.what for one in tree.skipped] == ["app/sub"]
