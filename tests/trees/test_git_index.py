"""An index that is not whole: git reads what is left of it, and takes the other files for untracked ones."""

import subprocess
from pathlib import Path

import pytest

from dockwright.trees.disk import DiskTree
from dockwright.trees.git_index import damage
from dockwright.trees.tree import State
from tests.trees.repositories import ENVIRONMENT, git


def repository(folder: Path, *options: str) -> Path:
    subprocess.run(["git", "init", "-q", *options, str(folder)], env=ENVIRONMENT, check=True)
    for number in range(9):
        (folder / f"f{number}").write_text(str(number))
    git(folder, "add", "-A")
    return folder


@pytest.fixture(params=["sha1", "sha256"])
def top(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return repository(tmp_path / "r", f"--object-format={request.param}")


@pytest.mark.parametrize("size", [0, 5, 31, 32, 60, 200, -60, -20, -1])
def test_an_index_that_was_cut_off_is_said_to_be_damaged(top: Path, size: int) -> None:
    index = top / ".git/index"
    index.write_bytes(index.read_bytes()[: size or 0])
    assert damage(index)
    tree = DiskTree(top)
    assert {tree.state(entry.path) for entry in tree.entries()} == {State.TRACKED}
    (skipped,) = tree.skipped
    assert skipped.what == "git"
    assert "its index is damaged" in skipped.reason
    assert "git reset" in skipped.reason


def test_a_byte_that_changed_is_seen(top: Path) -> None:
    index = top / ".git/index"
    data = bytearray(index.read_bytes())
    data[100] ^= 1
    index.write_bytes(data)
    assert "checksum" in damage(index)


def test_a_whole_index_is_believed(top: Path) -> None:
    (top / "new").write_text("")
    assert damage(top / ".git/index") == ""
    tree = DiskTree(top)
    assert {entry.path for entry in tree.entries() if tree.state(entry.path) is State.UNTRACKED} == {"new"}
    assert not tree.skipped


def test_an_index_without_a_checksum_is_believed(tmp_path: Path) -> None:
    top = repository(tmp_path / "r")
    index = top / ".git/index"
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))
    assert damage(index) == ""


def test_other_kinds_of_index(tmp_path: Path) -> None:
    top = repository(tmp_path / "r")
    for version in ("3", "4"):
        git(top, "update-index", "--index-version", version)
        assert damage(top / ".git/index") == ""
    git(top, "update-index", "--split-index")
    assert damage(top / ".git/index") == ""
    assert damage(top / ".git/none") == ""
    assert "no file" in damage(top)
