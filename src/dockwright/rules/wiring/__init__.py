"""Rules: wiring."""

from dockwright.rules.wiring import (
    undefined_config,
    undefined_network,
    undefined_secret,
    undefined_service,
    undefined_volume,
    unused_config,
    unused_network,
    unused_secret,
    unused_volume,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    undefined_config.RULE,
    undefined_network.RULE,
    undefined_secret.RULE,
    undefined_service.RULE,
    undefined_volume.RULE,
    unused_config.RULE,
    unused_network.RULE,
    unused_secret.RULE,
    unused_volume.RULE,
)
