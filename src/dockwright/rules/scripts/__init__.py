"""Rules: scripts."""

from dockwright.rules.rule import Rule
from dockwright.rules.scripts import (
    announced_fallback,
    container_tool_in_application,
    destroys_data,
    dockerfile_in_code,
    fallback,
    ignored_container_failure,
    ignored_start_failure,
    mapped_service_missing,
)

RULES: tuple[Rule, ...] = (
    announced_fallback.RULE,
    container_tool_in_application.RULE,
    destroys_data.RULE,
    dockerfile_in_code.RULE,
    fallback.RULE,
    ignored_container_failure.RULE,
    ignored_start_failure.RULE,
    mapped_service_missing.RULE,
)
