"""The graph of a target: its stages in file order, each instruction that makes an operation made one.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: toDispatchState, dispatchStages.
"""

from dockwright.dockerfile.build import MAX_CHAIN
from dockwright.dockerfile.graph import Target
from dockwright.dockerfile.instructions.types import (
    Add,
    Arg,
    Command,
    Copy,
    Env,
    Mount,
    Run,
    Transfer,
    Workdir,
)
from dockwright.dockerfile.nodes import Layer, Problem
from dockwright.dockerfile.operations.copies import CopyMaker, RefusedSourceError, file_vertex, owners
from dockwright.dockerfile.operations.engine import NEWEST, Engine, RunOptions
from dockwright.dockerfile.operations.image import config_places, image_config
from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    Action,
    BuildGraph,
    FileBody,
    MergeBody,
    Mkdir,
    Origin,
    SourceBody,
)
from dockwright.dockerfile.operations.names import Namer, Shown
from dockwright.dockerfile.operations.origins import origin_of
from dockwright.dockerfile.operations.runs import RunMaker
from dockwright.dockerfile.operations.sources import SourceTable
from dockwright.dockerfile.operations.vertices import Vertex, as_operations
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.trees.paths import clean

MAX_VARIABLES = 500_000
"""Most variables that all processes of one graph may be given together."""


def build_graph(
    target: Target | Problem, engine: Engine = NEWEST, options: RunOptions | None = None
) -> BuildGraph | Problem:
    """The operations of a target, or the first error BuildKit would stop at."""
    if isinstance(target, Problem):
        return target
    if target.problems:
        return target.problems[0]
    try:
        return _GraphBuilder(target, engine, options or RunOptions()).graph()
    except RefusedSourceError as refused:
        return refused.problem


class _GraphBuilder:
    def __init__(self, target: Target, engine: Engine, options: RunOptions) -> None:
        self._target = target
        self._build = target.build
        self._engine = engine
        self._options = options
        self._sources = SourceTable(self._build)
        self._states: dict[int, Vertex | None] = {}
        self._platforms: dict[int, Platform] = {}
        self._left = MAX_VARIABLES
        self._shown = Shown()
        self._assigned: list[tuple[str, Origin]] = []

    def graph(self) -> BuildGraph | Problem:
        for stage in self._target.reached:
            if self._build.cut(stage):
                return _too_long(stage)
            self._stage(stage)
            if self._left < 0:
                return _too_many(stage)
        self._sources.finish()
        output = self._states[self._target.stage.index]
        operations = as_operations(output)
        return BuildGraph(
            operations,
            len(operations) - 1 if operations else None,
            image_config(self._target.stage),
            self._sources.unknown,
            config_places(self._target.stage),
            tuple(self._assigned),
            self._build.tree.file.path,
        )

    # -- stages

    def _stage(self, stage: Stage) -> None:
        namer = Namer(stage, stage.label if self._sources.many_states else "", self._shown)
        self._platforms[stage.index] = self._platform(stage)
        self._states[stage.index] = self._base(stage, namer)
        if stage.base.kind is SourceKind.CONTEXT and stage.base.name == stage.name:
            return  # the whole stage is replaced by a named context
        triggers = len(stage.triggers)
        for number, command in enumerate(stage.commands):
            if isinstance(command, (Run, Transfer, Workdir)):
                origin = origin_of(stage, command, trigger=number < triggers)
                self._dispatch(stage, command, namer, origin)
            elif isinstance(command, (Arg, Env)):
                origin = origin_of(stage, command, trigger=number < triggers)
                self._assigned += [(name, origin) for name in _assigned_by(command)]

    def _platform(self, stage: Stage) -> Platform:
        if stage.parent is not None:
            return self._platforms[stage.parent.index]
        if stage.base.kind is SourceKind.IMAGE and stage.platform is not None:
            return stage.platform
        return self._build.settings.platform

    def _base(self, stage: Stage, namer: Namer) -> Vertex | None:
        base = stage.base
        if base.stage is not None:
            return self._states[base.stage.index]
        vertex = self._sources.of(base, self._platforms[stage.index])
        if vertex is not None and base.kind is SourceKind.IMAGE:
            vertex.name = namer.first(vertex.name)
            vertex.origin = origin_of(stage, stage.from_)
        return vertex

    def _dispatch(
        self, stage: Stage, command: Run | Transfer | Workdir, namer: Namer, origin: Origin
    ) -> None:
        base = self._states[stage.index]
        if isinstance(command, Workdir):
            vertex = self._workdir(stage, command, base)
        elif isinstance(command, Run):
            vertex = self._run(stage, command, base)
        else:
            self._states[stage.index] = self._transfer(stage, command, base, namer, origin)
            return
        if vertex is not None:
            vertex.name = namer.next(namer.text(command), trigger=origin.trigger)
            vertex.origin = origin
            self._states[stage.index] = vertex

    def _cwd(self, stage: Stage, command: Command) -> str:
        return stage.workdir_before(command) or "/"

    # -- instructions

    def _workdir(self, stage: Stage, command: Workdir, base: Vertex | None) -> Vertex | None:
        path = stage.workdir_after(command) or "/"
        if path == "/":
            return None
        user, group = owners(stage.user_before(command) or "")
        epoch = self._build.epoch
        what = Mkdir(
            clean(path), parents=True, user=user, group=group, timestamp=-1 if epoch is None else epoch
        )
        slots = [] if base is None else [base]
        return Vertex(FileBody((Action(what, NO_INPUT if base is None else 0, NO_INPUT, last=True),)), slots)

    def _run(self, stage: Stage, command: Run, base: Vertex | None) -> Vertex:
        def source_of(mount: Mount) -> Vertex | None:
            field = mount.get("from")
            if field is None or not field.value:
                return None if mount.type == "cache" else self._sources.context()
            for source in stage.sources_named_by(command):
                if source.span == (field.value_span or field.span):
                    if source.stage is not None:
                        return self._states[source.stage.index]
                    return self._sources.of(source, self._build.settings.platform)
            return None

        self._sources.note_mounts(stage, command)
        env = tuple(stage.environment_before(command).as_list())
        self._left -= len(env)
        maker = RunMaker(stage, command, self._cwd(stage, command), self._engine, self._options, source_of)
        return maker.vertex(base, env, self._platforms[stage.index])

    def _transfer(
        self, stage: Stage, command: Transfer, base: Vertex | None, namer: Namer, origin: Origin
    ) -> Vertex:
        text = namer.text(command)
        name = namer.next(text, trigger=origin.trigger)

        def named(body: SourceBody) -> Vertex:
            return Vertex(body, name=name)

        maker = CopyMaker(stage, command, self._cwd(stage, command), named)
        copies = maker.copies(self._copied_from(stage, command, origin))
        if command.link and not maker.mode_given and self._engine.merge:
            vertex = file_vertex(None, copies)
            vertex.name, vertex.origin = name, origin
            if base is None:
                return vertex
            linked = namer.again(f"LINK {text}", trigger=origin.trigger)
            return Vertex(MergeBody(), [base, vertex], name=linked, origin=origin)
        vertex = file_vertex(base, copies)
        vertex.name, vertex.origin = name, origin
        return vertex

    def _copied_from(self, stage: Stage, command: Transfer, origin: Origin) -> Vertex | None:
        for source in stage.sources_named_by(command) if isinstance(command, Copy) else ():
            if source.stage is not None:
                return self._states[source.stage.index]
            vertex = self._sources.of(source, self._build.settings.platform)
            if vertex is not None:
                vertex.origin = origin
            return vertex
        if isinstance(command, (Copy, Add)):
            self._sources.note_copy(stage, command)
        return self._sources.context()


def _assigned_by(command: Arg | Env) -> list[str]:
    """Names of variables as they are written (a name may hold variables itself: then it is not found by it)."""
    if isinstance(command, Arg):
        return [one.name.value for one in command.declarations]
    return [pair.key.value for pair in command.pairs]


def _too_long(stage: Stage) -> Problem:
    lines = (stage.from_.node.first_line, stage.from_.node.last_line)
    message = f"more than {MAX_CHAIN} stages built one on the other are not followed"
    return Problem(message, stage.from_.span, lines, Layer.BUILD)


def _too_many(stage: Stage) -> Problem:
    lines = (stage.from_.node.first_line, stage.from_.node.last_line)
    message = "the processes of the build have too many variables together to be followed"
    return Problem(message, stage.from_.span, lines, Layer.BUILD)
