"""Rules: secrets."""

from dockwright.rules.rule import Rule
from dockwright.rules.secrets import secret_in_command, secret_in_compose, secret_in_image, secret_in_script

RULES: tuple[Rule, ...] = (
    secret_in_command.RULE,
    secret_in_compose.RULE,
    secret_in_image.RULE,
    secret_in_script.RULE,
)
