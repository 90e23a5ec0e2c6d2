"""What of a context enters a key, over any tree."""

import pytest

from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Selection
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import Link, MemoryTree, Program

TREE = {
    "app/a.py": "1",
    "app/b.md": "2",
    "app/sub/c.py": "3",
    "app/link": Link("a.py"),
    "top": Link("app/sub"),
    "out": Link("../../etc/passwd"),
    "etc/passwd": "4",
    "loop": Link("loop"),
    "same/a.py": "1",
    ".dockerignore": "*.log\nhidden\n",
    "x.log": "5",
    "hidden/f": "6",
}


def digest(path: str, files=None, **given):
    context = BuildContext(MemoryTree(TREE if files is None else files), "", "Dockerfile")
    given.setdefault("follow", True)
    return TreeDigests.of(context).digest(Selection("context", path, **given))


def test_equal_content_elsewhere_is_equal():
    assert digest("/app/a.py") == digest("/same/a.py") != digest("/app/b.md")


def test_links_as_a_source_are_followed_and_inside_the_context_only():
    assert digest("/app/link") == digest("/app/a.py")
    assert digest("/top") == digest("/app/sub")
    assert digest("/top/c.py") == digest("/app/sub/c.py")
    assert digest("/out") == digest("/etc/passwd")
    assert digest("/app/link", follow=False) == "link a.py"


@pytest.mark.parametrize(
    "path", ["/nope", "/loop", "/x.log", "/hidden", "/hidden/f", "/app/a.py/x", "/none/*.py"]
)
def test_what_is_not_there(path):
    found = digest(path, wildcard="*" in path)
    assert found is None or path == "/none/*.py"


@pytest.mark.parametrize(
    "change",
    [
        {"app/a.py": "2"},
        {"app/a.py": Program("1")},
        {"app/new": "1"},
        {"app/link": Link("b.md")},
        {"app/empty/": ""},
        {"app/sub/c.py": "4"},
    ],
)
def test_a_folder_counts_with_all_that_is_in_it(change):
    assert digest("/app", {**TREE, **change}) != digest("/app")


@pytest.mark.parametrize("change", [{"y": "1"}, {"app/y.log2/x.log": "1"}, {"x.log": "2"}, {"hidden/g": "1"}])
def test_the_rest_does_not(change):
    ignoring = {**TREE, ".dockerignore": "**/*.log\n**/y.log2\nhidden\n"}
    assert digest("/app", {**ignoring, **change}) == digest("/app", ignoring)


def test_wildcards_count_with_names():
    def star(files, *, old=False):
        return digest("/app/*.py", files, wildcard=True, base_names=old)

    assert star(TREE) == star({**TREE, "app/c.md": "1"})
    assert star(TREE) != star({**TREE, "app/d.py": "1"})
    renamed = {path: content for path, content in TREE.items() if path != "app/a.py"}
    assert star(TREE) != star({**renamed, "app/e.py": "1"})


def test_names_below_a_wildcard_are_paths_since_0_26():
    deep = {"d/a/b/f": "1", "d/x": "0"}
    flat = {"d/a/": "", "d/b/f": "1", "d/x": "0"}
    for old in (True, False):
        pair = [digest("/d/*", files, wildcard=True, base_names=old) for files in (deep, flat)]
        assert (pair[0] == pair[1]) is old


def test_exclude_and_parents():
    def kept(files):
        return digest("/app", files, exclude=("*.md", "sub"))

    assert kept(TREE) == kept({**TREE, "app/b.md": "9", "app/sub/c.py": "9"})
    assert kept(TREE) != kept({**TREE, "app/a.py": "9"})

    def only(files):
        return digest("/", files, include=("app/sub/*.py",), required=())

    assert only(TREE) == only({**TREE, "app/a.py": "9"})
    assert only(TREE) != only({**TREE, "app/sub/c.py": "9"})
    assert digest("/", include=("app/nope",), required=("/app/nope",)) is None
    assert digest("/", include=("app/a.py",), required=("/app/a.py",)) is not None
    assert digest("/app", include=("sub/c.py",), required=("/app/sub/c.py",)) is not None


def test_the_state_of_git_counts_where_it_is_sent():
    def root(git, ignore=""):
        context = BuildContext(MemoryTree({"a": "1", ".dockerignore": ignore}))
        return TreeDigests.of(context, git).digest(Selection("context", "/"))

    assert root("one") != root("two")
    assert root("one", ".git\n") == root("two", ".git\n")


def test_a_context_that_is_not_given_is_taken_as_it_is():
    found = TreeDigests.of(BuildContext(MemoryTree({}))).digest(Selection("other", "/x"))
    assert found == TreeDigests({}).digest(Selection("other", "/x")) is not None


@pytest.mark.slow
def test_deep_and_wide_trees():
    deep = {"/".join(["d"] * 3000) + "/f": "1"}
    assert digest("/d", deep) != digest("/d", {"/".join(["d"] * 3000) + "/f": "2"})
    wide = {f"w/{number}": "1" for number in range(5000)}
    assert digest("/w", wide) == digest("/w", dict(reversed(wide.items())))
