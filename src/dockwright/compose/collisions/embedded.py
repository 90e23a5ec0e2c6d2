"""Host ports that stand in the values of variables, as `http://localhost:8080` for a browser."""

import re
from collections.abc import Iterator

from dockwright.compose.collisions.model import EmbeddedPort, Model, Path

_HOST = re.compile(
    r"(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|\[::1\]):(\d{2,5})(?!\d)"
)


def embedded_ports(model: Model) -> list[EmbeddedPort]:
    """Variables whose values name a host port of the project by number, as a browser or another program would.

    Inside a container `localhost` is the container itself: a variable whose port is a container port of the same
    service, and no host port of any, is not meant.
    """
    published = published_ports(model)
    found = []
    for path, own, port, text in _named(model):
        if port in published and (port not in own or published[port][1] == path[1]):
            found.append(EmbeddedPort(port, path, published[port], text))
    return found


def misdirected_ports(model: Model, other: Model) -> list[EmbeddedPort]:
    """Variables that name a host port of another stack, which publishes it for a service that this one publishes elsewhere.

    `published` is the place in the other stack. Container ports of the service itself are never meant, nor is anything on the
    host's own network.
    """
    here, there = published_ports(model), published_ports(other)
    mine = {str(path[1]) for path in here.values()}
    found = []
    for path, own, port, text in _named(model):
        if port in there and port not in here and port not in own and str(there[port][1]) in mine:
            found.append(EmbeddedPort(port, path, there[port], text))
    return found


def published_ports(model: Model) -> dict[str, Path]:
    """The fixed host ports of a stack, each with the place of the first service that publishes it."""
    published: dict[str, Path] = {}
    for service, settings in (model.get("services") or {}).items():
        for index, port in enumerate(settings.get("ports") or ()):
            if str(port.get("published") or "").isdigit():
                published.setdefault(str(port["published"]), ("services", service, "ports", index))
    return published


def _named(model: Model) -> Iterator[tuple[Path, set[str], str, str]]:
    """Every host port a variable names: the variable's path, the container ports of its service, the port, the words."""
    for service, settings in (model.get("services") or {}).items():
        if settings.get("network_mode") == "host":
            continue
        own = {str(port.get("target")) for port in settings.get("ports") or ()}
        own.update(str(port).partition("/")[0] for port in settings.get("expose") or ())
        for name, value in (settings.get("environment") or {}).items():
            for match in _HOST.finditer(str(value or "")):
                yield ("services", service, "environment", name), own, match[1], match[0]
