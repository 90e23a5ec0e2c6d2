"""Evaluation of ARG and ENV: the global scope and the scope of each stage.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: buildMetaArgs, dispatchArg, dispatchEnv, and
platform.go: defaultArgs. 0.13 differs: within one ARG, later defaults see the values from before the instruction.
"""

from typing import TYPE_CHECKING

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import needs_work
from dockwright.dockerfile.instructions.types import Arg, Command, Declaration, Env
from dockwright.dockerfile.nodes import Layer, Problem
from dockwright.dockerfile.scopes import Origin, Scope, Variable
from dockwright.dockerfile.settings import DEFAULT_PATH, Settings
from dockwright.dockerfile.stages import POSITION_BITS, SourceKind, Stage

if TYPE_CHECKING:
    from dockwright.dockerfile.build import Build

NOT_IN_ENVIRONMENT = frozenset({"BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"})
PLATFORM_ARGS = (
    "BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT", "TARGETPLATFORM", "TARGETOS",
    "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
)  # fmt: skip
"""Arguments that exist globally without a declaration."""
PROXY_ARGS = frozenset({"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"})
"""Build arguments (in any case) that every RUN sees without ARG."""


def _platform_values(settings: Settings, stage_name: str) -> list[tuple[str, str]]:
    host, target = settings.build_platform, settings.platform
    values = (
        host.text, host.os, host.os_version, host.architecture, host.variant, target.text, target.os,
        target.os_version, target.architecture, target.variant, settings.target or stage_name or "default",
    )  # fmt: skip
    return list(zip(PLATFORM_ARGS, values, strict=True))


def evaluate_globals(build: "Build") -> tuple[Scope, tuple[Problem, ...]]:
    """Platform arguments, then the ARGs before the first FROM."""
    args = build.settings.args
    scope = Scope()
    last = build.stages[-1].name if build.stages else ""
    for number, (name, value) in enumerate(_platform_values(build.settings, last)):
        if name == "TARGETSTAGE" and build.tree.dialect is Dialect.V0_13:
            continue
        origin = Origin.BUILD_ARG if name in args else Origin.PLATFORM
        scope.add(Variable(name, args.get(name, value), origin, position=number - len(PLATFORM_ARGS)))
    problems: list[Problem] = []
    for index, command in enumerate(build.tree.global_args):
        for number, one in enumerate(command.declarations):
            variable, error = _global(build, scope, command, one, (index << POSITION_BITS) + number)
            if error:
                lines = (command.node.first_line, command.node.last_line)
                span = one.default.span if one.default else one.span
                problems.append(Problem(error, span, lines, Layer.BUILD))
            if variable:
                scope.add(variable)
    return scope, tuple(problems)


def _global(
    build: "Build", scope: Scope, command: Arg, one: Declaration, position: int
) -> tuple[Variable | None, str | None]:
    name = one.name.value
    given = build.settings.args.get(name)
    if given is not None:
        return Variable(name, given, Origin.BUILD_ARG, command, one.span, True, position), None
    if one.default is None:
        return None, None
    expansion = build.expand(one.default.value, scope.lookup)
    return Variable(name, expansion.value, Origin.GLOBAL, command, one.span, True, position), expansion.error


def evaluate_stage(stage: Stage, parent: Scope | None) -> Scope:
    """The scope of a stage whose parent stage (if any) has scope `parent`."""
    scope = _start(stage, parent)
    if stage.base.kind is SourceKind.CONTEXT and stage.base.name == stage.name:
        return scope  # the whole stage is replaced by a named context
    for index, command in enumerate(stage.commands):
        if type(command) is Env:
            _env(stage, scope, command, index << POSITION_BITS)
        elif type(command) is Arg:
            _arg(stage, scope, command, index << POSITION_BITS)
    return scope


def _start(stage: Stage, parent: Scope | None) -> Scope:
    """What a stage begins with."""
    if parent is not None:
        return Scope(parent, complete=parent.complete)
    image = stage.build.base_image(stage)
    scope = Scope(complete=image is not None or stage.base.kind is SourceKind.SCRATCH)
    env = image.env if image else ()
    for number, (name, value) in enumerate(env):
        scope.add(Variable(name, value, Origin.IMAGE, position=number - len(env) - 1))
    if scope.complete and scope.find("PATH") is None:
        scope.add(Variable("PATH", DEFAULT_PATH, Origin.DEFAULT, position=-1))
    return scope


def _env(stage: Stage, scope: Scope, command: Env, position: int) -> None:
    """All values are expanded with the variables from before the instruction."""
    if command.node.plain:
        for number, pair in enumerate(command.pairs):
            key, text = pair.key.value, pair.value.value
            scope.add(Variable(key, text, Origin.ENV, command, pair.span, False, position + number))
        return
    expand, lookup, complete = stage.build.expand, scope.lookup, scope.complete
    expanded = []
    for pair in command.pairs:
        name, value = pair.key.value, pair.value.value
        if needs_work(name):
            name = expand(name, lookup, complete=complete).value
        if needs_work(value):
            value = expand(value, lookup, complete=complete).value
        expanded.append((name, value, pair.span))
    for number, (key, text, span) in enumerate(expanded):
        scope.add(Variable(key, text, Origin.ENV, command, span, False, position + number))


def _arg(stage: Stage, scope: Scope, command: Arg, position: int) -> None:
    at_once = stage.build.tree.dialect is Dialect.V0_13
    found: list[Variable] = []
    for number, one in enumerate(command.declarations):
        variable = _declared(stage, scope, command, one, position + number)
        if variable is None or variable.name in NOT_IN_ENVIRONMENT:
            continue
        if at_once:
            found.append(variable)
        else:
            scope.add(variable)
    for variable in found:
        scope.add(variable)


def _declared(
    stage: Stage, scope: Scope, command: Command, one: Declaration, position: int
) -> Variable | None:
    """The value of one ARG: build argument, else its default, else the global value, else none."""
    build = stage.build
    name = one.name.value
    given = build.settings.args.get(name)
    if given is not None:
        return Variable(name, given, Origin.BUILD_ARG, command, one.span, True, position)
    if one.default is not None:
        value = build.expand(one.default.value, scope.lookup, complete=scope.complete).value
        return Variable(name, value, Origin.ARG, command, one.span, True, position)
    outer = build.global_scope.find(name)
    if outer is None:
        return None
    origin = outer.origin if outer.origin in (Origin.PLATFORM, Origin.BUILD_ARG) else Origin.GLOBAL
    return Variable(name, outer.value, origin, command, one.span, True, position)
