"""Rules: arguments."""

from dockwright.rules.arguments import required_build_argument_not_passed, undeclared_build_argument
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    required_build_argument_not_passed.RULE,
    undeclared_build_argument.RULE,
)
