"""Patterns as Go reads them, and matching that takes no longer than the path is long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.text import Span
from dockwright.trees.globs import compiled
from dockwright.trees.go_regexp import BadExpression, parse
from dockwright.trees.ignore import MAX_LINE, MAX_PATTERNS, parse_patterns, read_ignore_file
from dockwright.trees.matching import NOT_SLASH, SEGMENT, Matcher, Place, Token, _Automaton, _expression, char
from dockwright.trees.patterns import Pattern, Problem, read_pattern


def pattern(text: str) -> Pattern:
    made = read_pattern(text, 1, Span(0, len(text)))
    assert isinstance(made, Pattern), made
    return made


@pytest.mark.parametrize(
    ("text", "path", "matches"),
    [
        (r"\#a", "#a", True),
        (r"a\d", "a7", True),  # handed to Go's regexp as it is: a digit, not a `d`
        (r"a\d", "ad", False),
        (r"dir\sub", "dirsub", False),  # a backslash from Windows: white space and `ub`
        (r"dir\sub", "dir ub", True),
        (r"a\x41", "aA", True),
        (r"a\101", "aA", True),
        (r"\Qa.b", r"a\.b$and more", True),  # the quotation takes in what was escaped, and the end
        (r"\Qa.b", "a.b", False),
        (r"x[[:alpha:]]", "xq", True),
        (r"x[[:alpha:]]", "x:", False),
        (r"x[[:^digit:]]", "xq", True),
        (r"x[\w+]", "x+", True),
        (r"x\pL", "xé", True),
        (r"x\PL", "xé", False),
        (r"a\b", "a", True),
        (r"a\bb", "ab", False),
        (r"a\Bb", "ab", True),
        ("^a*", "ab", True),  # not escaped: the beginning, where it is already
        ("a^b*", "a^b", False),
        ("a^b", "a^b", True),  # without wildcards nothing is compiled
        ("[*]x]", "[[[]x]", True),  # a star in brackets is translated there too
        ("a[^b]c", "a/c", True),
        ("**/*.py", "d/e.py", True),
        ("**/*.py", "d\ne/e.py", False),  # Go's `.` takes no line break
        ("a**b", "axx/b", True),
        ("a**b", "axxb", False),
        ("**/a/**", "x/a/y", True),
        ("a\udcff*", "a\udcfeb", True),  # to Go, bytes that are not UTF-8 are all the same
        ("a\udcff", "a\udcff", False),  # on its way to the matcher the byte has become U+FFFD
        ("a\udcff", "a\ufffd", True),
    ],
)
def test_patterns_mean_what_go_makes_of_them(text: str, path: str, matches: bool) -> None:
    assert pattern(text).matches(path) is matches
    assert parse_patterns(["x/y", text]).ignores(path) is matches


@pytest.mark.parametrize(
    "text",
    [
        r"a\y", r"src\public", r"a\Users", r"a\é", r"a\8", r"a\1", r"a\xZZ", "[z-a]", "[[:word:]x[:nothing:]]", "!/", "!", "./!",
        "[", "[]a]", "[a-]", "a\\", "[x-]", r"a\C", r"a\p{L}",
    ],
)  # fmt: skip
def test_lines_that_fail_the_build(text: str) -> None:
    assert isinstance(read_pattern(text, 1, Span(0, len(text))), Problem)


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        (["[x-]"], [False]),
        (["*.[x-]"], [False]),  # the part up to the next star is read to its end where the dot comes that far
        (
            ["**[f-z]*/[--z]"],
            [],
        ),  # the dot has failed before: never looked at by filepath.Match, and regexp takes it
        (["*[a]*/[]"], [True]),
        (["!a\\c"], []),  # nothing is left out before it: never asked
        (["a", "!a\\c"], [True]),
        (["!./a\\c", "b"], []),
    ],
)
def test_what_is_refused_at_once_and_what_when_asked(lines: list[str], late: list[bool]) -> None:
    assert [problem.late for problem in parse_patterns(lines).problems] == late


@pytest.mark.parametrize(
    ("text", "negated", "rest"), [("!/a", True, "a"), ("! a", True, "a"), ("./!a", True, "a")]
)
def test_negation_survives_cleaning(text: str, negated: bool, rest: str) -> None:
    assert (pattern(text).negated, pattern(text).text) == (negated, rest)


TOKENS = st.lists(
    st.sampled_from([*map(char, map(ord, "ab/\n")), SEGMENT, NOT_SLASH, *Place]),
    max_size=8,
)


@given(TOKENS, st.text("ab/\n", max_size=10))
def test_the_automaton_and_re_agree(tokens: list[Token], path: str) -> None:
    expression = re.compile("".join(map(_expression, tokens)), re.ASCII)
    found = expression.fullmatch(path) is not None
    if not (path == "" and Place.INSIDE in tokens):  # Python before 3.14 finds no `\B` in nothing
        assert _Automaton(tokens).accepts(path) is found
        assert Matcher(tokens).matches(path) is found


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("*a" * 40 + "b", "a" * 255),
        ("a**" * 20 + "c", "/".join(["a"] * 500)),
        ("**/" + "*a*" * 30 + "/x", "/".join(["a" * 200] * 15)),
        ("**" + "?*" * 50 + "é", "a" * 255),
    ],
)
def test_no_pattern_takes_for_ever(text: str, path: str) -> None:
    """A matcher that backtracks would not come back from these."""
    assert not parse_patterns([text]).ignores(path)
    glob = compiled(text)
    assert glob is not None
    assert not glob.matches(path)


def test_bounds_are_told() -> None:
    long = read_ignore_file_of(b"a\n" + b"b" * MAX_LINE + b"\nc\n")
    assert [(problem.line, problem.message) for problem in long.problems] == [
        (2, "bufio.Scanner: token too long")
    ]
    assert [found.text for found in long.patterns] == ["a"]
    many = read_ignore_file_of(b"a\n" * (MAX_PATTERNS + 1))
    assert len(many.patterns) == MAX_PATTERNS
    assert f"after line {MAX_PATTERNS} were not read" in many.skipped[0].reason
    assert not read_ignore_file_of(b"a\n" * MAX_PATTERNS).skipped


def read_ignore_file_of(data: bytes):
    from dockwright.text import SourceFile

    return read_ignore_file(SourceFile(".dockerignore", data))


@given(st.text("ab[]^-\\dsxQpL:0*", max_size=12))
def test_reading_an_expression_ends(text: str) -> None:
    try:
        tokens = parse(text)
    except BadExpression:
        return
    assert isinstance(Matcher(tokens).matches("ab"), bool)


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.py", "a.py", True),
        ("*.py", "a/b.py", False),
        ("a?c", "a/c", False),
        ("a[^b]c", "a/c", True),
        ("[a-c]", "b", True),
        ("[c-a]", "b", False),
        ("[^c-a]", "b", True),
        (r"[\]]", "]", True),
        (r"a\*", "a*", True),
        (r"a\d", "ad", True),  # unlike in an ignore file
    ],
)
def test_globs_of_sources(glob: str, path: str, matches: bool) -> None:
    found = compiled(glob)
    assert found is not None
    assert found.matches(path) is matches


@pytest.mark.parametrize("glob", ["[", "a\\", "[]a]", "[a-]"])
def test_globs_that_go_refuses(glob: str) -> None:
    assert compiled(glob) is None
