"""Does a number (a port) stand anywhere in what a service or its Dockerfile says of itself?"""

import re
from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.compose.ports import bindings
from dockwright.compose.value import Text

FULLY_DOCUMENTED = frozenset(
    [
        "postgres",
        "mysql",
        "mariadb",
        "redis",
        "valkey",
        "mongo",
        "memcached",
        "adminer",
        "phpmyadmin",
        "pgadmin",
        "mailhog",
        "mailpit",
        "couchdb",
    ]
)
"""Servers of which every port is in `knowledge.services`; others open further ones for protocols and management."""


def service_texts(service: Service, *, health: bool = True) -> Iterator[str]:
    """Everything a service says of itself, published ports left out, defaults filled in."""
    texts: list[Text | None] = [pair.value for pair in service.environment]
    texts += [pair.value for pair in (service.build.args if service.build is not None else ())]
    texts += [pair.value for pair in service.labels]
    texts += service.expose
    for command in (service.command, service.entrypoint):
        texts += [command.text, *command.words] if command is not None else []
    if health and service.healthcheck is not None:
        texts += service.healthcheck.test
    for text in texts:
        if text is not None:
            yield text.resolved().filled


def has_number(text: str, number: int) -> bool:
    """True when the text holds the number as one of its own."""
    return re.search(rf"(?<![\d.]){number}(?![\d])", text) is not None


def targets(service: Service) -> list[int]:
    """The container ports a service publishes (TCP)."""
    return [one.target for port in service.ports for one in bindings(port) if one.protocol == "tcp"]


def configured_by_files(service: Service) -> bool:
    """True when files from outside may tell the program its port."""
    return bool(service.env_file or service.configs) or any(
        volume.type == "bind" or volume.type is None for volume in service.volumes
    )
