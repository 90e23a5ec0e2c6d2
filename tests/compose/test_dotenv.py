"""Env files: statements, quotes, expansion, places; against compose-go's own cases."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.dotenv import parse
from tests.compose.corpus_files import cases


def values(text: str, env: dict[str, str] | None = None) -> dict[str, str]:
    found = parse(text.encode()).values(env)
    assert found.errors == ()
    return found.values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB = 2\nC: 3\nexport D=4\n", {"A": "1", "B": "2", "C": "3", "D": "4"}),
        ("A=x # no\nB=x#yes\nC=x\t# yes\n", {"A": "x", "B": "x#yes", "C": "x\t# yes"}),
        ("A='$x \\n'\nB='it\\'s'\n", {"A": "$x \\n", "B": "it's"}),
        ('A="a\\tb\\"c\\$d"\nB="two\nlines"\n', {"A": 'a\tb"c$d', "B": "two\nlines"}),
        ('A="\\0101\\c"\n', {"A": "A\\c"}),
        ("A=1\nB=${A}-$A\nC='${A}'\nD=$$A\n", {"A": "1", "B": "1-1", "C": "${A}", "D": "$A"}),
        ('A="x" B=2\n', {"A": "x", "B": "2"}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\nA=2\n", {"A": "2"}),
        ("# only\n\n", {}),
        ("A=\nB=", {"A": "", "B": ""}),
        ("é=1\n", {"é": "1"}),
    ],
)
def test_statements(text, expected):
    assert values(text) == expected


def test_the_environment_wins_and_gives_bare_names():
    assert values("A=1\nB=$A\nC\nD\n", {"A": "9", "C": "c"}) == {"A": "1", "B": "9", "C": "c"}


def test_earlier_files_are_seen():
    assert parse(b"B=$A\n").values({}, {"A": "1"}).values == {"A": "1", "B": "1"}


def test_unset_variables_are_named():
    found = parse(b"A=x$NOPE\n").values()
    assert found.values == {"A": "x"}
    assert found.unset == ("NOPE",)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("A=1\nB%=2\nC=3\n", "unexpected character '%'", "%=2"),
        ("A=1\nB C=2\nC=3\n", "holds a space", "B C"),
        ("A=1\nX='open\nC=3\n", "not closed", "'open"),
    ],
)
def test_errors_are_named_and_the_rest_is_read(text, message, at):
    file = parse(text.encode(), ".env")
    assert message in file.problems[0].message
    assert text[file.problems[0].span.start :].startswith(at)
    assert [assignment.name for assignment in file.assignments] == ["A", "C"]
    assert file.values().errors


def test_places():
    data = "# é\nA='x y' # c\nexport LONG=${A}z\n".encode()
    first, second = parse(data).assignments
    assert data[first.key_span.start : first.key_span.end] == b"A"
    assert data[first.value_span.start : first.value_span.end] == b"'x y'"
    assert data[second.span.start : second.span.end] == b"LONG=${A}z"
    assert [use.name for use in second.template.uses] == ["A"]
    assert parse(b"A=1\nA=2\n").by_name["A"].text == "2"


@given(st.text(alphabet="AB=:'\"\\$ {}#\n\t%", max_size=60))
def test_any_text_is_read(text):
    data = text.encode()
    file = parse(data)
    for assignment in file.assignments:
        assert 0 <= assignment.span.start <= assignment.span.end <= len(data)
    file.values({"A": "1"})


@given(st.binary(max_size=60))
def test_any_bytes_are_read(data):
    parse(data).values()


def test_conformance(corpus: Path):
    read = 0
    for case in cases(corpus, "dotenv"):
        env = {name: value for name, value in (case["lookups"] or {}).items() if value is not None}
        found = parse(case["src"].encode()).values(env, case["initial"])
        assert bool(found.errors) == bool(case.get("error")), case["id"]
        assert case.get("error") or found.values == case["expected"], case["id"]
        read += 1
    assert read == 93
