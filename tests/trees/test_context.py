"""Build contexts: what is sent, which ignore file is read, what a source selects."""

import gzip
import json
from pathlib import Path

import pytest

from dockwright.trees.context import BuildContext, Found
from dockwright.trees.memory import Link, MemoryTree
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
