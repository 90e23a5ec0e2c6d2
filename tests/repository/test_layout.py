"""What a written path may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.repository.layout import Layout, clean, locate, parents
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.trees.memory import Link, MemoryTree

TREE = MemoryTree(
    {
        "compose.yaml": "",
        "docker/api.Dockerfile": "",
        "docker/xapi.Dockerfile": "",
        "projects/shop/compose.yaml": "",
        "projects/shop/scripts/up.sh": "",
        "latest": Link("docker"),
        "empty/": "",
    }
)
LAYOUT = Layout(TREE)


def target(path, base=Base.CWD, holder="x.sh", **options):
    return [
        one.target for one in locate(LAYOUT, SymbolicPath(base, path, "*" not in path), holder, **options)
    ]


def test_the_nearest_folder_is_meant():
    assert target("compose.yaml", holder="projects/shop/scripts/up.sh") == ["projects/shop/compose.yaml"]
    assert target("compose.yaml", holder="scripts/up.sh") == ["compose.yaml"]
    assert target("compose.yaml", Base.REPOSITORY, "projects/shop/scripts/up.sh") == ["compose.yaml"]
    assert target("compose.yaml", Base.SCRIPT, "projects/shop/scripts/up.sh") == [None]


def test_whole_parts_only():
    assert target("api.Dockerfile", Base.UNKNOWN) == ["docker/api.Dockerfile"]
    assert target("pi.Dockerfile", Base.UNKNOWN) == [None]


def test_patterns_stay_within_a_part():
    assert target("docker/*.Dockerfile") == ["docker/api.Dockerfile", "docker/xapi.Dockerfile"]
    assert target("*.Dockerfile") == [None]
    assert LAYOUT.matching("**/compose.yaml") == ["compose.yaml", "projects/shop/compose.yaml"]


def test_links_are_followed():
    assert target("latest/api.Dockerfile") == ["latest/api.Dockerfile"]
    assert target("latest", folder=True) == ["latest"]


def test_an_empty_folder_is_one():
    assert target("empty", folder=True) == ["empty"]


@pytest.mark.parametrize("base", [Base.ABSOLUTE, Base.HOME])
def test_outside(base):
    (found,) = locate(LAYOUT, SymbolicPath(base, "compose.yaml"), "x.sh")
    assert (found.target, bool(found.uncertain)) == (None, True)


def test_a_missing_path_says_where_it_would_be():
    (found,) = locate(LAYOUT, SymbolicPath(Base.CWD, "gone.yml"), "scripts/x.sh")
    assert (found.target, found.resolved, found.uncertain) == (None, "gone.yml", "")
    (found,) = locate(LAYOUT, SymbolicPath(Base.UNKNOWN, "gone.yml"), "x.sh")
    assert found.uncertain


@pytest.mark.parametrize(
    ("base", "path", "result"),
    [
        ("", "a/../b", "b"),
        ("a", "..", ""),
        ("a", "../..", None),
        ("", "/etc", None),
        ("a/b", "./c//d", "a/b/c/d"),
        ("", ".", ""),
    ],
)
def test_clean(base, path, result):
    assert clean(base, path) == result


def test_parents():
    assert list(parents("a/b")) == ["a/b", "a", ""]


@given(st.text(alphabet="ab/.*[]?\\$ ", max_size=30))
def test_any_pattern_can_be_looked_up(pattern):
    assert all(path in LAYOUT.files for path in LAYOUT.matching(pattern))
