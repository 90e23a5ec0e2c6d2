"""Rules: scripts."""

from dockwright.rules.rule import Rule
from dockwright.rules.scripts import destroys_data, fallback

RULES: tuple[Rule, ...] = (
    destroys_data.RULE,
    fallback.RULE,
)
