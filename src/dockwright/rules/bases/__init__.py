"""Rules: bases."""

from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
