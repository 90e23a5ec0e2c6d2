"""What a resolved project claims of the machine."""

from collections.abc import Iterator
from typing import Any

from dockwright.compose.collisions.model import Claim, Kind, Model, Path


def claims(model: Model) -> list[Claim]:
    """Everything the project takes, in the order of the model.

    Sources: compose-go loader/normalize.go (names of volumes and networks), docker/compose pkg/compose/create.go and
    convergence.go (container names, project labels), moby daemon/network allocators (subnets).
    """
    project = str(model.get("name") or "")
    found = [Claim(Kind.PROJECT, project, ("name",), own=True)] if project else []
    for service, settings in _items(model.get("services")):
        found += _of_service(service, settings or {})
    found += _resources(model, project, "volumes", Kind.VOLUME)
    found += _resources(model, project, "networks", Kind.NETWORK)
    for network, settings in _items(model.get("networks")):
        for index, pool in enumerate(((settings or {}).get("ipam") or {}).get("config") or ()):
            if pool.get("subnet"):
                path = ("networks", network, "ipam", "config", index, "subnet")
                found.append(Claim(Kind.SUBNET, str(pool["subnet"]), path))
    return found


def _of_service(service: str, settings: Model) -> Iterator[Claim]:
    base: Path = ("services", service)
    name = settings.get("container_name")
    if name:
        yield Claim(Kind.CONTAINER, str(name), (*base, "container_name"))
    for index, port in enumerate(settings.get("ports") or ()):
        if port.get("published"):
            yield Claim(Kind.PORT, port_text(port), (*base, "ports", index))
    if settings.get("build") is not None and settings.get("image"):
        yield Claim(Kind.IMAGE, str(settings["image"]), (*base, "image"))
    for index, volume in enumerate(settings.get("volumes") or ()):
        if volume.get("type") == "bind" and volume.get("source"):
            path = (*base, "volumes", index)
            yield Claim(Kind.BIND, str(volume["source"]), path, read_only=bool(volume.get("read_only")))


def port_text(port: Model) -> str:
    """`127.0.0.1:8080/tcp`, `8000-8010/udp`: what is taken of the host."""
    address = str(port.get("host_ip") or "")
    if ":" in address:
        address = f"[{address}]"
    return f"{address}{':' if address else ''}{port['published']}/{port.get('protocol') or 'tcp'}"


def _resources(model: Model, project: str, key: str, kind: Kind) -> Iterator[Claim]:
    for name, settings in _items(model.get(key)):
        told = settings or {}
        real = str(told.get("name") or f"{project}_{name}")
        external = bool(told.get("external"))
        own = not external and real == f"{project}_{name}"
        yield Claim(kind, real, (key, name), own=own, external=external)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
