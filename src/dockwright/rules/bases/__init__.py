"""Rules: bases."""

from dockwright.rules.bases import moving_tag
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    moving_tag.RULE,
)
