"""Rules: health."""

from dockwright.rules.health import shell_in_command, shell_in_exec_healthcheck
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    shell_in_command.RULE,
    shell_in_exec_healthcheck.RULE,
)
