"""Ignore files against recorded verdicts of real builds, and properties that hold for any patterns."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.text import SourceFile
from dockwright.trees.ignore import parse_patterns, read_ignore_file


def rows(corpus: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (corpus / "conformance" / name).read_text("utf-8").splitlines()]


def test_every_recorded_case(corpus: Path) -> None:
    """A directory that is left out comes back when something below it is kept, so directories need the whole tree."""
    entries = [tuple(entry) for entry in rows(corpus, "dockerignore_sets.jsonl")[0]["entries"]]
    wrong = []
    for row in rows(corpus, "dockerignore_cases.jsonl"):
        ignore = parse_patterns(row["patterns"])
        if "error" in row:
            if not ignore.problems or ignore.problems[0].message.split(":")[0] not in row["error"]:
                wrong.append(row)
        elif row.get("is_dir"):
            if (row["path"] not in ignore.kept({*entries, (row["path"], True)})) != row["ignored"]:
                wrong.append(row)
        elif ignore.problems or ignore.verdict(row["path"]).ignored != row["ignored"]:
            wrong.append(row)
    assert wrong == []


def test_every_recorded_set(corpus: Path) -> None:
    tree, *sets = rows(corpus, "dockerignore_sets.jsonl")
    entries = [tuple(entry) for entry in tree["entries"]]
    verdicts = 0
    for row in sets:
        ignore = parse_patterns(row["patterns"])
        if row.get("error"):
            assert ignore.problems, row["name"]
            continue
        assert ignore.problems == (), row["name"]
        kept = ignore.kept(entries)
        assert kept == set(row["kept"]), row["name"]
        verdicts += len(entries)
    assert verdicts >= 4000


@pytest.mark.parametrize(
    ("lines", "path", "ignored", "line"),
    [
        (["foo"], "foo/bar", True, 1),
        (["foo"], "dir/foo", False, None),
        (["*", "!src"], "src/main.py", False, 2),
        (["docs", "!docs/README.md"], "docs/README.md", False, 2),
        (["!docs/README.md", "docs"], "docs/README.md", True, 2),
        (["dir/a.txt", "!dir"], "dir/a.txt", True, 1),
        (["**foo"], "barfoo", True, 1),
        (["**/foo"], "foo", True, 1),
        (["foo**"], "foobar/x", True, 1),
        (["dir/**"], "dir", False, None),
        (["# comment", " # no comment"], "# no comment", True, 2),
        (["[a-c]x"], "bx", True, 1),
        (["a[^b]"], "ab", False, None),
    ],
)
def test_verdict_names_the_deciding_line(
    lines: list[str], path: str, ignored: bool, line: int | None
) -> None:
    verdict = parse_patterns(lines).verdict(path)
    assert verdict.ignored is ignored
    assert (verdict.pattern.line if verdict.pattern else None) == line


def test_bom_crlf_and_bad_lines() -> None:
    ignore = read_ignore_file(SourceFile(".dockerignore", b"\xef\xbb\xbfnode_modules\r\n!\r\n[\r\n"))
    assert ignore.verdict("node_modules/a").ignored
    assert [problem.line for problem in ignore.problems] == [2, 3]
    assert ignore.source.data[ignore.patterns[0].span.start : ignore.patterns[0].span.end] == b"node_modules"


SEGMENT = st.text(alphabet="ab.*?[]!\\-^/#é ", min_size=1, max_size=8)


@given(
    st.lists(SEGMENT, max_size=6), st.lists(st.sampled_from(["a", "b", "a.b", "é"]), min_size=1, max_size=4)
)
def test_any_patterns_give_a_verdict(lines: list[str], parts: list[str]) -> None:
    ignore = parse_patterns(lines)
    assert isinstance(ignore.verdict("/".join(parts)).ignored, bool)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    ignore = read_ignore_file(SourceFile(".dockerignore", data))
    for pattern in ignore.patterns:
        assert 0 <= pattern.span.start < pattern.span.end <= len(data)


@given(st.lists(st.sampled_from(["a", "b", "*", "a/b", "!a", "!a/b", "**/b", "!b", "a/*", "**"]), max_size=5))
def test_the_walk_does_not_depend_on_what_was_asked_before(lines: list[str]) -> None:
    paths = ["a", "b", "a/a", "a/b", "b/b", "a/b/a", "a/b/b"]
    together = parse_patterns(lines)
    for path in reversed(paths):
        assert together.verdict(path).ignored == parse_patterns(lines).verdict(path).ignored


def straightforward(lines: list[str], path: str) -> bool:
    """MatchesUsingParentResults as it is written upstream: every pattern asked at every level, nothing remembered."""
    patterns = parse_patterns(lines).patterns
    above = [False] * len(patterns)
    ignored = False
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        here = "/".join(parts[:depth])
        ignored = False
        found = []
        for pattern, inherited in zip(patterns, above, strict=True):
            hit = inherited
            if not hit:
                if pattern.negated != ignored:
                    found.append(False)
                    continue
                hit = pattern.matches(here)
            found.append(hit)
            if hit:
                ignored = not pattern.negated
        above = found
    return ignored


LINES = st.lists(
    st.sampled_from(
        ["a", "b", "*", "a/b", "!a", "!a/b", "**/b", "!b", "a/*", "**", "!**/a", "a*", "!*b", "?b", "**b", "a**", "[ab]/a", "!a/b/a"]
    ),
    max_size=8,
)  # fmt: skip
PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "ab", "ba", "a\nb"]), min_size=1, max_size=4).map("/".join)
)


@given(LINES, PATHS)
def test_the_walk_is_the_straightforward_evaluation(lines: list[str], paths: list[str]) -> None:
    ignore = parse_patterns(lines)
    for path in paths:
        ignored = straightforward(lines, path)
        assert ignore.ignores(path) is ignored
        verdict = ignore.verdict(path)
        assert verdict.ignored is ignored
        if ignored:
            above = [path[: at + 1] for at in range(len(path)) if path[at + 1 : at + 2] in ("/", "")]
            assert verdict.pattern is not None
            assert any(verdict.pattern.matches(folder) for folder in above)
            assert not verdict.pattern.negated
