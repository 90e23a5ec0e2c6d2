"""RUN as an exec operation: the process, and everything mounted into it.

Sources: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: dispatchRun, convert_runmount.go,
convert_secrets.go, convert_ssh.go; client/llb/exec.go: Marshal.
"""

import posixpath
from collections.abc import Callable

import msgspec

from dockwright.dockerfile.checks import mount_of
from dockwright.dockerfile.config import DEFAULT_SHELL
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import parse_bool
from dockwright.dockerfile.instructions.mounts import ResolvedMount, csv_fields
from dockwright.dockerfile.instructions.types import Mount, Run
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.copies import made_file
from dockwright.dockerfile.operations.engine import Engine, RunOptions
from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    NO_OUTPUT,
    Action,
    ExecBody,
    ExecMount,
    FileBody,
    Mkdir,
    MountType,
    Owner,
    SecretVariable,
)
from dockwright.dockerfile.operations.vertices import Vertex
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.settings import BASE_SHELL
from dockwright.dockerfile.stages import Stage
from dockwright.trees.paths import clean

HOSTNAME = "BUILDKIT_SANDBOX_HOSTNAME"
CACHE_NAMESPACE = "BUILDKIT_CACHE_MOUNT_NS"
"""Build arguments that are options of the frontend (moby/buildkit frontend/dockerui/config.go)."""
_NETWORKS = {"host": 1, "none": 2}
_SHARING = {"private": 1, "locked": 2}
_PIPES = "/dev/pipes/"
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a mount in the build, nothing here writes to it
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")


class _Mounted(msgspec.Struct, frozen=True):
    """A mount with a source, before inputs are numbered."""

    mount: ExecMount
    source: Vertex | None


class RunMaker:
    """Makes the exec operation of one RUN. `source_of` gives the vertex a mount takes files from."""

    def __init__(
        self,
        stage: Stage,
        command: Run,
        workdir: str,
        engine: Engine,
        options: RunOptions,
        source_of: Callable[[Mount], Vertex | None],
    ) -> None:
        self._stage = stage
        self._command = command
        self._workdir = workdir
        self._engine = engine
        self._options = options
        self._source_of = source_of
        self._mounted: list[_Mounted] = []
        self._secrets: list[ExecMount] = []
        self._secret_env: list[SecretVariable] = []
        self._sockets: list[ExecMount] = []

    def vertex(self, base: Vertex | None, env: tuple[str, ...], platform: Platform) -> Vertex:
        """The operation on root file system `base`."""
        args = self._args()
        for mount in self._command.mounts:
            found = mount_of(self._stage, self._command, mount)
            if not isinstance(found, Problem):  # a problem has been reported by `Target.problems`
                self._add(mount, found)
        if self._options.shm_size > 0:
            size = self._options.shm_size
            shm = ExecMount(_SHARED_MEMORY, MountType.TMPFS, NO_INPUT, output=NO_OUTPUT, size=size)
            self._mounted.append(_Mounted(shm, None))
        if self._sockets and not any(one.startswith("SSH_AUTH_SOCK=") for one in env):
            env = (*env, f"SSH_AUTH_SOCK={self._sockets[0].dest}")
        root = _Mounted(ExecMount("/"), base)
        mounted = sorted([root, *self._mounted], key=lambda one: one.mount.dest)
        slots = [one.source for one in mounted]
        numbered = [
            msgspec.structs.replace(one.mount, input=NO_INPUT if one.source is None else number)
            for number, one in enumerate(mounted)
        ]
        body = self._body(args, env, platform, (*numbered, *self._secrets, *self._sockets))
        return Vertex(body, slots)

    def _body(
        self, args: tuple[str, ...], env: tuple[str, ...], platform: Platform, mounts: tuple[ExecMount, ...]
    ) -> ExecBody:
        stage, command, options = self._stage, self._command, self._options
        user = stage.user_before(command)
        network = (command.network.value or "") if command.network else ""
        security = (command.security.value or "") if command.security else ""
        return ExecBody(
            args=args,
            env=env,
            cwd=self._workdir,
            user=user if user is not None else ("" if stage.config.complete else None),
            mounts=mounts,
            platform=platform,
            network=_NETWORKS.get(network) or _NETWORKS.get(options.network, 0),
            security=int(security == "insecure"),
            hostname=options.hostname or stage.build.settings.args.get(HOSTNAME, ""),
            cgroup_parent=options.cgroup_parent,
            hosts=options.hosts,
            ulimits=tuple((one.name, one.soft, one.hard) for one in options.ulimits),
            devices=tuple(_device(flag.value or "", command) for flag in command.devices),
            secret_env=tuple(self._secret_env),
            proxy=_proxies(stage),
        )

    def _args(self) -> tuple[str, ...]:
        """The process; a heredoc with `#!` is mounted as a file and run."""
        command = self._command
        if command.form == "json":
            return tuple(word.value for word in command.words)
        text = command.script.text
        if command.interpreter:
            name = command.heredocs[0].name
            mount = ExecMount(_PIPES, selector="/", read_only=True, output=NO_OUTPUT)
            self._mounted.append(_Mounted(mount, made_file(name, text, 0o755)))
            text = _PIPES + name
        shell = self._stage.shell_before(command)
        if shell is None:
            shell = DEFAULT_SHELL if self._stage.config.complete else (BASE_SHELL,)
        return (*(shell or DEFAULT_SHELL), text)

    # -- mounts

    def _add(self, mount: Mount, found: ResolvedMount) -> None:
        if found.type == "secret":
            self._secret(found)
        elif found.type == "ssh":
            self._ssh(found)
        else:
            self._plain(mount, found)
        if found.deferred:
            self._mark(found)

    def _mark(self, found: ResolvedMount) -> None:
        """What is unknown is the same only where the same is written: the id of the mount made last has to hold it."""
        words = " ".join(found.deferred)
        for made in (self._secrets, self._sockets):
            if made and found.type == ("secret" if made is self._secrets else "ssh"):
                made[-1] = msgspec.structs.replace(made[-1], id=f"{made[-1].id} {words}")
        if found.type not in ("secret", "ssh"):
            last = self._mounted[-1]
            marked = msgspec.structs.replace(last.mount, id=f"{last.mount.id} {words}")
            self._mounted[-1] = msgspec.structs.replace(last, mount=marked)

    def _input_of_secrets(self) -> int:
        return 0 if self._engine.hashes_secret_roots else NO_INPUT

    def _secret(self, found: ResolvedMount) -> None:
        id_ = found.source or found.id or posixpath.basename(found.target)
        target = found.target
        if found.env is None and not target:
            target = "/run/secrets/" + posixpath.basename(id_)
        optional = not found.required
        if found.env is not None:
            self._secret_env.append(SecretVariable(id_, found.env, optional))
        if target:
            self._secrets.append(
                ExecMount(
                    target,
                    MountType.SECRET,
                    self._input_of_secrets(),
                    id=id_,
                    uid=found.uid or 0,
                    gid=found.gid or 0,
                    mode=0o400 if found.mode is None else found.mode,
                    optional=optional,
                )
            )

    def _ssh(self, found: ResolvedMount) -> None:
        self._sockets.append(
            ExecMount(
                found.target or f"/run/buildkit/ssh_agent.{len(self._sockets)}",
                MountType.SSH,
                self._input_of_secrets(),
                id=found.id,
                uid=found.uid or 0,
                gid=found.gid or 0,
                mode=0o600 if found.mode is None else found.mode,
                optional=not found.required,
            )
        )

    def _plain(self, mount: Mount, found: ResolvedMount) -> None:
        """bind, cache, tmpfs."""
        target = found.target
        if not clean(target).startswith("/"):
            target = clean(f"/{self._workdir}/{target}")
            target = "/" + target.lstrip("/")
        source = None if found.type == "tmpfs" else self._source_of(mount)
        selector = clean(f"/{found.source}")
        if selector == "/":
            selector = ""
            if found.uid is not None or found.gid is not None or found.mode is not None:
                source, selector = self._cache_folder(source, found), "/cache"
        made = ExecMount(
            target,
            MountType[found.type.upper()],
            selector=selector,
            read_only=found.read_only,
            output=NO_OUTPUT,
        )
        if found.type == "tmpfs":
            made = msgspec.structs.replace(made, size=found.size)
        elif found.type == "cache":
            namespace = self._stage.build.settings.args.get(CACHE_NAMESPACE, "")
            cache_id = f"{namespace}/{found.id or clean(found.target)}"
            made = msgspec.structs.replace(made, id=cache_id, sharing=_SHARING.get(found.sharing, 0))
        self._mounted.append(_Mounted(made, source))

    def _cache_folder(self, source: Vertex | None, found: ResolvedMount) -> Vertex:
        """The folder a cache mount with an owner or a mode starts from: `setCacheUIDGID`."""
        mode = 0o755 if found.mode is None else found.mode
        what = Mkdir("/cache", mode & 0o777, user=Owner(found.uid or 0), group=Owner(found.gid or 0))
        target = NO_INPUT if source is None else 0
        slots = [] if source is None else [source]
        doing = "settings" if self._stage.build.tree.dialect is Dialect.V0_13 else "setting"
        name = f"[internal] {doing} cache mount permissions"
        return Vertex(FileBody((Action(what, target, NO_INPUT, last=True),)), slots, name=name)


def _device(value: str, command: Run) -> tuple[str, bool]:
    """Name, and whether it may be missing. Source: instructions/commands_rundevice.go: ParseDevice."""
    name, required = "", False
    for field in csv_fields(value, command.span):
        key, equals, text = field.partition("=")
        if key.lower() == "required":
            required = not equals or bool(parse_bool(text))
        elif equals and key.lower() == "name":
            name = text
        else:
            name = name or field
    return name, not required


def _proxies(stage: Stage) -> tuple[tuple[str, str], ...]:
    values = {name.lower(): value for name, value in sorted(stage.build.proxies.items())}
    return tuple((name, values[name]) for name in _PROXIES if name in values)
