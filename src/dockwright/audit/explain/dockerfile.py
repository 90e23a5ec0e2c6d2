"""One instruction of a Dockerfile: stage, meaning, variables with their origin, files it brings, who builds it."""

import re
from collections.abc import Iterator, Sequence

from dockwright.audit.explain.model import Explanation, Line, Section, findings_at, users
from dockwright.dockerfile.instructions.types import (
    Add,
    Command,
    Copy,
    Env,
    Expose,
    From,
    Label,
    Run,
    ShellCommand,
    Transfer,
    User,
    Volume,
    Workdir,
)
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.stages import Source, Stage
from dockwright.repository.model import Build, DockerfileItem
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding
from dockwright.trees.selection import Found

SHOWN = 10
_SHELL_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")

MEANINGS = {
    "FROM": "opens a stage on a base",
    "RUN": "runs a command and keeps what it changes as a layer",
    "COPY": "copies files into the image",
    "ADD": "copies files into the image, fetches URLs and unpacks archives",
    "ENV": "sets a variable for this stage, for stages built on it, and for the container",
    "ARG": "declares a build argument; it ends with the stage",
    "CMD": "says what the container starts, or the arguments of ENTRYPOINT",
    "ENTRYPOINT": "says what the container starts",
    "EXPOSE": "notes a port; it publishes nothing",
    "USER": "says who runs what follows, and the container",
    "WORKDIR": "sets the directory of what follows, and of the container",
    "HEALTHCHECK": "says how the engine asks whether the container works",
    "LABEL": "notes metadata on the image",
    "VOLUME": "declares a directory whose content is kept outside the container",
    "SHELL": "says which shell runs shell-form commands",
    "STOPSIGNAL": "says which signal stops the container",
    "ONBUILD": "notes an instruction for images built on this one",
    "MAINTAINER": "notes an author (deprecated for LABEL)",
}


def explain_dockerfile(
    repository: Repository, findings: Sequence[Finding], item: DockerfileItem, line: int
) -> Explanation:
    """What is known about the instruction that covers a line."""
    stage, command = _at(item, line)
    title = f"{item.path}:{line}"
    if command is None:
        return Explanation(
            title,
            _filled(
                Section(
                    "the line",
                    [Line("no instruction stands here (a comment, a blank line, or past the end)")],
                ),
                findings_at(findings, item.path, line, line),
                users(repository, item.path),
            ),
        )
    first, last = command.node.first_line, command.node.last_line
    sections = [Section("the instruction", list(_instruction(command, first, last)))]
    if stage is not None:
        sections += [
            Section("the stage", list(_stage(item, stage))),
            Section("variables", list(_variables(item, stage, command))),
            Section("what it brings", list(_brings(repository, item, stage, command))),
            Section("who builds it", list(_builds(item, stage))),
        ]
    sections += [findings_at(findings, item.path, first, last), users(repository, item.path)]
    return Explanation(title, _filled(*sections))


def _filled(*sections: Section) -> list[Section]:
    return [section for section in sections if section.lines]


def _at(item: DockerfileItem, line: int) -> tuple[Stage | None, Command | None]:
    for command in item.tree.global_args:
        if command.node.first_line <= line <= command.node.last_line:
            return None, command
    for stage in item.tree.stages:
        for one in (stage.from_, *stage.instructions):
            if one.node.first_line <= line <= one.node.last_line:
                return stage, one
    return None, None


def _instruction(command: Command, first: int, last: int) -> Iterator[Line]:
    yield Line(" ".join(command.node.original.split())[:300])
    meaning = MEANINGS.get(command.name, "no instruction that BuildKit knows")
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    yield Line(f"{command.name} {meaning} ({lines})")
    if isinstance(command, Run | ShellCommand):
        yield Line(
            "exec form: no shell looks at it" if command.form == "json" else "shell form: a shell runs it"
        )
    problem = getattr(command, "problem", None) or command.node.problem
    if isinstance(problem, Problem):
        yield Line(f"BuildKit refuses it: {problem.message}")


def _stage(item: DockerfileItem, stage: Stage) -> Iterator[Line]:
    number = len(item.tree.stages)
    name = f"`{stage.name}`" if stage.name else "without a name"
    shipped = "; its image ships" if stage.index in item.shipped_stages else ""
    yield Line(
        f"stage {stage.index + 1} of {number}, {name}{shipped}", f"{item.path}:{stage.from_.node.first_line}"
    )
    for ancestor in stage.ancestors:
        yield Line(f"built on stage `{ancestor.label}`", f"{item.path}:{ancestor.from_.node.first_line}")
    yield Line(f"base: {_source(stage.root)}")
    config = stage.config
    for title, setting in (("user", config.user), ("working directory", config.working_dir)):
        if setting is not None:
            where = f"{item.path}:{setting.command.node.first_line}" if setting.command else ""
            yield Line(f"{title} at its end: {setting.value}", where)


def _source(source: Source) -> str:
    if source.problem is not None:
        return f"cannot be told ({source.problem.message})"
    return f"{source.kind.value} `{source.name}`"


def _texts(command: Command) -> list[str]:
    """The texts of an instruction in which BuildKit fills in variables."""
    if isinstance(command, From):
        return [command.image.value]
    if isinstance(command, Transfer):
        return [*(word.value for word in command.sources), command.destination.value]
    if isinstance(command, Env | Label):
        return [pair.value.value for pair in command.pairs]
    if isinstance(command, Workdir):
        return [command.path.value]
    if isinstance(command, User):
        return [command.user.value]
    if isinstance(command, Expose):
        return [word.value for word in command.ports]
    return [word.value for word in command.paths] if isinstance(command, Volume) else []


def _variables(item: DockerfileItem, stage: Stage, command: Command) -> Iterator[Line]:
    used: dict[str, None] = {}
    unset: dict[str, None] = {}
    for text in _texts(command):
        if "$" not in text:
            continue
        if isinstance(command, From):
            expansion = stage.build.expand_global(text)
        else:
            expansion = stage.expand(text, command)
        used.update(dict.fromkeys(expansion.used))
        unset.update(dict.fromkeys(expansion.unset))
        yield Line(
            f"`{text}` becomes `{expansion.value}`" if not expansion.error else f"`{text}`: {expansion.error}"
        )
    if isinstance(command, Run | ShellCommand) and command.form == "shell":
        # BuildKit leaves these to the shell, which finds ARG and ENV in its environment.
        names = dict.fromkeys(_SHELL_VARIABLE.findall(command.node.original))
        used.update((name, None) for name in names if stage.environment_before(command).get(name) is not None)
    scope = stage.build.global_scope if isinstance(command, From) else stage.scope
    for name in used:
        found = scope.find(name)
        if found is not None:
            where = f"{item.path}:{found.command.node.first_line}" if found.command else ""
            yield Line(f"{name}={found.value} ({found.origin.value})", where)
    for name in unset:
        yield Line(f"{name} is not set by anything in the file")


def _brings(repository: Repository, item: DockerfileItem, stage: Stage, command: Command) -> Iterator[Line]:
    if isinstance(command, From):
        yield Line(_source(stage.base))
    if not isinstance(command, Copy | Add):
        return
    if isinstance(command, Copy) and command.from_ is not None:
        source = next((one for one in stage.sources if one.command is command), None)
        if source is not None:
            yield Line(f"from {_source(source)}")
        return
    for root in dict.fromkeys(build.context for build in item.builds if build.context is not None) or [""]:
        yield from _from_context(repository, item, stage, command, root)


def _from_context(
    repository: Repository, item: DockerfileItem, stage: Stage, command: Copy | Add, root: str
) -> Iterator[Line]:
    context = repository.context(root, item.path)
    for word in command.sources:
        name = stage.expand(word.value, command).value
        chosen = context.select(name)
        where = f"context `{root or '.'}`"
        if chosen.found is Found.FILES:
            size = sum(
                entry.size for path in chosen.paths if (entry := repository.tree.get(path)) is not None
            )
            left = f", {chosen.left_out} left out by the ignore file" if chosen.left_out else ""
            yield Line(f"`{name}` from {where}: {len(chosen.paths)} files, {size:,} bytes{left}")
            for path in chosen.paths[:SHOWN]:
                yield Line(f"  {path}")
            if len(chosen.paths) > SHOWN:
                yield Line(f"  and {len(chosen.paths) - SHOWN} more")
        else:
            pattern = context.ignore_file if chosen.hidden_by is not None else None
            by = ""
            if pattern is not None and chosen.hidden_by is not None:
                by = f"{pattern.source.path}:{pattern.source.line_of(chosen.hidden_by.span.start)}"
            yield Line(f"`{name}` from {where}: {_LACKING[chosen.found]}", by)


_LACKING = {
    Found.NOTHING: "the wildcard matches nothing",
    Found.MISSING: "there is no such path",
    Found.HIDDEN: "it exists, and the ignore file hides it",
    Found.LOOP: "a loop of links",
}


def _builds(item: DockerfileItem, stage: Stage) -> Iterator[Line]:
    for build in item.builds:
        yield Line(_build(build, item, stage), f"{build.place.path}:{build.place.line}")
    if not item.builds:
        yield Line("no build of the repository is known")


def _build(build: Build, item: DockerfileItem, stage: Stage) -> str:
    target = stage.build.target(build.target)
    reaches = "asks for a stage that does not exist"
    if not isinstance(target, Problem):
        reaches = (
            "runs it" if any(one.index == stage.index for one in target.reached) else "does not reach it"
        )
    named = f" target `{build.target}`" if build.target else ""
    service = f" for `{build.service}`" if build.service else ""
    del item
    return f"{build.kind}{service}{named}, context `{build.context or '.'}`: {reaches}"
