"""Rules: stacks."""

from dockwright.rules.rule import Rule
from dockwright.rules.stacks import (
    container_name_collision,
    port_collision,
    ports_collide_between_files,
    shared_project_name,
    subnet_collision,
)

RULES: tuple[Rule, ...] = (
    container_name_collision.RULE,
    port_collision.RULE,
    ports_collide_between_files.RULE,
    shared_project_name.RULE,
    subnet_collision.RULE,
)
