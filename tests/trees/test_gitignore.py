"""`.gitignore` rules beside git's own `check-ignore`, and their time on patterns made to take long."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockwright.trees.gitignore import IgnoreRules, glob
from tests.trees.repositories import git

LINES = (
    "a", "/a", "a/", "a/b", "/a/b/", "*.x", "*.x/", "!*.x", "!a", "**/a", "a/**", "a/**/b", "**/a/**", "*", "!*/", "a*b",
    "*a*b*", "?", "a?", "[ab]", "[!a]", "[^a]x", "[a-c].x", "[]a]", "[[:alpha:]]", "\\!a", "\\#a", "#a", "a ", "a\\ ", " a",
    "**", "***", "a**b", "/", "//", "!", "a//b", "[a", "a]", "[b-a]", "a\\", "[&&]", "[a-]", "[-a]", "[+--]", "[a||b]", "[[a]", "[a\\-c]", "[\\]]", "[a-b-c]", "[[:nope:]]", "/**", "/*", "!/a", "b/*", "!b/c",
)  # fmt: skip
PATHS = ("a", "b", "a/b", "a/b/c", "b/a", "b/c", "b.x", "a.x/b", "a/b.x", "ab", "aab", "!a", "#a", "a ", " a", "a/c/b", "]", "&", "ax",
         "bx", "a/a", "c/a/b/d", "acb")  # fmt: skip


def by_git(top: Path, lines: list[str]) -> set[str]:
    (top / ".gitignore").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        ["git", "-C", str(top), "check-ignore", "--no-index", "-z", "--stdin"],
        input=b"\0".join(path.encode() for path in PATHS), capture_output=True, check=False,
    )  # fmt: skip
    return {path.decode() for path in done.stdout.split(b"\0") if path}


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ignore")
    git(folder, "init", "-q")
    return folder


def check(top: Path, lines: list[str]) -> None:
    rules = IgnoreRules(lines)
    assert {path for path in PATHS if rules.verdict(path)} == by_git(top, lines), lines


def test_each_line_as_git_takes_it(top: Path) -> None:
    for line in LINES:
        check(top, [line])


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(LINES), min_size=2, max_size=5))
def test_several_lines_as_git_takes_them(top: Path, lines: list[str]) -> None:
    check(top, lines)


def test_patterns_made_to_take_long() -> None:
    assert glob("*a" * 200 + "b").fullmatch("a" * 255) is None
    assert IgnoreRules(["**/a" * 120 + "/b"]).verdict("a/" * 500 + "a") is None
