"""Rules: scripts."""

from dockwright.rules.rule import Rule
from dockwright.rules.scripts import (
    container_tool_in_application,
    destroys_data,
    fallback,
    ignored_container_failure,
    ignored_start_failure,
)

RULES: tuple[Rule, ...] = (
    container_tool_in_application.RULE,
    destroys_data.RULE,
    fallback.RULE,
    ignored_container_failure.RULE,
    ignored_start_failure.RULE,
)
