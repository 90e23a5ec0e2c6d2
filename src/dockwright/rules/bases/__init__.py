"""Rules: bases."""

from dockwright.rules.bases import moving_tag, version_skew
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    moving_tag.RULE,
    version_skew.RULE,
)
