"""What engines print as JSON, read: versions, machine, images, history. Unknown keys are passed over, absent ones empty.

Sources: docker/cli `version`, `info`, `image inspect`, `history` with `{{json .}}`; containers/podman the same commands.
Both give images in the shape of moby/moby api/types/image InspectResponse.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from dockwright.engine.faults import Failed, Kind, fault
from dockwright.engine.process import Done
from dockwright.engine.protocol import HistoryRow, Image, ImageDetail
from dockwright.engine.rawjson import moment

Read = TypeVar("Read")


def read(done: Done, shape: type[Read]) -> Read:
    """An answer as JSON of a shape. Raises Failed when it is none."""
    return decode(done.out, shape, done.argv)


def decode(data: bytes, shape: type[Read], argv: tuple[str, ...]) -> Read:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        text = data[:200].decode("utf-8", "replace")
        raise Failed(fault(Kind.NOT_UNDERSTOOD, f"`{argv[0]}` gave an answer that is not understood ({error})", argv,
                           0, text)) from error  # fmt: skip


def lines(done: Done, shape: type[Read]) -> Iterator[Read]:
    """An answer with one JSON value a line."""
    for line in done.out.splitlines():
        if line.strip():
            yield decode(line, shape, done.argv)


class _Config(msgspec.Struct):
    Env: tuple[str, ...] | None = None
    Entrypoint: tuple[str, ...] | str | None = None
    Cmd: tuple[str, ...] | str | None = None
    User: str = ""
    WorkingDir: str = ""
    Shell: tuple[str, ...] | None = None
    Labels: Mapping[str, str] | None = None
    ExposedPorts: Mapping[str, object] | None = None
    Volumes: Mapping[str, object] | None = None
    StopSignal: str = ""
    OnBuild: tuple[str, ...] | None = None


class _RootFs(msgspec.Struct):
    Layers: tuple[str, ...] | None = None


class Inspected(msgspec.Struct):
    """One image as `image inspect` prints it."""

    Id: str
    RepoTags: tuple[str, ...] | None = None
    RepoDigests: tuple[str, ...] | None = None
    Created: str = ""
    Size: int = 0
    Os: str = ""
    Architecture: str = ""
    Config: _Config | None = None
    RootFS: _RootFs | None = None

    @property
    def id(self) -> str:
        return self.Id if ":" in self.Id else f"sha256:{self.Id}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.RepoTags or () if "<none>" not in name)

    def image(self) -> Image:
        return Image(id=self.id, names=self.names, size=self.Size, created=moment(self.Created) or 0.0)

    def detail(self) -> ImageDetail:
        config = self.Config or _Config()
        return ImageDetail(
            id=self.id,
            names=self.names,
            size=self.Size,
            created=moment(self.Created) or 0.0,
            digests=self.RepoDigests or (),
            layers=(self.RootFS.Layers or ()) if self.RootFS is not None else (),
            os=self.Os,
            architecture=self.Architecture,
            env=tuple((name, value) for name, _, value in (one.partition("=") for one in config.Env or ())),
            entrypoint=_words(config.Entrypoint),
            cmd=_words(config.Cmd),
            user=config.User,
            working_dir=config.WorkingDir,
            shell=config.Shell or (),
            labels=config.Labels or {},
            exposed_ports=tuple(config.ExposedPorts or ()),
            volumes=tuple(config.Volumes or ()),
            stop_signal=config.StopSignal,
            on_build=config.OnBuild or (),
        )


def _words(given: tuple[str, ...] | str | None) -> tuple[str, ...] | None:
    return (given,) if isinstance(given, str) else given


class DockerRow(msgspec.Struct):
    """A row of `docker history --human=false`: sizes are texts there."""

    CreatedBy: str = ""
    Size: str = "0"
    CreatedAt: str = ""
    Comment: str = ""

    def row(self) -> HistoryRow:
        size = int(self.Size) if self.Size.isdigit() else 0
        return HistoryRow(self.CreatedBy, size, moment(self.CreatedAt) or 0.0, self.Comment)


class PodmanRow(msgspec.Struct):
    """A row of `podman history --format json`."""

    CreatedBy: str = ""
    size: int = 0
    created: str = ""
    comment: str = ""

    def row(self) -> HistoryRow:
        return HistoryRow(self.CreatedBy, self.size, moment(self.created) or 0.0, self.comment)
