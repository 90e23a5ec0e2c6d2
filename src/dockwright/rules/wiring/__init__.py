"""Rules: wiring."""

from dockwright.rules.rule import Rule
from dockwright.rules.wiring import (
    compose_form_error,
    compose_syntax_error,
    docker_socket_mounted,
    duplicate_key,
    privileged_service,
    trust_authentication,
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

RULES: tuple[Rule, ...] = (
    compose_form_error.RULE,
    compose_syntax_error.RULE,
    docker_socket_mounted.RULE,
    duplicate_key.RULE,
    privileged_service.RULE,
    trust_authentication.RULE,
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
