"""Which constructs of a resolved compose project Podman treats otherwise than Docker does.

Works on the canonical model (plain data, as `docker compose config --format json` prints it). What a construct comes
to under podman-compose and under `podman compose` is data with versions and sources (knowledge/podman.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dockwright.knowledge.podman import TOOLS, Construct, Support, constructs

Path = tuple[str | int, ...]

_NOT_NEWS: dict[str, tuple[object, ...]] = {
    "ports.*.mode": ("ingress",),
    "depends_on.*.required": (True,),
    "/networks.*.enable_ipv4": (True,),
}
"""Values that the canonical form always writes, or that are what Podman does anyway."""
_REPOSITORY = re.compile(r"(?:[^/@=,]+/)*[^/:@=,]+")
"""A repository without a tag or digest: what Buildah takes for a cache, alone."""
_CACHES = frozenset({"build.cache_from", "build.cache_to"})
"""Told as a whole where every value is one, else (`….*`) value by value for those that are none."""
_NEWS_WHEN_FALSE = ("depends_on.*.required", "/networks.*.enable_ipv4")


class Use(msgspec.Struct, frozen=True):
    """One place of a project where a construct stands that some tool does not treat as Docker does."""

    construct: str
    path: Path
    """In the canonical model: `("services", "web", "configs")`."""
    what: Construct

    @property
    def service(self) -> str:
        """The service it belongs to; empty for networks and the like."""
        return str(self.path[1]) if self.path[0] == "services" else ""

    def support(self, tool: str) -> Support:
        """What `tool` (a name of knowledge.podman.TOOLS) makes of it."""
        return self.what.podman_compose if tool == "podman_compose" else self.what.podman


def uses(model: Mapping[str, Any]) -> Iterator[Use]:
    """Every use of a construct that is not full under some tool, services in their order, then the file's top."""
    below = [(name, what) for name, what in constructs().items() if _differs(what)]
    services = model.get("services") or {}
    for service, settings in services.items():
        for name, what in below:
            if not name.startswith("/"):
                for path in _matches(name, settings, tuple(name.split("."))):
                    yield Use(name, ("services", service, *path), what)
    for name, what in below:
        if name.startswith("/"):
            for path in _matches(name, model, tuple(name[1:].split("."))):
                yield Use(name, path, what)


def _differs(what: Construct) -> bool:
    return any(level != "full" for level in (what.podman_compose, what.podman))


def _matches(name: str, value: Any, pattern: Sequence[str], path: Path = ()) -> Iterator[Path]:
    if not pattern:
        if name.removesuffix(".*") in _CACHES and _plain(value) == name.endswith(".*"):
            return
        if value not in _NOT_NEWS.get(name, ()) and (_says_something(value) or name in _NEWS_WHEN_FALSE):
            yield path
        return
    first, rest = pattern[0], pattern[1:]
    for key, part in _items(value):
        if first in ("*", key):
            yield from _matches(name, part, rest, (*path, key))


def _plain(value: Any) -> bool:
    """True for a repository, or a list of nothing else."""
    return all(_REPOSITORY.fullmatch(str(one)) for one in (value if isinstance(value, list) else [value]))


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)


def _says_something(value: Any) -> bool:
    """False for what the canonical form writes where nothing was given."""
    return value not in (None, "", False, 0, {}, [])


__all__ = ["TOOLS", "Use", "uses"]
