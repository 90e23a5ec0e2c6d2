"""Rules: caching."""

from dockwright.rules.caching import (
    defeated_cache_mount,
    dependencies_after_source,
    volatile_argument_before_heavy_step,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    defeated_cache_mount.RULE,
    dependencies_after_source.RULE,
    volatile_argument_before_heavy_step.RULE,
)
