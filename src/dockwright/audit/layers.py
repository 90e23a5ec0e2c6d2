"""What the steps of a stage leave behind and what makes them run again: build tools, cache mounts, layer order."""

from collections.abc import Iterator, Sequence

from dockwright.audit.model import Installed, Tool
from dockwright.dockerfile.instructions.types import Copy, Run
from dockwright.dockerfile.stages import Stage
from dockwright.rules.finding import Location
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import DockerfileSubject
from dockwright.shell.packages import Action, Install

HEAVY = frozenset({Action.INSTALL, Action.BUILD, Action.UPGRADE})


def build_tools(subject: DockerfileSubject, stage: Stage) -> list[Tool]:
    """Compilers, headers and the like that the stage (or one it is built on) installs and does not remove again."""
    found: dict[str, Tool] = {}
    for one in (*reversed(stage.ancestors), stage):
        groups: dict[str, list[str]] = {}
        for body in subject.runs[one.index]:
            for install in body.installs:
                _account(install, found, groups, subject)
    return list(found.values())


def _account(
    install: Install, found: dict[str, Tool], groups: dict[str, list[str]], subject: DockerfileSubject
) -> None:
    """Add what one command installs, take away what it removes (`apk del .build-deps` removes a whole group)."""
    from dockwright.knowledge.programs import is_build_tool

    names = [package.name for package in install.packages]
    if install.action is Action.REMOVE:
        for name in names:
            for member in (name, *groups.pop(name, ())):
                found.pop(member, None)
    elif install.action is Action.INSTALL:
        for package in install.packages:
            if package.kind == "virtual":
                groups[package.name] = names
            elif is_build_tool(install.manager, package.name):
                found.setdefault(
                    package.name, Tool(package.name, Location.at(subject.source, package.word.span))
                )


def installs(subject: DockerfileSubject, stage: Stage) -> list[Installed]:
    """What the stage, and those it is built on, install and do not remove again, by package manager."""
    packages: dict[str, dict[str, None]] = {}
    manifests: dict[str, dict[str, None]] = {}
    lines: dict[str, dict[int, None]] = {}
    groups: dict[str, list[str]] = {}
    for one in (*reversed(stage.ancestors), stage):
        for body in subject.runs[one.index]:
            for install in body.installs:
                names = packages.setdefault(install.manager, {})
                if install.action is Action.REMOVE:
                    for package in install.packages:
                        for name in (package.name, *groups.pop(package.name, ())):
                            names.pop(name, None)
                elif install.action in HEAVY:
                    given = [package.name for package in install.packages if package.kind != "virtual"]
                    groups.update(
                        (package.name, given) for package in install.packages if package.kind == "virtual"
                    )
                    names.update(dict.fromkeys(given))
                    read = manifests.setdefault(install.manager, {})
                    read.update((file.path, None) for file in install.manifests if not file.optional)
                    lines.setdefault(install.manager, {})[body.instruction.node.first_line] = None
    return [
        Installed(manager, tuple(names), tuple(manifests.get(manager, ())), tuple(lines.get(manager, ())))
        for manager, names in packages.items()
        if names or manifests.get(manager)
    ]


def manifests_first(subject: DockerfileSubject, stages: Sequence[Stage]) -> bool | None:
    """Whether every list of dependencies is installed before all of the source is copied; None where none is."""
    found = any(_heavy(body) is not None for one in stages for body in subject.runs[one.index])
    return not layer_order(subject, stages) if found else None


def cache_mounts(stages: Sequence[Stage]) -> int:
    """`RUN --mount=type=cache` of the stages a build takes."""
    return sum(
        mount.type == "cache"
        for one in stages
        for command in one.commands
        if isinstance(command, Run)
        for mount in command.mounts
    )


def layer_order(subject: DockerfileSubject, stages: Sequence[Stage]) -> list[str]:
    """Remarks on what makes heavy steps run again: everything copied before dependencies are installed."""
    remarks: list[str] = []
    for one in stages:
        remarks += _remarks(one, subject.runs[one.index])
    return remarks


def _remarks(stage: Stage, bodies: Sequence[RunBody]) -> Iterator[str]:
    by_index = {body.index: body for body in bodies}
    whole: Copy | None = None
    for index, command in enumerate(stage.commands):
        if isinstance(command, Copy) and command.from_ is None and _everything(command):
            whole = whole or command
        body = by_index.get(index)
        heavy = _heavy(body) if body is not None else None
        if whole is not None and heavy is not None:
            line = whole.node.first_line
            yield (
                f"`{whole.node.original.strip()[:60]}` in line {line} comes before `{heavy.manager} {heavy.verb}` in line "
                f"{command.node.first_line}: every change of any file runs it again"
            )
            return


def _everything(command: Copy) -> bool:
    return any(word.value in {".", "./", "*"} for word in command.sources)


def _heavy(body: RunBody) -> Install | None:
    """The first install of a body that reads a manifest of the project (others do not depend on what was copied)."""
    return next((install for install in body.installs if install.action in HEAVY and install.manifests), None)
