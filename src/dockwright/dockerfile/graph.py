"""What building a stage takes: the stages it reaches, and the errors BuildKit would stop at.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: resolveTarget, buildStageDependencyGraph,
allReachableStages, and validations.go: validateCircularDependency.
"""

from collections.abc import Iterable

from dockwright.dockerfile.build import Build
from dockwright.dockerfile.checks import stage_problems
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import did_you_mean, quote
from dockwright.dockerfile.image_reference import parse_reference
from dockwright.dockerfile.nodes import NO_STAGES, Layer, Problem
from dockwright.dockerfile.stages import Stage
from dockwright.lazy import once
from dockwright.text import Span


def make_target(build: Build, name: str) -> "Target | Problem":
    """The target called `name`, the last stage if that is empty."""
    end = len(build.tree.file.data)
    if not build.stages:
        message = NO_STAGES if end else "the Dockerfile cannot be empty"
        return next(
            iter(build.tree.problems if end else ()), Problem(message, Span(0, end), (0, 0), Layer.BUILD)
        )
    if not name:
        return Target(build, build.stages[-1])
    stage = build.find(name)
    if stage is not None:
        return Target(build, stage)
    message = f"target stage {quote(name)} could not be found"
    # 0.13 makes no suggestion here
    labels = [] if build.tree.dialect is Dialect.V0_13 else [one.label for one in build.stages]
    return Problem(
        did_you_mean(message, name, labels, case_sensitive=True), Span(0, end), (0, 0), Layer.BUILD
    )


class Target:
    """The build of one stage."""

    def __init__(self, build: Build, stage: Stage) -> None:
        self.build = build
        self.stage = stage

    def __repr__(self) -> str:
        return f"<target {self.stage.label}>"

    @once
    def reached(self) -> tuple[Stage, ...]:
        """The stages that are built: base chain, COPY --from, mounts, ONBUILD; in file order."""
        return tuple(reach(self.stage))

    @once
    def unreached(self) -> tuple[Stage, ...]:
        """The stages that this build never touches."""
        found = {stage.index for stage in self.reached}
        return tuple(stage for stage in self.build.stages if stage.index not in found)

    @once
    def problems(self) -> tuple[Problem, ...]:
        """All errors in the order in which BuildKit would meet them; it stops at the first.

        The file's own (parser and instruction layer) come first. Then those of this build: some count in every
        stage (names, references, cycles), the rest only in stages that are reached.
        """
        build = self.build
        found = list(build.tree.problems)
        found += build.global_problems
        for stage in build.stages:
            problem = stage.base.problem
            if problem and stage.base.name:
                problem = None  # a broken reference is noticed later, when images are looked up
            found += [one for one in (problem, build.platform_problem(stage), _name_problem(stage)) if one]
        found += _graph_problems(build)
        for stage in self.reached:
            found += stage_problems(stage)
        return tuple(found)


def _name_problem(stage: Stage) -> Problem | None:
    """A name that could be no image's: every stage could be replaced by a named context, so it is read as a reference.

    Source: frontend/dockerui/config.go: NamedContext. `FROM alpine AS base-` parses, and cannot be built.
    """
    found = parse_reference(stage.name) if stage.name else ""
    if not isinstance(found, str) or not found:
        return None
    word = stage.from_.alias
    node = stage.from_.node
    span = word.span if word is not None else node.span
    message = f"invalid context name {stage.name}: {found}"
    return Problem(message, span, (node.first_line, node.last_line), Layer.BUILD)


def _edges(stage: Stage) -> Iterable[Stage]:
    if stage.base.stage is not None:
        yield stage.base.stage
    for source in stage.sources:
        if source.stage is not None:
            yield source.stage


def reach(stage: Stage) -> list[Stage]:
    """A stage and all it is built from, in file order."""
    seen = {stage.index: stage}
    waiting = [stage]
    while waiting:
        for other in _edges(waiting.pop()):
            if other.index not in seen:
                seen[other.index] = other
                waiting.append(other)
    return [seen[index] for index in sorted(seen)]


def reached_from_last(build: Build) -> frozenset[int]:
    """Indexes of the stages the default target reaches."""
    return frozenset(stage.index for stage in reach(build.stages[-1])) if build.stages else frozenset()


def _graph_problems(build: Build) -> list[Problem]:
    """Errors of the stage graph, reachable or not: bad `--from`, cycles, bad references."""
    found: list[Problem] = []
    references: list[Problem] = []
    for stage in build.stages:
        if stage.base.problem and stage.base.name:
            references.append(stage.base.problem)
        for source in stage.sources:
            if source.problem is None:
                continue
            late = source.problem.message.startswith("failed to parse stage name")
            (references if late else found).append(source.problem)
    cycle = find_cycle(build)
    return found + ([cycle] if cycle else []) + references


def find_cycle(build: Build) -> Problem | None:
    """The first cycle of COPY --from and mounts (a stage's base cannot be part of one)."""
    visited: set[int] = set()
    for root in build.stages:
        if root.index in visited:
            continue
        on_path: set[int] = {root.index}
        visited.add(root.index)
        path = [(root, iter([one for one in root.sources if one.stage is not None]))]
        while path:
            stage, sources = path[-1]
            source = next(sources, None)
            if source is None or source.stage is None:
                path.pop()
                on_path.discard(stage.index)
                continue
            if source.stage.index in on_path:
                message = f"circular dependency detected on stage: {root.label}"
                node = source.command.node
                return Problem(message, source.span, (node.first_line, node.last_line), Layer.BUILD)
            if source.stage.index not in visited:
                visited.add(source.stage.index)
                on_path.add(source.stage.index)
                inner = source.stage
                path.append((inner, iter([one for one in inner.sources if one.stage is not None])))
    return None
