"""Rules: stacks."""

from dockwright.rules.rule import Rule
from dockwright.rules.stacks import (
    container_name_collision,
    contradictory_default,
    different_service_port,
    different_shared_secret,
    image_name_mismatch,
    orphan_override,
    override_matches_nothing,
    port_collision,
    ports_collide_between_files,
    setting_missing_in_sibling,
    shared_project_name,
    stale_count_comment,
    stale_limits_comment,
    subnet_collision,
)

RULES: tuple[Rule, ...] = (
    container_name_collision.RULE,
    contradictory_default.RULE,
    different_service_port.RULE,
    different_shared_secret.RULE,
    image_name_mismatch.RULE,
    orphan_override.RULE,
    override_matches_nothing.RULE,
    port_collision.RULE,
    ports_collide_between_files.RULE,
    setting_missing_in_sibling.RULE,
    shared_project_name.RULE,
    stale_count_comment.RULE,
    stale_limits_comment.RULE,
    subnet_collision.RULE,
)
