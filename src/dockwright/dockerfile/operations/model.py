"""The values of a build graph.

Operations have BuildKit's shape (moby/buildkit solver/pb/ops.proto): what they are is in `body`, what they work on
in `inputs`, indexes of earlier operations. Places and names are beside that, in `origins` and `name`.
"""

from enum import Enum

import msgspec

from dockwright.dockerfile.config import HealthTest
from dockwright.dockerfile.platforms import Platform
from dockwright.text import Span

NO_INPUT = -1
"""An action or mount without an input: it starts from nothing (pb.Empty)."""
NO_OUTPUT = -1
"""A mount whose changes are dropped (pb.SkipOutput)."""


class Origin(msgspec.Struct, frozen=True):
    """Where an operation comes from.

    `lines` are those of the instruction (1-based, inclusive), `span` its bytes in the file at `path`. A trigger of
    ONBUILD keeps its own place there; `trigger` says so, and `stage_line` is the line of the FROM that ran it.
    """

    path: str
    stage: str
    stage_index: int
    instruction: str
    text: str
    lines: tuple[int, int]
    span: Span
    stage_line: int
    trigger: bool = False

    @property
    def place(self) -> str:
        """`Dockerfile:12`."""
        return f"{self.path}:{self.lines[0]}"


class SourceKind(Enum):
    """What a source operation fetches."""

    IMAGE = "image"
    LOCAL = "local"
    HTTP = "http"
    GIT = "git"


class Owner(msgspec.Struct, frozen=True):
    """One half of `--chown`: a number, or a name to look up in the target's own /etc/passwd or /etc/group."""

    id: int = 0
    name: str = ""


class Copy(msgspec.Struct, frozen=True):
    """A copy from another input into the one being made. `src` is absolute there, `dest` absolute here.

    `mode` is -1 where it is not changed; `symbolic_mode` is chmod's own notation. A tar archive is unpacked with
    `unpack`; `required` paths must exist (`--parents`).
    """

    src: str
    dest: str
    user: Owner | None = None
    group: Owner | None = None
    mode: int = -1
    symbolic_mode: str = ""
    follow: bool = False
    contents: bool = False
    unpack: bool = False
    wildcard: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class Mkdir(msgspec.Struct, frozen=True):
    """A directory made; `timestamp` is in nanoseconds, -1 where the build says none."""

    path: str
    mode: int = 0o755
    parents: bool = False
    user: Owner | None = None
    group: Owner | None = None
    timestamp: int = -1


class Mkfile(msgspec.Struct, frozen=True):
    """A file made with the given content: a heredoc."""

    path: str
    data: str
    mode: int = 0o644


class Action(msgspec.Struct, frozen=True):
    """One step of a file operation on input `target`, for copies from input `source`.

    Indexes at or beyond the number of inputs mean the result of an earlier action of the same operation. Only the
    last action of an operation has an output.
    """

    what: Copy | Mkdir | Mkfile
    target: int
    source: int
    last: bool


class MountType(Enum):
    """The kinds of mounts of a process, with BuildKit's numbers."""

    BIND = 0
    SECRET = 1
    SSH = 2
    CACHE = 3
    TMPFS = 4


class ExecMount(msgspec.Struct, frozen=True):
    """A mount of a process. The root file system is the bind mount at `/` with output 0."""

    dest: str
    type: MountType = MountType.BIND
    input: int = 0
    selector: str = ""
    read_only: bool = False
    output: int = 0
    id: str = ""
    sharing: int = 0
    size: int = 0
    uid: int = 0
    gid: int = 0
    mode: int = 0
    optional: bool = False


class SecretVariable(msgspec.Struct, frozen=True):
    """A secret handed over as a variable."""

    id: str
    name: str
    optional: bool


class SourceBody(msgspec.Struct, frozen=True):
    """Something fetched. `identifier` is BuildKit's (`docker-image://…`, `local://context`), `attrs` what goes with it."""

    kind: SourceKind
    identifier: str
    attrs: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    platform: Platform | None = None


class FileBody(msgspec.Struct, frozen=True):
    """COPY, ADD, WORKDIR, and the internal files of heredocs and cache mounts."""

    actions: tuple[Action, ...]


class ExecBody(msgspec.Struct, frozen=True):
    """RUN. `env` is ordered; `user` is "" for root, None where only the (unknown) base image says.

    `cwd` is None likewise. `network`: 0 sandbox, 1 host, 2 none; `security`: 1 insecure. Proxy variables and the
    addresses of added hosts are no part of the cache key.
    """

    args: tuple[str, ...]
    env: tuple[str, ...]
    cwd: str | None
    user: str | None
    mounts: tuple[ExecMount, ...]
    platform: Platform
    network: int = 0
    security: int = 0
    hostname: str = ""
    cgroup_parent: str = ""
    hosts: tuple[tuple[str, str], ...] = ()
    ulimits: tuple[tuple[str, int, int], ...] = ()
    devices: tuple[tuple[str, bool], ...] = ()
    secret_env: tuple[SecretVariable, ...] = ()
    proxy: tuple[tuple[str, str], ...] = ()


class MergeBody(msgspec.Struct, frozen=True):
    """Layers laid one over the other: COPY and ADD with `--link`."""


Body = SourceBody | FileBody | ExecBody | MergeBody


class Operation(msgspec.Struct, frozen=True):
    """One vertex of the graph. `inputs` are positions in `BuildGraph.operations`, all smaller than its own.

    `name` is what BuildKit shows while it builds (`[build 2/5] RUN make`). Equal operations are one, with an origin for
    each place that asks for it; internal ones (the build context) have none.
    """

    body: Body
    inputs: tuple[int, ...]
    name: str
    origins: tuple[Origin, ...] = ()

    @property
    def origin(self) -> Origin | None:
        return self.origins[0] if self.origins else None

    @property
    def kind(self) -> str:
        """`source`, `file`, `exec` or `merge`."""
        return _KINDS[type(self.body)]


_KINDS: dict[type, str] = {SourceBody: "source", FileBody: "file", ExecBody: "exec", MergeBody: "merge"}


class ImageConfig(msgspec.Struct, frozen=True):
    """What the image of a target says. `base` names the base image where its own settings are not known: they lie
    under these. Ports, labels and volumes are sorted by name, as their order has no meaning.
    """

    base: str | None
    env: tuple[tuple[str, str], ...]
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    user: str | None
    working_dir: str | None
    ports: tuple[str, ...]
    volumes: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    health: HealthTest | None
    stop_signal: str | None
    shell: tuple[str, ...] | None
    onbuild: tuple[str, ...]
    author: str | None = None


class BuildGraph(msgspec.Struct, frozen=True):
    """The operations of one target, each after its inputs; `output` is the one whose result is the image.

    `output` is None for an empty image. `unknown_images` are the base and source images of which nothing but the name
    is known. `config_places` says where a setting of the image comes from: by the name of its field, or `variable NAME`,
    `label NAME`; `assignments` are all ARG and ENV of the stages that are built, by name, in order. `path` is the Dockerfile's.
    """

    operations: tuple[Operation, ...]
    output: int | None
    config: ImageConfig
    unknown_images: tuple[str, ...] = ()
    config_places: tuple[tuple[str, Origin], ...] = ()
    assignments: tuple[tuple[str, Origin], ...] = ()
    path: str = ""
