"""Findings one per line, with carets that point at what is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.report.findings import github
from dockwright.report.findings.entries import fingerprint
from dockwright.report.findings.lines import Lines
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity


def finding(line: int = 3, column: int = 5, end: int = 8, **more: object) -> Finding:
    fields = {
        "rule": "some-rule",
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "message": "`x` is wrong",
        "location": Location("a/Dockerfile", line, column, line, end, snippet="RUN abc"),
        "category": Category.BROKEN,
        **more,
    }
    return Finding(**fields)


def drawn(text: str, one: Finding, width: int = 100) -> list[str]:
    return list(Lines(str, width=width).render([one], lambda _path, _line: text))


def test_the_head_is_what_editors_understand() -> None:
    assert Lines(str).head(finding()) == "a/Dockerfile:3:5: high[some-rule] `x` is wrong"
    unsure = finding(confidence=Confidence.LOW, location=Location("a"))
    assert Lines(str).head(unsure) == "a: high[some-rule] `x` is wrong (low confidence)"


@pytest.mark.parametrize(
    ("text", "column", "end", "shown", "marked"),
    [
        ("RUN abc", 5, 8, "RUN abc", "    ^^^"),
        ("    RUN abc", 9, 12, "RUN abc", "    ^^^"),
        ("\tRUN\tabc", 6, 9, "RUN abc", "    ^^^"),
        ("日本 abc", 4, 7, "日本 abc", "     ^^^"),
        ("x: 日本", 4, 6, "x: 日本", "   ^^^^"),
        ("abc", 4, 4, "abc", "   ^"),
    ],
)
def test_carets(text: str, column: int, end: int, shown: str, marked: str) -> None:
    _, line, carets = drawn(text, finding(column=column, end=end))[:3]
    assert line == f"    3 | {shown}"
    assert carets == f"      | {marked}"


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    text = "a" * 500 + "TARGET" + "b" * 500
    _, line, carets = drawn(text, finding(column=501, end=507), width=60)[:3]
    assert max(len(line), len(carets)) <= 60
    at = carets.index("^")
    assert line[at : at + 6] == "TARGET"


def test_nothing_is_pointed_at_in_a_line_from_which_a_secret_was_taken() -> None:
    lines = list(
        Lines(lambda text: text.replace("hunter2", "[redacted]")).render([finding()], lambda *_: "PW=hunter2")
    )
    assert lines[1:] == ["    3 | PW=[redacted]"]


def test_related_places_follow_and_are_counted() -> None:
    others = tuple(Related(Location(f"f{number}", 1, 1, 1, 1), "seen here") for number in range(5))
    assert drawn("x", finding(related=others))[-4:] == [
        "    seen here: f0:1",
        "    seen here: f1:1",
        "    seen here: f2:1",
        "    and 2 more places",
    ]


@given(st.text(max_size=40), st.integers(0, 60), st.integers(0, 60), st.integers(40, 60))
def test_any_place_in_any_line_is_drawn(text: str, column: int, end: int, width: int) -> None:
    for line in drawn(text, finding(column=column, end=end), width=width):
        assert "\n" not in line or "\n" in text


def test_github_escapes_what_would_end_a_command() -> None:
    odd = finding(message="100%\nsure", location=Location("a,b:c.yml", 2, 1, 3, 4))
    (line,) = github.render([odd], str)
    assert line == "::error file=a%2Cb%3Ac.yml,line=2,col=1,endLine=3,title=high%3A some-rule::100%25%0Asure"


def test_the_fingerprint_knows_a_finding_by_what_it_is_not_by_its_line() -> None:
    assert fingerprint(finding(line=3)) == fingerprint(finding(line=9))
    assert fingerprint(finding()) != fingerprint(finding(message="`y` is wrong"))
    assert fingerprint(finding()) != fingerprint(finding(rule="other"))
