"""What the image of a stage says: user, working directory, command, ports, labels and so on, with origins.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: the `dispatch…` functions, image.go.
"""

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

from dockwright.dockerfile.instructions.types import (
    Cmd,
    Command,
    Entrypoint,
    Expose,
    Healthcheck,
    Label,
    Onbuild,
    Shell,
    ShellCommand,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from dockwright.dockerfile.ports import PortRange, parse_port
from dockwright.dockerfile.scopes import Variable
from dockwright.dockerfile.settings import BASE_SHELL, BASE_WORKDIR, BaseImage
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.lazy import once

T = TypeVar("T")
DEFAULT_SHELL = ("/bin/sh", "-c")


class Setting(msgspec.Struct, Generic[T], frozen=True):
    """A value and the instruction that set it (None: the base image or the builder)."""

    value: T
    command: Command | None = None
    stage: Stage | None = None


class HealthTest(msgspec.Struct, frozen=True):
    """HEALTHCHECK as the image stores it: the test (`NONE`, `CMD` or `CMD-SHELL` first), nanoseconds, retries."""

    test: tuple[str, ...]
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


class History(Generic[T]):
    """The values of one setting over a stage."""

    __slots__ = ("_positions", "_values", "inherited")

    def __init__(self, inherited: Setting[T] | None) -> None:
        self.inherited = inherited
        self._positions: list[int] = []
        self._values: list[Setting[T] | None] = []

    def add(self, position: int, value: Setting[T] | None) -> None:
        self._positions.append(position)
        self._values.append(value)

    @property
    def last(self) -> Setting[T] | None:
        return self._values[-1] if self._values else self.inherited

    def before(self, position: int) -> Setting[T] | None:
        index = bisect_left(self._positions, position)
        return self._values[index - 1] if index else self.inherited


class Table(Generic[T]):
    """Named values of a stage on top of those of its parent stage, without copying these."""

    __slots__ = ("own", "parent")

    def __init__(self, parent: "Table[T] | None" = None) -> None:
        self.parent = parent
        self.own: dict[str, Setting[T]] = {}

    def get(self, name: str) -> Setting[T] | None:
        table: Table[T] | None = self
        while table is not None:
            if name in table.own:
                return table.own[name]
            table = table.parent
        return None

    def items(self) -> dict[str, Setting[T]]:
        """All of them; the parent's first, each in the place where it first appeared."""
        chain: list[Table[T]] = []
        table: Table[T] | None = self
        while table is not None:
            chain.append(table)
            table = table.parent
        found: dict[str, Setting[T]] = {}
        for table in reversed(chain):
            found.update(table.own)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.items())


class StageConfig:
    """The effective settings of one stage.

    `complete` is False if the base image's own settings are not known. The histories answer for any instruction;
    the properties for the end of the stage. None means "not set" (or, if not `complete`, whatever the base says).
    """

    def __init__(self, stage: Stage, parent: "StageConfig | None", complete: bool) -> None:
        self.stage = stage
        self.complete = complete
        self.users: History[str] = History(parent.user if parent else None)
        self.workdirs: History[str] = History(parent.working_dir if parent else None)
        self.shells: History[tuple[str, ...]] = History(parent.shell if parent else None)
        self.labels: Table[str] = Table(parent.labels if parent else None)
        self.volumes: Table[None] = Table(parent.volumes if parent else None)
        self.port_ranges: Table[PortRange] = Table(parent.port_ranges if parent else None)
        self.cmd: Setting[tuple[str, ...]] | None = parent.cmd if parent else None
        self.entrypoint: Setting[tuple[str, ...]] | None = parent.entrypoint if parent else None
        self.healthcheck: Setting[HealthTest] | None = parent.healthcheck if parent else None
        self.stop_signal: Setting[str] | None = parent.stop_signal if parent else None
        self.onbuild: list[Setting[str]] = []

    @property
    def user(self) -> Setting[str] | None:
        return self.users.last

    @property
    def working_dir(self) -> Setting[str] | None:
        return self.workdirs.last

    @property
    def shell(self) -> Setting[tuple[str, ...]] | None:
        """The SHELL in force, None for the default `/bin/sh -c`."""
        return self.shells.last

    @once
    def env(self) -> dict[str, Variable]:
        """The variables the image has: ENV, not ARG."""
        return self.stage.scope.image()

    @once
    def exposed_ports(self) -> frozenset[str]:
        """`80/tcp` and so on, ranges spread out."""
        return frozenset(name for one in self.port_ranges.items().values() for name in one.value.names())

    def exposes(self, port: int, protocol: str = "tcp") -> bool:
        """True if EXPOSE names the port."""
        return any(
            one.value.first <= port <= one.value.last and one.value.protocol == protocol
            for one in self.port_ranges.items().values()
        )


def evaluate_config(stage: Stage, parent: StageConfig | None) -> StageConfig:
    """The settings of a stage on top of those of its parent stage."""
    image = stage.build.base_image(stage)
    scratch = stage.base.kind is SourceKind.SCRATCH
    complete = parent.complete if parent else (scratch or image is not None)
    config = StageConfig(stage, parent, complete)
    if parent is None:
        _start(config, image, scratch=scratch)
    if stage.base.kind is SourceKind.CONTEXT and stage.base.name == stage.name:
        return config  # the whole stage is replaced by a named context
    evaluation = _Evaluation(config)
    for index, command in enumerate(stage.commands):
        evaluation.dispatch(index, command)
    return config


def _start(config: StageConfig, image: BaseImage | None, *, scratch: bool) -> None:
    """What the base image (or scratch) brings."""
    if scratch:
        config.workdirs.inherited = Setting("/")
    elif image is None and config.stage.build.settings.symbolic:
        config.workdirs.inherited = Setting(BASE_WORKDIR)
    if image is not None:
        if image.working_dir:
            config.workdirs.inherited = Setting(normalize_workdir(image.working_dir, image.working_dir))
        if image.user:
            config.users.inherited = Setting(image.user)
        if image.shell:
            config.shells.inherited = Setting(image.shell)
        config.labels.own.update({name: Setting(value) for name, value in image.labels})
        config.volumes.own.update({name: Setting(None) for name in image.volumes})
        for port in image.exposed_ports:
            parsed = parse_port(port)
            if isinstance(parsed, PortRange):
                config.port_ranges.own[port] = Setting(parsed)
        config.cmd = Setting(image.cmd) if image.cmd else None
        config.entrypoint = Setting(image.entrypoint) if image.entrypoint else None
        config.healthcheck = Setting(HealthTest(image.healthcheck)) if image.healthcheck else None
        config.stop_signal = Setting(image.stop_signal) if image.stop_signal else None


class _Evaluation:
    """One pass over the instructions of a stage."""

    def __init__(self, config: StageConfig) -> None:
        self._config = config
        self._stage = config.stage
        self._cmd_here = False

    def dispatch(self, index: int, command: Command) -> None:
        handler = _HANDLERS.get(type(command))
        if handler is not None:
            handler(self, index, command)

    def _set(self, value: T, command: Command) -> Setting[T]:
        return Setting(value, command, self._stage)

    def _expanded(self, text: str, command: Command) -> str:
        return self._stage.expand(text, command).value

    def label(self, _: int, command: Label) -> None:
        for pair in command.pairs:
            key = self._expanded(pair.key.value, command)
            self._config.labels.own[key] = self._set(self._expanded(pair.value.value, command), command)

    def user(self, index: int, command: User) -> None:
        self._config.users.add(index, self._set(self._expanded(command.user.value, command), command))

    def workdir(self, index: int, command: Workdir) -> None:
        path = self._expanded(command.path.value, command)
        before = self._config.workdirs.last
        current = before.value if before else "/"
        self._config.workdirs.add(index, self._set(normalize_workdir(current, path), command))

    def shell(self, index: int, command: Shell) -> None:
        words = tuple(word.value for word in command.words)
        self._config.shells.add(index, self._set(words, command))

    def _command_line(self, command: ShellCommand) -> tuple[str, ...]:
        words = tuple(word.value for word in command.words)
        if command.form == "json":
            return words
        shell = self._config.shell
        prefix = shell.value if shell and shell.value else DEFAULT_SHELL
        if shell is None and not self._config.complete and self._stage.build.settings.symbolic:
            prefix = (BASE_SHELL,)
        return (*prefix, " ".join(words))

    def cmd(self, _: int, command: Cmd) -> None:
        self._config.cmd = self._set(self._command_line(command), command)
        self._cmd_here = True

    def entrypoint(self, _: int, command: Entrypoint) -> None:
        self._config.entrypoint = self._set(self._command_line(command), command)
        if not self._cmd_here:
            self._config.cmd = None

    def healthcheck(self, _: int, command: Healthcheck) -> None:
        words = tuple(word.value for word in command.words)
        kind = "NONE" if command.disabled else ("CMD" if command.form == "json" else "CMD-SHELL")
        test = HealthTest(
            test=(kind, *words),
            interval=command.interval,
            timeout=command.timeout,
            start_period=command.start_period,
            start_interval=command.start_interval,
            retries=command.retries,
        )
        self._config.healthcheck = self._set(test, command)

    def expose(self, _: int, command: Expose) -> None:
        for word in command.ports:
            for text in self._stage.expand_words(word.value, command).words:
                parsed = parse_port(text)
                if isinstance(parsed, PortRange):
                    key = f"{parsed.first}-{parsed.last}/{parsed.protocol}"
                    self._config.port_ranges.own[key] = self._set(parsed, command)

    def volume(self, _: int, command: Volume) -> None:
        for word in command.paths:
            self._config.volumes.own[self._expanded(word.value, command)] = self._set(None, command)

    def stopsignal(self, _: int, command: Stopsignal) -> None:
        self._config.stop_signal = self._set(self._expanded(command.signal.value, command), command)

    def onbuild(self, _: int, command: Onbuild) -> None:
        self._config.onbuild.append(self._set(command.expression, command))


_HANDLERS: dict[type[Command], Callable[..., None]] = {
    Cmd: _Evaluation.cmd,
    Entrypoint: _Evaluation.entrypoint,
    Expose: _Evaluation.expose,
    Healthcheck: _Evaluation.healthcheck,
    Label: _Evaluation.label,
    Onbuild: _Evaluation.onbuild,
    Shell: _Evaluation.shell,
    Stopsignal: _Evaluation.stopsignal,
    User: _Evaluation.user,
    Volume: _Evaluation.volume,
    Workdir: _Evaluation.workdir,
}


def normalize_workdir(current: str, path: str) -> str:
    """The working directory after WORKDIR `path`: an absolute path stays as written, a relative one is joined."""
    if path.startswith("/"):
        return path
    if current.startswith(BASE_WORKDIR) and ".." in path.split("/"):
        return f"{current}/{path}"  # how far up this leads is not known
    joined = posixpath.normpath(posixpath.join("/", current, path or "."))
    return "/" + joined.lstrip("/") if path else (current or "/")
