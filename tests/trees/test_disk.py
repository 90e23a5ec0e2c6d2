"""Working directories: listing, states, and everything that is not a plain file."""

import os
import socket
from pathlib import Path

import pytest

from dockwright.errors import TreeError
from dockwright.trees import disk
from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.links import Outcome
from dockwright.trees.memory import MemoryTree
from dockwright.trees.tree import State, Unreadable
from tests.trees.repositories import git, repository, write

FILES: dict[str, str | bytes] = {
    "a.txt": "a",
    "dir/b.txt": "bb",
    ".hidden/Dockerfile": "FROM scratch\n",
    "bin": b"\0\xff",
}


def reasons(tree: DiskTree) -> dict[str, str]:
    tree.entries()
    return {skipped.what: skipped.reason for skipped in tree.skipped}


def test_disk_and_memory_agree(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    tree, memory = DiskTree(tmp_path), MemoryTree(FILES)
    assert tree.entries() == memory.entries()
    assert [tree.content_id(entry.path) for entry in tree.entries()] == [
        memory.content_id(entry.path) for entry in memory.entries()
    ]
    assert tree.directories() == memory.directories()


def test_states_with_git(tmp_path: Path) -> None:
    repository(tmp_path, {**FILES, ".gitignore": "*.log\nbuild/\n"})
    write(tmp_path, {"new.txt": "", "x.log": "", "build/out": ""})
    tree = DiskTree(tmp_path)
    assert tree.state("a.txt") is State.TRACKED
    assert tree.state("new.txt") is State.UNTRACKED
    assert tree.state("x.log") is State.IGNORED
    assert tree.state("build") is State.IGNORED
    assert tree.state("dir") is State.TRACKED
    assert not any(entry.path.startswith(".git/") for entry in tree.entries())
    assert tree.git_size[0] > 5


def test_a_folder_of_a_repository_and_a_worktree(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**FILES, ".gitignore": "*.log\n"})
    write(top, {"dir/x.log": ""})
    inner = DiskTree(top / "dir")
    assert inner.state("b.txt") is State.TRACKED
    assert inner.state("x.log") is State.IGNORED
    git(top, "worktree", "add", "-q", str(tmp_path / "w"))
    other = DiskTree(tmp_path / "w")
    assert other.state("a.txt") is State.TRACKED
    assert all(entry.path != ".git" for entry in other.entries())


def test_without_git_ignore_files_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **FILES,
            ".gitignore": "*.log\n",
            "dir/.gitignore": "!keep.log\n",
            "dir/keep.log": "",
            "dir/x.log": "",
        },
    )
    tree = DiskTree(tmp_path)
    assert tree.state("dir/x.log") is State.IGNORED
    assert tree.state("dir/keep.log") is State.TRACKED
    assert tree.state("a.txt") is State.TRACKED


def test_a_repository_that_tracks_nothing_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, FILES)
    tree = DiskTree(tmp_path)
    assert tree.state("a.txt") is State.TRACKED
    assert "all files are taken as tracked" in reasons(tree)["git"]


def test_links_stay_inside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret": "s"})
    root = tmp_path / "r"
    write(root, {"dir/f": "f"})
    (root / "good").symlink_to("dir/f")
    (root / "folder").symlink_to("dir")
    (root / "out").symlink_to("../outside/secret")
    (root / "absolute").symlink_to(outside / "secret")
    (root / "folder-out").symlink_to(outside)
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("nowhere")
    tree = DiskTree(root)
    assert tree.read("good") == b"f"
    assert tree.read("folder/f") == b"f"
    for path, outcome in {
        "out": Outcome.OUTSIDE,
        "absolute": Outcome.OUTSIDE,
        "folder-out/secret": Outcome.OUTSIDE,
        "loop": Outcome.LOOP,
        "dangling": Outcome.MISSING,
    }.items():
        assert tree.follow(path).outcome is outcome, path
        with pytest.raises(KeyError):
            tree.read(path)


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "r"
    write(root, {"f": "f"})
    write(tmp_path, {"secret": "s"})
    tree = DiskTree(root)
    tree.entries()
    (root / "f").unlink()
    (root / "f").symlink_to(tmp_path / "secret")
    with pytest.raises(Unreadable):
        tree.read("f")


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    os.mkfifo(tmp_path / "Dockerfile")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "docker.sock"))
        tree = DiskTree(tmp_path)
        assert reasons(tree) == {"Dockerfile": "a pipe, not a file", "docker.sock": "a socket, not a file"}
    os.mkfifo(tmp_path / "late")
    assert not tree.exists("late")


def test_a_pipe_in_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    tree = DiskTree(tmp_path)
    tree.entries()
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(Unreadable, match="not a regular file"):
        tree.read("a.txt")


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.Dockerfile")
    (tmp_path / name).write_bytes(b"FROM scratch\n")
    tree = DiskTree(tmp_path)
    assert [entry.path for entry in tree.entries()] == [name]
    assert tree.read(name) == b"FROM scratch\n"


def test_vanished_large_and_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**FILES, "big": "x" * 100})
    tree = DiskTree(tmp_path)
    tree.entries()
    (tmp_path / "a.txt").unlink()
    with pytest.raises(Unreadable, match="No such file"):
        tree.read("a.txt")
    monkeypatch.setattr(disk, "MAX_READ", 50)
    with pytest.raises(Unreadable, match="100 bytes, more than the 50"):
        tree.read("big")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything, so nothing is unreadable to it")
def test_without_permission(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "dir").chmod(0)
    try:
        assert reasons(DiskTree(tmp_path)) == {"dir": "folder cannot be listed: Permission denied"}
    finally:
        (tmp_path / "dir").chmod(0o755)


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as without permission, for root too."""
    write(tmp_path, FILES)
    real = os.scandir

    def refusing(path: str | Path) -> object:
        if str(path).endswith("dir"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(disk.os, "scandir", refusing)
    assert reasons(DiskTree(tmp_path)) == {"dir": "folder cannot be listed: Permission denied"}


def test_too_many_files_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"{number}/f": "" for number in range(20)})
    monkeypatch.setattr(disk, "MAX_ENTRIES", 10)
    tree = DiskTree(tmp_path)
    assert len(tree.entries()) == 10
    assert "more than 10 files" in next(iter(reasons(tree).values()))


def test_not_a_directory(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="is not a directory"):
        DiskTree(tmp_path / "nothing")


def test_git_of_the_checkout_counts_as_far_as_it_is_sent(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    whole = BuildContext(DiskTree(top))
    assert whole.sends_git
    assert whole.git_sent == DiskTree(top).git_size
    write(top, {".dockerignore": ".git/*\n!.git/HEAD\n"})
    part = BuildContext(DiskTree(top))
    assert part.git_sent == (1, len((top / ".git" / "HEAD").read_bytes()))
    write(top, {".dockerignore": ".git\n"})
    assert BuildContext(DiskTree(top)).git_sent == (0, 0)
    assert not BuildContext(DiskTree(top)).sends_git


def test_a_folder_that_became_a_link_is_not_entered(tmp_path: Path) -> None:
    write(tmp_path, {"r/dir/f": "f", "outside/f": "secret"})
    tree = DiskTree(tmp_path / "r")
    tree.entries()
    (tmp_path / "r" / "dir" / "f").unlink()
    (tmp_path / "r" / "dir").rmdir()
    (tmp_path / "r" / "dir").symlink_to(tmp_path / "outside")
    with pytest.raises(Unreadable):
        tree.read("dir/f")


def test_nesting_deeper_than_paths_can_be(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    tree = DiskTree(tmp_path)
    assert "File name too long" in next(iter(reasons(tree).values()))
    assert len(tree.directories()) > 10


def test_one_folder_with_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"f{number}": "" for number in range(20)})
    monkeypatch.setattr(disk, "MAX_ENTRIES", 10)
    tree = DiskTree(tmp_path)
    assert len(tree.entries()) == 10
    assert "more than 10 files" in reasons(tree)["."]


def test_a_submodule_is_tracked_and_a_nested_repository_is_not(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"x": "x"})
    top = repository(tmp_path / "top", FILES)
    git(top, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    repository(top / "nested", {"y": "y"})
    tree = DiskTree(top)
    assert tree.state("sub/x") is State.TRACKED
    assert tree.state("nested/y") is State.UNTRACKED
