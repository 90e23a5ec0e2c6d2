"""Every rule's own examples: a `Bad` repository gives exactly one finding of the rule, a `Good` one none."""

import pytest

from dockwright.rules.catalogue import all_rules
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.testing import examine

CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{type(example).__name__.lower()}{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Bad | Good) -> None:
    outcome = examine(example.files, rules=[rule], ignored=example.ignored, history=example.history)
    assert not outcome.crashes, outcome.crashes[0].trace
    found = [f"{finding.location}: {finding.message}" for finding in outcome.findings]
    if isinstance(example, Good):
        assert found == []
        return
    assert len(found) == 1, found
    (finding,) = outcome.findings
    assert example.at in finding.location.snippet or example.at == finding.location.path, finding.location
    assert example.says in finding.message


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    """A rule has both kinds of example, is named after its file, and its words follow the grammar."""
    assert any(isinstance(example, Bad) for example in rule.examples)
    assert any(isinstance(example, Good) for example in rule.examples)
    assert rule.check.__module__.rpartition(".")[2].replace("_", "-") == rule.id
    for text in (rule.summary, *messages(rule)):
        assert text[0] == text[0].lower() or text[1:2].isupper() or text[0] in "`'\"", text
        assert not text.endswith("."), text
        assert "should" not in text.split(), f"says what to do, not what is there: {text}"


def messages(rule: Rule) -> list[str]:
    """The messages the rule's own examples give."""
    return [
        finding.message
        for example in rule.examples
        if isinstance(example, Bad)
        for finding in examine(
            example.files, rules=[rule], ignored=example.ignored, history=example.history
        ).findings
    ]
