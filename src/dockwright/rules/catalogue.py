"""All rules, and those about some kinds of subject; only what is asked for is imported."""

from collections.abc import Collection
from functools import cache
from importlib import import_module

from dockwright.rules.index import INDEX
from dockwright.rules.rule import Rule


@cache
def _load(module: str) -> Rule:
    rule = import_module(f"dockwright.rules.{module}").RULE
    assert isinstance(rule, Rule)
    return rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the catalogue, by family and then by id."""
    return tuple(_load(module) for _, module, _ in INDEX)


def rules_about(subjects: Collection[str]) -> tuple[Rule, ...]:
    """The rules that ask for one of these subjects (names of classes in `rules.subjects`)."""
    return tuple(_load(module) for _, module, subject in INDEX if subject in subjects)


def names() -> tuple[str, ...]:
    """The ids of all rules."""
    return tuple(name for name, _, _ in INDEX)


def find(rule_id: str) -> Rule | None:
    """The rule with that id."""
    return next((_load(module) for name, module, _ in INDEX if name == rule_id), None)
