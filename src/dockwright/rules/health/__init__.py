"""Rules: health."""

from dockwright.rules.health import (
    missing_healthcheck_program,
    missing_program,
    shell_in_command,
    shell_in_exec_healthcheck,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_healthcheck_program.RULE,
    missing_program.RULE,
    shell_in_command.RULE,
    shell_in_exec_healthcheck.RULE,
)
