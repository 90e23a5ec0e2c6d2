"""Well-known service images: ports, data, needed variables, clients, options newer versions refuse (data/services.toml)."""

import re
from functools import cache

import msgspec

from dockwright.knowledge.images import familiar
from dockwright.knowledge.tables import typed


class Port(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A port a service listens on, and what for."""

    port: int
    use: str


class RemovedOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An option, variable or program that is gone `since` a version; `instead` says what to use, if anything."""

    option: str
    since: str
    instead: str = ""


class ServiceImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is documented of a service image. `needs`: of each inner list one variable must be set."""

    source: str
    ports: tuple[Port, ...] = ()
    names: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    clients: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    user: str | None = None
    """The user it runs as where the image sets one; None: root, or it steps down by itself."""
    removed: tuple[RemovedOption, ...] = ()
    name: str = ""

    def has(self, program: str) -> bool | None:
        """Whether the image holds a program; None when nothing is documented."""
        if program in self.clients:
            return True
        return False if program in self.lacks else None

    def removed_in(self, option: str, tag: str) -> RemovedOption | None:
        """The entry of an option that the version in `tag` refuses; None when it is fine or the version is not known."""
        for entry in self.removed:
            if entry.option == option and at_least(tag, entry.since):
                return entry
        return None


_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def version_of(tag: str) -> tuple[int, ...]:
    """The version in an image tag as numbers: `15-alpine` -> (15,); empty where there is none (`latest`)."""
    match = _VERSION.search(tag)
    return tuple(int(part) for part in match.groups() if part is not None) if match else ()


def at_least(tag: str, since: str) -> bool:
    """The version in `tag` is `since` or newer. A tag without a version is no proof of either."""
    found, wanted = version_of(tag), version_of(since)
    if not found or not wanted:
        return False
    if len(found) < len(
        wanted
    ):  # `9` says nothing of 9.4 or 9.5, but 10 is newer than both, and 8 is at least 8.0
        head, rest = wanted[: len(found)], wanted[len(found) :]
        return found > head or (found == head and not any(rest))
    return found >= wanted


@cache
def services() -> dict[str, ServiceImage]:
    """All services by their short name."""
    found = typed("services", dict[str, ServiceImage])
    return {name: msgspec.structs.replace(service, name=name) for name, service in found.items()}


@cache
def _by_name() -> dict[str, ServiceImage]:
    out: dict[str, ServiceImage] = {}
    for name, service in services().items():
        out[name] = service
        for other in service.names:
            out.setdefault(other, service)
    return out


def service_image(name: str) -> ServiceImage | None:
    """What is documented of the service image `name` (without tag); None when it is not in the table."""
    name = familiar(name)
    for marker in ("/docker/library/", "/library/"):
        if marker in name:
            name = name.partition(marker)[2]
    return _by_name().get(name)
