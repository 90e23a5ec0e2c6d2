"""Rules: dead."""

from dockwright.rules.dead import dead_file, unused_build_argument, unused_entrypoint_script, unused_stage
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    dead_file.RULE,
    unused_build_argument.RULE,
    unused_entrypoint_script.RULE,
    unused_stage.RULE,
)
