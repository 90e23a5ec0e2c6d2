"""Builds started by actions, plugins and tasks of CI systems.

Sources: docker/build-push-action and docker/bake-action (inputs; the path context is the workspace),
redhat-actions/buildah-build, Azure `Docker@2`, Drone and Woodpecker `plugins/docker`, CircleCI `docker/build`,
Jenkins `docker.build` and `agent { dockerfile }`.
"""

import re
from collections.abc import Iterator, Mapping

from dockwright.repository.ci.steps import Step
from dockwright.repository.model import Strength
from dockwright.repository.sites import Site
from dockwright.shell.calls import BakeCall, BuildCall, Call, ComposeCall
from dockwright.shell.calls import Pair as Given
from dockwright.shell.words import Word, literal
from dockwright.text import MappedText, SourceFile

_BUILD = re.compile(
    r"docker/build-push-action|redhat-actions/buildah-build|plugins/(?:docker|kaniko|ecr|gcr|acr)|woodpeckerci/plugin-"
    r"(?:docker-buildx|kaniko)|Docker@\d|docker/build|depot/build-push-action|.*/(?:build-push|docker-build)[\w-]*"
    r"|banzaicloud/drone-kaniko|elgohr/Publish-Docker-Github-Action|docker-compose@|mr-smithers-excellent/docker-build-push"
    r"|whoan/docker-build-with-cache-action|int128/kaniko-action|aevea/action-kaniko",
    re.IGNORECASE,
)
_BAKE = re.compile(r"(?:docker|depot)/bake-action", re.IGNORECASE)
_COMPOSE = re.compile(
    r"(?:hoverkraft-tech|isbang|adambirds)/(?:docker-)?compose-action|DockerCompose@\d", re.IGNORECASE
)
DOCKER_ACTION = re.compile(r"docker|podman|buildah|kaniko|container|compose|depot/", re.IGNORECASE)

_CONTEXT = ("context", "buildContext", "path", "workdir", "docker-context", "build-context")
_FILE = ("file", "dockerfile", "Dockerfile", "dockerFile", "containerfiles", "dockerfiles", "docker-file",
         "dockerfile-path", "dockerfile_path", "dockerfilePath", "file-path")  # fmt: skip
_TARGET = ("target", "build-target", "stage")
_TAGS = ("tags", "tag", "image", "repository", "repo")


def is_docker_action(uses: str) -> bool:
    """True for actions, plugins and images that build or run containers."""
    return DOCKER_ACTION.search(uses) is not None


def call_of(step: Step) -> Call | None:
    """The command line an action stands for; None when it builds and runs nothing that is known."""
    uses = step.uses.split("@")[0]
    if _BAKE.match(uses):
        return BakeCall(engine="docker", verb="buildx bake", argv=_argv(step), files=_lines(step, "files"),
                        targets=_lines(step, "targets"))  # fmt: skip
    if _COMPOSE.match(step.uses):
        return ComposeCall(engine="docker", verb="compose up", argv=_argv(step), subcommand="up",
                           files=_lines(step, "compose-file") or _lines(step, "dockerComposeFile"))  # fmt: skip
    if _BUILD.fullmatch(uses) or _BUILD.match(step.uses) or uses in ("docker.build", "agent.dockerfile"):
        return _build(step)
    return None


def _build(step: Step) -> BuildCall | None:
    inputs = step.inputs
    if inputs.get("command") is not None and "build" not in (inputs["command"].value or "build").lower():
        return None
    if step.uses == "docker.build":
        return _jenkins(step)
    file = _first(inputs, _FILE) or inputs.get("filename")
    return BuildCall(
        engine="kaniko" if "kaniko" in step.uses else "docker",
        verb="build",
        argv=_argv(step),
        files=(file,) if file is not None and file.value != "" else (),
        context=_first(inputs, _CONTEXT) or inputs.get("dir"),
        target=_first(inputs, _TARGET),
        build_args=tuple(_pairs(step, "build-args", "build_args", "buildArgs", "arguments")),
        build_contexts=tuple(_pairs(step, "build-contexts")),
        tags=tuple(line for name in _TAGS if name in inputs for line in _lines(step, name)),
        platforms=_lines(step, "platforms"),
    )


def _jenkins(step: Step) -> BuildCall:
    """`docker.build("name", "--build-arg X -f Dockerfile.ci context")`: the rest of a command line."""
    from dockwright.shell.docker_cli import read_call
    from dockwright.shell.parse import parse_shell

    arguments = step.inputs.get("arguments")
    words: tuple[Word, ...] = ()
    if arguments is not None:
        commands = parse_shell(arguments.source.slice(arguments.start, arguments.end)).commands
        words = commands[0].words if commands else ()
    image = step.inputs["image"]
    head = tuple(literal(text, image.source, image.start, image.start) for text in ("docker", "build"))
    call = read_call((*head, *words)) if words else None
    if isinstance(call, BuildCall):
        return call
    return BuildCall(engine="docker", verb="build", argv=(*head, *words), tags=(image,))


def _argv(step: Step) -> tuple[Word, ...]:
    """The words to show: the action's name and its inputs."""
    inputs = tuple(step.inputs.values())
    source = MappedText(step.uses.encode("utf-8", "surrogateescape"), [(0, step.span.start)], step.span.end)
    return (literal(step.uses, source, 0, len(source.data)), *inputs)


def _first(inputs: Mapping[str, Word], names: tuple[str, ...]) -> Word | None:
    return next((inputs[name] for name in names if name in inputs), None)


_LINE = re.compile(r"[^\n,]+")


def _lines(step: Step, name: str) -> tuple[Word, ...]:
    """An input that lists values: one a line, or separated by commas."""
    word = step.inputs.get(name)
    if word is None:
        return ()
    if word.value is None:
        return (word,)
    text = word.source.data[word.start : word.end].decode("utf-8", "surrogateescape")
    found: list[Word] = []
    for line in _LINE.finditer(text):
        value = line[0].strip()
        if value:
            start = len(text[: line.start() + line[0].index(value[0])].encode("utf-8", "surrogateescape"))
            length = len(value.encode("utf-8", "surrogateescape"))
            found.append(literal(value, word.source, word.start + start, word.start + start + length))
    return tuple(found)


def _pairs(step: Step, *names: str) -> Iterator[Given]:
    for name in names:
        word = step.inputs.get(name)
        if word is None:
            continue
        text = word.source.data[word.start : word.end].decode("utf-8", "surrogateescape")
        at = word.start
        for line in text.split("\n"):
            key, equals, value = line.partition("=")
            length = len(line.encode("utf-8", "surrogateescape"))
            if equals and key.strip():
                whole = literal(line.strip(), word.source, at, at + length)
                given = literal(value.strip(), word.source, at, at + length) if "${{" not in value else None
                yield Given(key.strip(), given or _opaque(value.strip(), whole), whole)
            at += length + 1


def _opaque(text: str, word: Word) -> Word:
    """A value that holds an expression."""
    from dockwright.repository.ci.expressions import evaluate

    parts = evaluate(text, {})
    return Word(parts, None, word.source, word.start, word.end, quoted=True)


def action_site(source: SourceFile, step: Step, strength: Strength, written: frozenset[str]) -> Site | None:
    """The site of a step that uses an action."""
    call = call_of(step)
    if call is None:
        return None
    return Site(source=source, span=step.span, call=call, kind="workflow", strength=strength, cwd=step.cwd,
                within=step.within, written=written)  # fmt: skip
