"""Docker, by its command line: what we run, people can repeat by hand. Builds go through buildx, to any builder instance."""

import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec

from dockwright.engine.building import options, run_build
from dockwright.engine.faults import Failed, Kind, fault, kind_of
from dockwright.engine.process import Done, run
from dockwright.engine.programs import find
from dockwright.engine.protocol import (
    BuildRequest,
    BuildResult,
    HistoryRow,
    Image,
    ImageDetail,
    Info,
    Versions,
    Warned,
    Watch,
)
from dockwright.engine.rawjson import RawJson
from dockwright.engine.readings import DockerRow, Inspected, lines, read
from dockwright.engine.saving import exported
from dockwright.engine.vertices import Vertices

AT_ONCE = 100
"""Images that are asked about in one command."""
_VENDORED = {"23": "0.10", "24": "0.11", "25": "0.12", "26": "0.13"}
"""BuildKit inside Docker, where the engine itself does not know (Debian's builds say v0.0.0): Docker's release notes."""


class _Component(msgspec.Struct):
    Name: str = ""


class _Server(msgspec.Struct):
    Version: str = ""
    Components: tuple[_Component, ...] | None = None


class _Client(msgspec.Struct):
    Version: str = ""


class _Versions(msgspec.Struct):
    Client: _Client | None = None
    Server: _Server | None = None


class _Info(msgspec.Struct):
    Name: str = ""
    OSType: str = ""
    Architecture: str = ""
    NCPU: int = 0
    MemTotal: int = 0
    Driver: str = ""
    DriverStatus: tuple[tuple[str, str], ...] | None = None
    DockerRootDir: str = ""


class Docker:
    """A Docker engine: the one of `context` ("" is the current one), building with `builder` ("" is the current one)."""

    name = "docker"

    def __init__(self, context: str = "", builder: str = "", program: str | None = None) -> None:
        self.context = context
        self.builder = builder
        self._program = program

    @property
    def _head(self) -> tuple[str, ...]:
        program = self._program or find("docker")
        if program is None:
            raise Failed(fault(Kind.NOT_INSTALLED, "there is no docker on PATH", ("docker",)))
        return (program, "--context", self.context) if self.context else (program,)

    async def _ask(self, *words: str, limit: int = 64 << 20) -> Done:
        done = await run((*self._head, *words), limit=limit)
        if done.code:
            raise self._failed(done)
        return done

    def _failed(self, done: Done) -> Failed:
        words = " ".join(done.argv[1:3])
        kind = kind_of(done.said)
        return Failed(fault(kind, f"`docker {words}` failed", done.argv, done.code, done.said))

    async def versions(self) -> Versions:
        done = await run((*self._head, "version", "--format", "{{json .}}"))
        try:
            found = read(done, _Versions)
        except Failed:
            if done.code:
                raise self._failed(done) from None
            raise
        server = found.Server
        if server is None:
            raise self._failed(done) if done.code else self._is_no_docker(done)
        if server.Components and "Podman" in server.Components[0].Name:
            raise self._is_no_docker(done)
        buildx = await run((*self._head, "buildx", "version"))
        builder = re.search(r"\bv?(\d+\.\d+[\w.+-]*)", buildx.out.decode("utf-8", "replace"))
        client = found.Client.Version if found.Client is not None else ""
        if builder is None:
            return Versions(server.Version, client)
        solver, driver, instance = await self._instance(server.Version)
        return Versions(server.Version, client, builder[1], solver, driver, instance)

    def _is_no_docker(self, done: Done) -> Failed:
        message = f"{done.argv[0]} is Podman under Docker's name"
        return Failed(fault(Kind.NOT_ANSWERING, message, done.argv, done.code, done.said))

    async def _instance(self, engine: str) -> tuple[str, str, str]:
        """Of the builder instance BuildKit's version (its own word, or as Docker's version has it), driver and name."""
        words = ("buildx", "inspect", *((self.builder,) if self.builder else ()))
        done = await run((*self._head, *words))
        told: dict[str, str] = {}
        for line in done.out.decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            told.setdefault(name.strip().lower(), value.strip())
        driver = told.get("driver", "")
        said = re.match(r"v?(\d+\.\d+)", told.get("buildkit version") or told.get("buildkit") or "")
        if said is not None and said[1] != "0.0":
            return said[1], driver, told.get("name", "")
        own = driver in ("", "docker")
        return _VENDORED.get(engine.partition(".")[0], "") if own else "", driver, told.get("name", "")

    async def info(self) -> Info:
        found = read(await self._ask("info", "--format", "{{json .}}"), _Info)
        status = dict(found.DriverStatus or ())
        return Info(
            name=found.Name,
            os=found.OSType,
            architecture=found.Architecture,
            cpus=found.NCPU,
            memory=found.MemTotal,
            storage=found.Driver,
            root=found.DockerRootDir,
            content_store="containerd.snapshotter" in status.get("driver-type", ""),
        )

    async def images(self) -> tuple[Image, ...]:
        done = await self._ask("image", "ls", "--quiet", "--no-trunc")
        ids = list(dict.fromkeys(done.out.decode("ascii", "replace").split()))
        found: list[Image] = []
        for start in range(0, len(ids), AT_ONCE):
            some = await run((*self._head, "image", "inspect", *ids[start : start + AT_ONCE]))
            # one that has gone in between makes the command fail, and the others are still printed
            found += [one.image() for one in read(some, tuple[Inspected, ...])]
        return tuple(sorted(found, key=lambda one: one.id))

    async def image(self, reference: str) -> ImageDetail:
        return read(await self._ask("image", "inspect", "--", reference), tuple[Inspected, ...])[0].detail()

    async def history(self, reference: str) -> tuple[HistoryRow, ...]:
        done = await self._ask(
            "history", "--human=false", "--no-trunc", "--format", "{{json .}}", "--", reference
        )
        return tuple(one.row() for one in lines(done, DockerRow))

    def save(self, *references: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return exported((*self._head, "image", "save", "--", *references))

    def command(self, request: BuildRequest) -> tuple[str, ...]:
        return (*_plain(self._head), *self._words(request))

    def _words(self, request: BuildRequest, *more: str) -> tuple[str, ...]:
        builder = (f"--builder={self.builder}",) if self.builder else ()
        output = "--load" if request.keep else "--output=type=cacheonly"
        return ("buildx", "build", *builder, *more, *options(request), output, request.context)

    async def build(self, request: BuildRequest, watch: Watch | None = None) -> BuildResult:
        listener = _Listener(Vertices(watch))
        with tempfile.TemporaryDirectory(prefix="dockwright-") as folder:
            file = Path(folder, "metadata.json")
            words = self._words(request, "--progress=rawjson", f"--metadata-file={file}")
            return await run_build(
                (*self._head, *words), self.command(request), request, listener, lambda: _image_id(file)
            )

    async def untag(self, name: str) -> None:
        await self._ask("image", "rm", "--no-prune", "--", name)


def _plain(head: tuple[str, ...]) -> tuple[str, ...]:
    """The head of a command as people write it."""
    return ("docker", *head[1:])


def _image_id(metadata: Path) -> str:
    """The id of the image in a metadata file (docker/buildx: `containerimage.config.digest`); "" where it has none."""
    try:
        found: Mapping[str, object] = msgspec.json.decode(metadata.read_bytes(), type=dict[str, object])
    except (OSError, msgspec.DecodeError):
        return ""
    return str(found.get("containerimage.config.digest") or found.get("containerimage.digest") or "")


class _Listener:
    """Takes what buildx says: everything comes on standard error."""

    def __init__(self, vertices: Vertices) -> None:
        self.vertices = vertices
        self._raw = RawJson(vertices)

    def out(self, chunk: bytes) -> None:
        """Nothing of use comes here."""

    def err(self, chunk: bytes) -> None:
        self._raw.feed(chunk)

    def close(self) -> None:
        self._raw.close()

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(self._raw.text)

    @property
    def warned(self) -> tuple[Warned, ...]:
        return tuple(self._raw.warnings)
