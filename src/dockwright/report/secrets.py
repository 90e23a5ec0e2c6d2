"""The secret values a repository itself holds, so that they can be taken out of every text that repeats them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from dockwright.compose.model import KeyValue
from dockwright.dockerfile.instructions.types import Arg, Command, Env
from dockwright.dockerfile.tree import Dockerfile, parse
from dockwright.knowledge.secrets import is_weak, looks_secret
from dockwright.repository.model import Build, ComposeItem, DockerfileItem, ScriptItem

SHORTEST = 6
"""A shorter value would take ordinary words and numbers out of the report with it."""
_WORD = re.compile(r"[a-z]+|[A-Z]?[a-z]+|[0-9]+")


def known_secrets(
    dockerfiles: Iterable[DockerfileItem],
    composes: Iterable[ComposeItem],
    builds: Iterable[Build] = (),
    scripts: Iterable[ScriptItem] = (),
    variables: Iterable[tuple[str, str]] = (),
) -> frozenset[str]:
    """Values assigned to secret-looking names in Dockerfiles, compose files, build arguments, and scripts that start
    container tools (constants of a script are filled into the commands that are shown). `variables` are names and
    values from elsewhere, of env files.

    A value that is a plain word (`postgres`) or number is left in: taking out every place where the word stands
    would hide half of the report and protect nothing. Where such a value stands beside its name, `redact` sees it.
    """
    assigned = chain(_assignments(dockerfiles, composes, builds), variables)
    found = {value for name, value in assigned if _worth(name, value)}
    for item in scripts:
        found.update(_in_script(item))
    return frozenset(found)


def secrets_of_dockerfiles(sources: Iterable[bytes]) -> frozenset[str]:
    """Values assigned to secret-looking names in Dockerfiles that stand alone."""
    pairs = (pair for data in sources for pair in _of_dockerfile(parse(data)))
    return frozenset(value for name, value in pairs if _worth(name, value))


def names_of(dockerfiles: Iterable[DockerfileItem], composes: Iterable[ComposeItem]) -> frozenset[str]:
    """What things are called: services, parts of image names and of the paths of Docker files."""
    found: set[str] = set()
    for compose in composes:
        found.update(compose.path.split("/"))
        for service in compose.file.services.values():
            found.add(service.name)
            if service.image is not None:
                found.update(re.split(r"[/:@]", service.image.default or service.image.raw))
    for dockerfile in dockerfiles:
        found.update(dockerfile.path.split("/"))
        found.add(dockerfile.service)
    return frozenset(found - {""})


_VALUE = re.compile(rb"(?:=>|:=|=|:)[ \t]{0,8}[rbuf]?[\"']?([^\s\"',;(){}\[\]<>|]{6,300})")
_NAME = re.compile(rb"(\w{1,80})[\"']?[ \t]{0,8}$")


def _in_script(item: ScriptItem) -> Iterator[str]:
    """Secrets a script assigns to a name and uses in a command: only what commands repeat is ever shown."""
    shown = "\n".join(one.text for one in item.invocations).encode("utf-8", "surrogateescape")
    if not shown:
        return
    data = item.source.data
    for match in _VALUE.finditer(data):
        if match[1] in shown:
            value = match[1].decode("utf-8", "replace")
            name = _NAME.search(data[max(match.start() - 92, 0) : match.start()])
            if name is not None and _worth(name[1].decode("utf-8", "replace"), value):
                yield value


def _worth(name: str, value: str) -> bool:
    return (
        len(value) >= SHORTEST
        and not _WORD.fullmatch(value)
        and not is_weak(value)
        and bool(looks_secret(name, value))
    )


def _assignments(
    dockerfiles: Iterable[DockerfileItem], composes: Iterable[ComposeItem], builds: Iterable[Build]
) -> Iterator[tuple[str, str]]:
    for item in dockerfiles:
        yield from _of_dockerfile(item.tree)
    for compose in composes:
        for service in compose.file.services.values():
            yield from _pairs(service.environment)
            yield from _pairs(service.labels)
            if service.build is not None:
                yield from _pairs(service.build.args)
    for build in builds:
        for argument in build.arguments:
            yield argument.name, argument.value or ""


def _of_dockerfile(tree: Dockerfile) -> Iterator[tuple[str, str]]:
    commands: list[Command] = list(tree.global_args)
    for stage in tree.stages:
        commands += stage.instructions
    for command in commands:
        if isinstance(command, Env):
            for pair in command.pairs:
                yield pair.key.value, pair.value.value.strip("\"'")
        elif isinstance(command, Arg):
            for one in command.declarations:
                if one.default is not None:
                    yield one.name.value, one.default.value.strip("\"'")


def _pairs(pairs: tuple[KeyValue, ...]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if pair.value is not None:
            yield pair.name, pair.value.raw
            yield pair.name, pair.value.default or ""
