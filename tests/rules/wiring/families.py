"""The rules of the families about compose files."""

from dockwright.rules.catalogue import all_rules
from dockwright.rules.rule import Rule

COMPOSE_FAMILIES = ("stacks", "wiring", "health")


def compose_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in all_rules() if rule.check.__module__.split(".")[-2] in COMPOSE_FAMILIES)
