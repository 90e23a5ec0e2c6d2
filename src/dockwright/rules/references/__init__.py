"""Rules: references."""

from dockwright.rules.references import (
    misplaced_flag,
    missing_compose_file,
    missing_context,
    missing_dockerfile,
    missing_module,
    missing_service,
    missing_target,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    misplaced_flag.RULE,
    missing_compose_file.RULE,
    missing_context.RULE,
    missing_dockerfile.RULE,
    missing_module.RULE,
    missing_service.RULE,
    missing_target.RULE,
)
