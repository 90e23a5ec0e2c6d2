"""Interpolation: forms, places, faults; against compose-go's own cases."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.interpolate import MAX_DEPTH, Template
from tests.compose.corpus_files import cases

ENV = {"SET": "value", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$SET-${SET}", "value-value"),
        ("$$SET $${SET}", "$SET ${SET}"),
        ("${UNSET:-d} ${EMPTY:-d} ${SET:-d}", "d d value"),
        ("${UNSET-d} ${EMPTY-d} ${SET-d}", "d  value"),
        ("${UNSET:+a} ${EMPTY:+a} ${SET:+a}", "  a"),
        ("${UNSET+a} ${EMPTY+a} ${SET+a}", " a a"),
        ("${UNSET:-${EMPTY:-${SET}}}", "value"),
        ("${UNSET:-a:b/c}", "a:b/c"),
        ("${UNSET:-{x}}", "{x}"),
        ("$5 $ 100$", "$5 $ 100$"),
        ("^a$", "^a$"),
        ("${UNSET:-$$x}", "$x"),
        ("${SET:?no}", "value"),
        ("${EMPTY?no}", ""),
        ("${SET:-${UNSET:?never reached}}", "value"),
    ],
)
def test_values(text, result):
    found = Template.parse(text).resolved(ENV)
    assert (found.text, found.unset, found.errors) == (result, (), ())


def test_unset_variables_are_named_and_empty():
    found = Template.parse("a${X}b${Y:-${Z}}$X").resolved({})
    assert found.text is None
    assert found.unset == ("X", "Z")
    assert found.filled == "ab"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${UNSET:?need it}", "required variable UNSET is missing a value: need it"),
        ("${EMPTY:?}", "required variable EMPTY is missing a value"),
        ("${UNSET?a ${SET}}", "required variable UNSET is missing a value: a value"),
        ("${}", "invalid template"),
        ("${1A}", "invalid template"),
        ("${ A }", "invalid template"),
        ("${A!}", "invalid template"),
        ("${open", "invalid template"),
        ("${A:-x\ny}", "invalid template"),
    ],
)
def test_errors(text, message):
    found = Template.parse(text).resolved(ENV)
    assert found.text is None
    assert message in found.errors[0]


def test_uses_know_their_place_default_and_need():
    text = "${A:-x${B}y}/$C/${D:?say}"
    uses = Template.parse(text).uses
    assert [text[use.start : use.end] for use in uses] == ["${A:-x${B}y}", "${B}", "$C", "${D:?say}"]
    assert [use.default for use in uses] == ["x${B}y", None, None, None]
    assert [use.required for use in uses] == [False, False, False, True]
    assert [use.nested for use in uses] == [False, True, False, False]


def test_depth_is_bounded():
    deep = Template.parse("${A:-" * (MAX_DEPTH + 50) + "x" + "}" * (MAX_DEPTH + 50))
    assert "too deep" in deep.resolved({}).errors[0]
    assert Template.parse("${A:-" * 50_000).resolved({}).errors


@given(st.text(alphabet="$ab{}:-?+ \n1", max_size=60))
def test_any_text_is_taken_apart(text):
    template = Template.parse(text)
    for use in template.uses:
        assert text[use.start] == "$"
        assert use.name in text[use.start : use.end]
    for fault in template.faults:
        assert text[fault.start : fault.start + 2] == "${"
    template.resolved({"a": "1"})


@given(st.text(max_size=40))
def test_doubled_dollars_give_the_text_back(text):
    assert Template.parse(text.replace("$", "$$")).resolved({}).text == text


# These three run compose-go's test with a replacement function of its own.
OTHER_FUNCTION = {
    f"compose-go/template/template.TestSubstituteWithReplacementFunc#{number}" for number in (2, 3, 4)
}


def test_conformance(corpus: Path):
    read = 0
    for case in cases(corpus, "template"):
        if case["id"] in OTHER_FUNCTION:
            continue
        env = {name: value for name, value in (case["lookups"] or {}).items() if value is not None}
        found = Template.parse(case["template"]).resolved(env)
        assert bool(found.errors) == bool(case.get("error")), case["id"]
        assert case.get("error") or found.filled == case["expected"], case["id"]
        read += 1
    assert read == 94
