"""Build contexts: what is sent, which ignore file is read, what a source selects."""

import gzip
import json
from pathlib import Path

import pytest

from dockwright.trees.context import BuildContext
from dockwright.trees.memory import Link, MemoryTree
from dockwright.trees.selection import Found
from dockwright.trees.tree import State

TREE = {
    "app/main.py": "1",
    "app/lib/util.py": "22",
    "app/tests/test_main.py": "333",
    "docs/guide.md": "4444",
    "empty/": "",
    "link": Link("app"),
    "out": Link("../secret"),
    "loop": Link("loop"),
    "Dockerfile": "FROM scratch\n",
}


def test_without_ignore_file_everything_is_sent_git_too() -> None:
    context = BuildContext(MemoryTree(TREE))
    assert context.count == 8
    assert context.sends_git
    assert context.bytes == sum(entry.size for entry in context.tree.entries())


def test_the_ignore_file_beside_the_dockerfile_replaces_the_other() -> None:
    tree = MemoryTree(
        {**TREE, ".dockerignore": "app\n", "docker/x.Dockerfile": "", "docker/x.Dockerfile.dockerignore": ""}
    )
    own = BuildContext(tree, "", "docker/x.Dockerfile")
    assert own.ignore_file is not None
    assert own.ignore_file.path == "docker/x.Dockerfile.dockerignore"
    assert own.passed_over == (".dockerignore",)
    assert "app/main.py" in own.sent_paths
    assert "app/main.py" not in BuildContext(tree, "", "Dockerfile").sent_paths


@pytest.mark.parametrize(
    ("source", "found", "paths"),
    [
        ("app/main.py", Found.FILES, ("app/main.py",)),
        ("app", Found.FILES, ("app/lib/util.py", "app/main.py")),
        ("./app/", Found.FILES, ("app/lib/util.py", "app/main.py")),
        ("../../app/main.py", Found.FILES, ("app/main.py",)),
        ("/app/main.py", Found.FILES, ("app/main.py",)),
        ("app/*.py", Found.FILES, ("app/main.py",)),
        ("app/*/*.py", Found.FILES, ("app/lib/util.py",)),
        ("nothing*", Found.NOTHING, ()),
        ("ou*", Found.MISSING, ()),
        ("lo*", Found.LOOP, ()),
        ("nothing", Found.MISSING, ()),
        ("App/main.py", Found.MISSING, ()),
        ("docs", Found.HIDDEN, ()),
        ("docs/guide.md", Found.HIDDEN, ()),
        ("link/main.py", Found.FILES, ("app/main.py",)),
        ("link", Found.FILES, ("app/lib/util.py", "app/main.py")),
        ("out", Found.MISSING, ()),
        ("loop", Found.LOOP, ()),
        ("empty", Found.FILES, ()),
    ],
)
def test_what_a_source_selects(source: str, found: Found, paths: tuple[str, ...]) -> None:
    context = BuildContext(MemoryTree({**TREE, ".dockerignore": "docs\n**/tests\n"}))
    selection = context.select(source)
    assert (selection.found, selection.paths) == (found, paths)


def test_hidden_names_the_pattern_and_case_is_noticed() -> None:
    context = BuildContext(MemoryTree({**TREE, ".dockerignore": "# keep it small\ndocs/\n"}))
    hidden = context.select("docs/guide.md").hidden_by
    assert hidden is not None
    assert (hidden.line, hidden.text) == (2, "docs")
    assert context.select("App/main.py").near == ("app/main.py",)
    assert context.select("APP").near == ("app",)
    assert context.select("app").left_out == 0


def test_untracked_sources() -> None:
    tree = MemoryTree(TREE, states={"docs/guide.md": State.IGNORED, "app/main.py": State.UNTRACKED})
    context = BuildContext(tree)
    assert context.select("docs").untracked
    assert context.select("empty").untracked
    assert not context.select("app").untracked
    assert not context.select(".").untracked


def test_a_context_below_the_root() -> None:
    tree = MemoryTree({**TREE, "app/.dockerignore": "lib\n"})
    context = BuildContext(tree, "app", "app/Dockerfile")
    assert context.select("main.py").paths == ("app/main.py",)
    assert context.select("../docs/guide.md").found is Found.MISSING
    assert context.select("lib").found is Found.HIDDEN
    assert not context.sends_git


def test_largest_unused_names_whole_folders() -> None:
    context = BuildContext(MemoryTree(TREE))
    used = context.used(["app/main.py"])
    assert context.largest_unused(used, 2) == [("Dockerfile", 1, 13), ("out", 1, 9)]


@pytest.mark.parametrize(
    ("source", "found", "paths"),
    [
        ("link/*.py", Found.FILES, ("app/main.py",)),
        ("lin*", Found.FILES, ("app/lib/util.py", "app/main.py", "app/tests/test_main.py")),
        ("dist/*.whl", Found.MISSING, ()),
        ("docs/*.txt", Found.NOTHING, ()),
        ("docs/guide.m[d]", Found.FILES, ("docs/guide.md",)),
        ("ap[^x]/main.py", Found.FILES, ("app/main.py",)),
        ("app[^x]main.py", Found.FILES, ("app/main.py",)),
        ("app/main.py/*", Found.MISSING, ()),
        ("loop/*", Found.LOOP, ()),
        ("secrets/*", Found.HIDDEN, ()),
        ("[", Found.NOTHING, ()),
        ("a/../../app/lib", Found.FILES, ("app/lib/util.py",)),
    ],
)
def test_wildcards_links_and_folders_that_are_not_there(
    source: str, found: Found, paths: tuple[str, ...]
) -> None:
    tree = MemoryTree({**TREE, "secrets/key": "", ".dockerignore": "secrets\n"})
    selection = BuildContext(tree).select(source)
    assert (selection.found, selection.paths) == (found, paths)
    assert (selection.hidden_by is not None) is (found is Found.HIDDEN)


def test_which_files_a_clone_lacks() -> None:
    tree = MemoryTree(TREE, states={"app/lib/util.py": State.IGNORED, "docs/guide.md": State.UNTRACKED})
    context = BuildContext(tree)
    assert context.select("app").not_in_clone == ("app/lib/util.py",)
    assert not context.select("app").untracked
    assert context.select("*/*.md").not_in_clone == ("docs/guide.md",)
    assert context.select("*/*.md").untracked


def test_an_ignore_file_that_is_a_link_is_read_inside_its_folder_only() -> None:
    files = {"app/a": "", "app/b": "", "app/.shared": "b\n", "shared": "a\n"}
    inside = BuildContext(MemoryTree({**files, "app/.dockerignore": Link(".shared")}), "app")
    assert inside.sent_paths == {"app/a", "app/.shared", "app/.dockerignore"}
    outside = BuildContext(MemoryTree({**files, "app/.dockerignore": Link("../shared")}), "app")
    assert outside.ignore_file is None
    assert "app/a" in outside.sent_paths
    assert [skipped.what for skipped in outside.skipped] == ["app/.dockerignore"]


def test_a_link_out_of_the_context_is_clamped_to_it() -> None:
    tree = MemoryTree(
        {"x/secret": "", "app/secret": "", "app/l": Link("../secret"), "app/m": Link("/secret")}
    )
    context = BuildContext(tree, "app")
    assert context.select("l").paths == ("app/secret",)
    assert context.select("m").paths == ("app/secret",)


def test_a_source_behind_a_hidden_link_is_hidden() -> None:
    context = BuildContext(MemoryTree({**TREE, ".dockerignore": "link\n"}))
    assert context.select("link/main.py").found is Found.HIDDEN
    assert context.select("app/main.py").found is Found.FILES


def test_builds_that_share_root_and_patterns_share_the_walk() -> None:
    tree = MemoryTree(
        {**TREE, ".dockerignore": "docs\n", "a.dockerignore": "docs\n", "b.dockerignore": "app\n"}
    )
    first, same, other = (BuildContext(tree, "", name) for name in (None, "a", "b"))
    assert first.sent is same.sent
    assert same.ignore_file is not None
    assert same.ignore_file.path == "a.dockerignore"
    assert other.sent_paths != first.sent_paths


def test_folders_are_sent_when_something_in_them_is() -> None:
    context = BuildContext(MemoryTree({**TREE, ".dockerignore": "app\n!app/lib\ndocs/*\n"}))
    assert context.is_sent("app")
    assert context.is_sent("app/lib/util.py")
    assert not context.is_sent("app/main.py")
    assert context.is_sent("docs")  # empty, but not left out itself
    assert context.select("docs").found is Found.FILES
    assert context.select("docs").paths == ()
    assert not context.is_sent("nothing")


def test_too_many_patterns_are_told() -> None:
    context = BuildContext(MemoryTree({"a": "", ".dockerignore": "x\n" * 10_001}))
    assert context.count == 2
    assert "patterns" in context.skipped[0].reason


def recorded(corpus: Path, name: str) -> MemoryTree:
    """A recorded tree; the sizes are real, the bytes only of Docker-related files."""
    files, sizes = {}, {}
    with gzip.open(corpus / "trees" / name, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            files[row["path"]] = row.get("text") or ""
            sizes[row["path"]] = row["size"] or 0
    return MemoryTree(files, sizes=sizes)


def test_recorded_trees_send_what_the_real_engine_was_sent(corpus: Path) -> None:
    netra = BuildContext(recorded(corpus, "netra-345fee14f.jsonl.gz"))
    assert (len(netra.entries), netra.count) == (8789, 4177)
    other = BuildContext(recorded(corpus, "aaronspindler-fc19e04.jsonl.gz"))
    assert other.ignore_file is None
    assert other.count == len(other.entries)


def test_a_folder_left_out_comes_back_for_an_empty_folder_that_is_kept() -> None:
    context = BuildContext(MemoryTree({"a/b/": "", ".dockerignore": "a\n!a/*\n"}))
    assert context.is_sent("a/b")
    assert context.is_sent("a")
