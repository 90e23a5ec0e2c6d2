"""Rules: health."""

from dockwright.rules.health import (
    invalid_literal_key,
    missing_healthcheck_program,
    missing_program,
    removed_server_option,
    shell_in_command,
    shell_in_exec_healthcheck,
    wrong_healthcheck_port,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    invalid_literal_key.RULE,
    missing_healthcheck_program.RULE,
    missing_program.RULE,
    removed_server_option.RULE,
    shell_in_command.RULE,
    shell_in_exec_healthcheck.RULE,
    wrong_healthcheck_port.RULE,
)
