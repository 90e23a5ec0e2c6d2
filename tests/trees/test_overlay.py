"""Changes laid over a tree: what is seen is what would be on disk after them."""

from dockwright.trees.memory import Link, MemoryTree, OverlayTree, Program
from dockwright.trees.tree import State

BASE = MemoryTree(
    {"a": "1", "dir/b": "2", "dir/c": "3", "empty/": "", "l": Link("a")}, states={"a": State.IGNORED}
)


def test_changed_added_and_removed() -> None:
    tree = OverlayTree(BASE, {"a": "new", "dir/d": Program("4")}, ["dir/b"])
    assert [entry.path for entry in tree.entries()] == ["a", "dir/c", "dir/d", "l"]
    assert (tree.read("a"), tree.read("dir/c"), tree.read("l")) == (b"new", b"3", b"new")
    assert tree.get("dir/d") is not None
    assert tree.get("dir/d").is_executable
    assert tree.state("a") is State.TRACKED
    assert tree.is_dir("empty")
    assert tree.content_id("dir/c") == BASE.content_id("dir/c")


def test_whole_folders_go() -> None:
    tree = OverlayTree(BASE, {}, ["dir", "empty"])
    assert [entry.path for entry in tree.entries()] == ["a", "l"]
    assert tree.directories() == {""}


def test_a_file_takes_the_place_of_a_folder() -> None:
    tree = OverlayTree(BASE, {"dir": "now a file"})
    assert tree.is_file("dir")
    assert not tree.is_dir("dir")
    assert not tree.exists("dir/b")


def test_overlays_stand_on_each_other() -> None:
    tree = OverlayTree(OverlayTree(BASE, {"a": "x"}), {"b": "y"}, ["l"])
    assert {entry.path: tree.read(entry.path) for entry in tree.entries()} == {
        "a": b"x",
        "b": b"y",
        "dir/b": b"2",
        "dir/c": b"3",
    }
