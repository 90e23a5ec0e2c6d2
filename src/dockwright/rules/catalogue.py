"""All rules: one explicit tuple per family, so that nothing is scanned at start and an import shows what is there."""

from importlib import import_module

from dockwright.rules.rule import Rule

FAMILIES: tuple[str, ...] = (
    "references",
    "contexts",
    "arguments",
    "dead",
    "stacks",
    "wiring",
    "health",
    "bases",
    "caching",
    "contents",
    "secrets",
    "scripts",
)
"""Packages below `dockwright.rules`; each has `RULES`, a tuple of its rules in alphabetical order."""


def all_rules() -> tuple[Rule, ...]:
    """Every rule of the catalogue, by family and then by id."""
    rules: list[Rule] = []
    for family in FAMILIES:
        rules.extend(import_module(f"dockwright.rules.{family}").RULES)
    return tuple(rules)


def find(rule_id: str) -> Rule | None:
    """The rule with that id."""
    return next((rule for rule in all_rules() if rule.id == rule_id), None)
