"""Podman, by its command line. It builds with Buildah, whose cache goes by whole layers and instruction texts."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec

from dockwright.engine.building import options, run_build
from dockwright.engine.faults import Failed, Kind, fault, kind_of
from dockwright.engine.plain import Plain
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
    Watch,
)
from dockwright.engine.readings import Inspected, PodmanRow, read
from dockwright.engine.saving import exported
from dockwright.engine.vertices import Vertices


class _Version(msgspec.Struct):
    Version: str = ""


class _Versions(msgspec.Struct):
    Client: _Version | None = None
    Server: _Version | None = None


class _Host(msgspec.Struct):
    hostname: str = ""
    os: str = ""
    arch: str = ""
    cpus: int = 0
    memTotal: int = 0  # noqa: N815 - as it is called there
    buildahVersion: str = ""  # noqa: N815


class _Store(msgspec.Struct):
    graphDriverName: str = ""  # noqa: N815
    graphRoot: str = ""  # noqa: N815


class _Info(msgspec.Struct):
    host: _Host
    store: _Store


class _Listed(msgspec.Struct):
    Id: str
    Names: tuple[str, ...] | None = None
    Size: int = 0
    Created: int = 0


class Podman:
    """A Podman; `connection` names one of `podman system connection` ("" is this machine or the default)."""

    name = "podman"
    builder = ""

    def __init__(self, connection: str = "", program: str | None = None) -> None:
        self.connection = connection
        self._program = program

    @property
    def _head(self) -> tuple[str, ...]:
        program = self._program or find("podman")
        if program is None:
            raise Failed(fault(Kind.NOT_INSTALLED, "there is no podman on PATH", ("podman",)))
        return (program, "--connection", self.connection) if self.connection else (program,)

    async def _ask(self, *words: str) -> Done:
        done = await run((*self._head, *words))
        if done.code:
            what = " ".join(words[:2])
            raise Failed(
                fault(kind_of(done.said), f"`podman {what}` failed", done.argv, done.code, done.said)
            )
        return done

    async def versions(self) -> Versions:
        found = read(await self._ask("version", "--format", "json"), _Versions)
        host = (await self._info()).host
        client = found.Client.Version if found.Client is not None else ""
        server = found.Server.Version if found.Server is not None else client
        return Versions(server, client, host.buildahVersion)

    async def _info(self) -> _Info:
        return read(await self._ask("info", "--format", "json"), _Info)

    async def info(self) -> Info:
        found = await self._info()
        host = found.host
        return Info(
            name=host.hostname,
            os=host.os,
            architecture={"amd64": "x86_64", "arm64": "aarch64"}.get(host.arch, host.arch),
            cpus=host.cpus,
            memory=host.memTotal,
            storage=found.store.graphDriverName,
            root=found.store.graphRoot,
        )

    async def images(self) -> tuple[Image, ...]:
        listed = read(await self._ask("images", "--format", "json"), tuple[_Listed, ...])
        found: dict[str, Image] = {}
        for one in listed:
            names = tuple(one.Names or ())
            id_ = f"sha256:{one.Id.removeprefix('sha256:')}"
            known = found.get(id_)
            both = (*known.names, *names) if known is not None else names
            found[id_] = Image(
                id=id_, names=tuple(dict.fromkeys(both)), size=one.Size, created=float(one.Created)
            )
        return tuple(sorted(found.values(), key=lambda one: one.id))

    async def image(self, reference: str) -> ImageDetail:
        return read(await self._ask("image", "inspect", "--", reference), tuple[Inspected, ...])[0].detail()

    async def history(self, reference: str) -> tuple[HistoryRow, ...]:
        done = await self._ask("history", "--human=false", "--no-trunc", "--format", "json", "--", reference)
        return tuple(one.row() for one in read(done, tuple[PodmanRow, ...]))

    def save(self, *references: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        several = ("--multi-image-archive",) if len(references) > 1 else ()
        return exported((*self._head, "save", "--quiet", *several, "--", *references))

    def command(self, request: BuildRequest) -> tuple[str, ...]:
        return ("podman", *self._head[1:], *self._words(request))

    def _words(self, request: BuildRequest, *more: str) -> tuple[str, ...]:
        return ("build", "--layers", *more, *options(request), request.context)

    async def build(self, request: BuildRequest, watch: Watch | None = None) -> BuildResult:
        """Build; Podman always makes an image: what is not to be kept is left without a name."""
        listener = Plain(Vertices(watch))
        with tempfile.TemporaryDirectory(prefix="dockwright-") as folder:
            file = Path(folder, "id")
            argv = (*self._head, *self._words(request, f"--iidfile={file}"))
            return await run_build(
                argv, self.command(request), request, listener, lambda: _read(file), gently=True
            )

    async def untag(self, name: str) -> None:
        await self._ask("rmi", "--no-prune", "--", name)


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
