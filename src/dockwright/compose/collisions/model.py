"""Claims: what a resolved project takes of the machine it runs on, for itself alone or to share.

Read from the canonical model (plain data, as `docker compose config --format json` prints it), with the path of each
claim in that model, so that the caller can say which file and line it comes from.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

Model = Mapping[str, Any]
Path = tuple[str | int, ...]


class Kind(StrEnum):
    """What is claimed."""

    PROJECT = "project name"
    CONTAINER = "container name"
    PORT = "host port"
    VOLUME = "volume"
    NETWORK = "network"
    SUBNET = "subnet"
    IMAGE = "image tag"
    BIND = "host path"


class Effect(StrEnum):
    """What comes of two projects that claim the same."""

    REFUSED = "refused"
    """The second does not start."""
    REPLACED = "replaced"
    """The second takes the first one's containers, or its image, as its own."""
    SHARED = "shared"
    """Both run and meet in the same data or network."""


class Claim(msgspec.Struct, frozen=True):
    """One thing taken. `own`: made under a name that holds the project's name, so another project name frees it."""

    kind: Kind
    value: str
    path: Path
    own: bool = False
    external: bool = False
    """Made by somebody else: meant to be shared."""
    read_only: bool = False

    @property
    def service(self) -> str:
        """The service it belongs to; empty for networks, volumes and the project itself."""
        return str(self.path[1]) if len(self.path) > 1 and self.path[0] == "services" else ""


class Collision(msgspec.Struct, frozen=True):
    """Two claims that meet."""

    kind: Kind
    value: str
    effect: Effect
    a: Claim
    b: Claim


class EmbeddedPort(msgspec.Struct, frozen=True):
    """A setting that repeats a host port of the project: it goes wrong silently when the port is moved."""

    port: str
    path: Path
    published: Path
    text: str
    """The part of the value that holds the port (`localhost:8080`); never a whole value, which may hold a secret."""
