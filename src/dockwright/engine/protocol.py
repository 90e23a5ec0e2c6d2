"""What every container engine can do here, and the values it takes and gives. Nothing pushes, prunes or asks questions.

Sizes are bytes, times seconds, moments seconds since 1970. Methods raise `faults.Failed`; a build that fails is no
exception but a `BuildResult` with a `fault`. Every method can be cancelled and leaves no process behind then.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from dockwright.engine.faults import Fault


class Versions(msgspec.Struct, frozen=True):
    """Versions of the engine, its client, and what builds (buildx or Buildah); "" where it does not say."""

    engine: str
    client: str = ""
    builder: str = ""
    solver: str = ""
    """The version of BuildKit, where it is known."""
    driver: str = ""
    """How buildx reaches it: `docker` is the engine's own, others are builders beside it."""
    instance: str = ""
    """The name of the builder instance."""


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """The machine an engine runs on and how it keeps images."""

    name: str
    os: str
    architecture: str
    cpus: int
    memory: int
    storage: str
    root: str = ""
    content_store: bool = False
    """Images are kept by containerd, with their manifests and compressed layers."""

    @property
    def machine_class(self) -> str:
        """Machines of one class may be compared: `linux/x86_64, 2 cpu, 24 GB`."""
        return f"{self.os}/{self.architecture}, {self.cpus} cpu, {round(self.memory / (1 << 30))} GB"


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An image as lists show it."""

    id: str
    names: tuple[str, ...]
    size: int
    created: float


class ImageDetail(Image, frozen=True, kw_only=True):
    """An image with its configuration. `layers` are the ids of the layers' contents, the lowest first."""

    digests: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    os: str = ""
    architecture: str = ""
    env: tuple[tuple[str, str], ...] = ()
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    user: str = ""
    working_dir: str = ""
    shell: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    stop_signal: str = ""
    on_build: tuple[str, ...] = ()


class HistoryRow(msgspec.Struct, frozen=True):
    """One row of an image's history, the newest first as engines list it."""

    created_by: str
    size: int
    created: float
    comment: str = ""


class BuildRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One build. `context` and `dockerfile` are paths on this machine; `dockerfile_text` stands in for the file.

    With `keep` the result becomes an image of the engine under `tags`; without, it is built and thrown away. `secrets`
    and `ssh` are handed on as they are (`id=x,src=f`, `default`).
    """

    context: str
    dockerfile: str | None = None
    dockerfile_text: bytes | None = None
    target: str = ""
    args: tuple[tuple[str, str], ...] = ()
    contexts: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    platform: str = ""
    network: str = ""
    secrets: tuple[str, ...] = ()
    ssh: tuple[str, ...] = ()
    no_cache: bool = False
    pull: bool = False
    keep: bool = True
    timeout: float | None = None


class Vertex(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a build does. `name` is the engine's; `seconds` counts time once where it was done in several goes.

    `cached` says that the engine took it from its cache; one that neither began nor was cached was not needed.
    `group` holds vertices that are one instruction together. `log` are its last lines.
    """

    id: str
    name: str
    inputs: tuple[str, ...] = ()
    started: float | None = None
    completed: float | None = None
    seconds: float = 0.0
    cached: bool = False
    error: str = ""
    group: str = ""
    log: tuple[str, ...] = ()
    bytes: int | None = None
    """Bytes that were sent or fetched for it, where the engine says."""
    done: str = ""
    """What was fetched or sent last, in the engine's words."""
    facts: tuple[str, ...] = ()
    """Lines of its output that say how long fetching took (apt's), kept wherever they stand."""
    place: tuple[int, int] | None = None
    """The stage's index and the number of the instruction in it (FROM is 1), where the engine numbers these itself."""

    @property
    def executed(self) -> bool:
        return self.started is not None and not self.cached

    @property
    def succeeded(self) -> bool:
        return self.cached or (self.completed is not None and not self.error)


class Warned(msgspec.Struct, frozen=True):
    """A warning of the builder, with the line of the Dockerfile where it names one."""

    text: str
    line: int = 0


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a build. `argv` is redacted; `said` are its last lines that are about no step."""

    argv: tuple[str, ...]
    code: int | None
    started: float
    seconds: float
    vertices: tuple[Vertex, ...]
    warnings: tuple[Warned, ...] = ()
    said: tuple[str, ...] = ()
    image: str = ""
    """The id of the image that was made; "" where none was kept."""
    fault: Fault | None = None


Watch = Callable[[Vertex], None]
"""Told of every change of a vertex while a build runs; it must not take long and must not raise."""


class Engine(Protocol):
    """A container engine."""

    @property
    def name(self) -> str:
        """`docker`, `podman`, `fake`."""
        ...

    @property
    def builder(self) -> str:
        """The builder instance that builds, "" for the usual one."""
        ...

    async def versions(self) -> Versions:
        """Its versions; the cheapest question that shows whether it answers."""
        ...

    async def info(self) -> Info: ...

    async def images(self) -> tuple[Image, ...]:
        """All images, by id; intermediate ones without a name are among them where the engine lists them."""
        ...

    async def image(self, reference: str) -> ImageDetail: ...

    async def history(self, reference: str) -> tuple[HistoryRow, ...]: ...

    def save(self, *references: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The images as one tar, in pieces as they come; leaving the block early ends the export."""
        ...

    def command(self, request: BuildRequest) -> tuple[str, ...]:
        """The command line that `build` runs, for people to repeat (files it only needs to read the result are left out)."""
        ...

    async def build(self, request: BuildRequest, watch: Watch | None = None) -> BuildResult: ...

    async def untag(self, name: str) -> None:
        """Take a name away from an image, and the image with it if that was its last. For names we gave ourselves."""
        ...
