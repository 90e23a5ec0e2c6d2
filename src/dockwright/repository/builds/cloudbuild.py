"""Google Cloud Build: steps as command lines.

Source: cloud.google.com "Build configuration file schema": `name` is the builder image whose entry point gets `args`;
`dir` is relative to `/workspace`, where the submitted folder lies; `$_NAME` are substitutions with defaults.
"""

import re
from collections.abc import Iterator, Mapping

from dockwright.compose.yaml import Node, Scalar, YamlFile
from dockwright.repository.builds.declared import read_json, text_of
from dockwright.repository.ci.steps import Step
from dockwright.shell.calls import Call
from dockwright.shell.docker_cli import read_call
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.words import Hole, HoleKind, Part, Word, literal
from dockwright.text import SourceFile, Span

_ROOT = SymbolicPath(Base.REPOSITORY, ".")
_VARIABLE = re.compile(r"\$\$|\$\{?([A-Za-z_]\w*)\}?")
_SHELLS = ("bash", "sh", "/bin/bash", "/bin/sh")
_BUILDERS = {
    "docker": ("docker",), "kaniko": ("/kaniko/executor",), "executor": ("/kaniko/executor",),
    "gcloud": ("gcloud",), "docker-compose": ("docker-compose",), "buildah": ("buildah",), "pack": ("pack",),
    "skaffold": ("skaffold",), "k8s-skaffold": ("skaffold",),
}  # fmt: skip


class CloudStep(Step, frozen=True, kw_only=True):
    """A step whose command line is given as a list."""

    call: Call | None = None


def read(source: SourceFile) -> YamlFile:
    """The file as YAML (JSON is read likewise)."""
    return read_json(source) if source.path.endswith(".json") else _yaml(source)


def _yaml(source: SourceFile) -> YamlFile:
    from dockwright.compose.yaml import parse

    return parse(source.data, source.path)


def steps(file: YamlFile) -> Iterator[CloudStep]:
    """The steps that start a container tool or a shell."""
    given = file.get("substitutions")
    defaults = {name: text_of(value) for name, value in (given.items() if given is not None else ())}
    nodes = file.get("steps")
    for node in nodes.values() if nodes is not None else ():
        yield from _step(node, defaults)


def _step(node: Node, defaults: Mapping[str, str]) -> Iterator[CloudStep]:
    name = node.get("name")
    if not isinstance(name, Scalar):
        return
    cwd = _directory(node.get("dir"), defaults)
    entry = text_of(node.get("entrypoint"))
    arguments = node.get("args")
    items = [
        item for item in (arguments.values() if arguments is not None else ()) if isinstance(item, Scalar)
    ]
    within = text_of(node.get("id"))
    script = node.get("script")
    if isinstance(script, Scalar):
        yield CloudStep(span=script.span, within=within, script=script.mapped, cwd=cwd)
    elif entry in _SHELLS or (not entry and text_of(name) in _SHELLS):
        texts = [item for item in items if not item.text.startswith("-")]
        if texts:
            yield CloudStep(span=texts[0].span, within=within, script=texts[0].mapped, cwd=cwd)
    else:
        program = (entry,) if entry else _program(name.text)
        if program:
            head = tuple(literal(text, name.mapped, 0, len(name.mapped.data)) for text in program)
            words = (*head, *(_word(item, defaults) for item in items))
            last = items[-1].span.end if items else name.span.end
            span = Span(name.span.start, max(name.span.end, last))
            yield CloudStep(span=span, within=within, uses=name.text, cwd=cwd, call=read_call(words))


def _program(image: str) -> tuple[str, ...]:
    name = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    return _BUILDERS.get(name, ())


def _directory(node: Node | None, defaults: Mapping[str, str]) -> SymbolicPath | None:
    if not isinstance(node, Scalar):
        return _ROOT
    paths = _word(node, defaults).paths()
    return _ROOT / paths[0] if len(paths) == 1 and paths[0].exact else None


def _word(node: Scalar, defaults: Mapping[str, str]) -> Word:
    parts: list[Part] = []
    text, done = node.text, 0
    for found in _VARIABLE.finditer(text):
        parts.append(text[done : found.start()])
        if found[1] is None:
            parts.append("$")
        elif found[1] in defaults and "$" not in defaults[found[1]]:
            parts.append(defaults[found[1]])
        else:
            parts.append(Hole(HoleKind.VARIABLE, found[1], found[0]))
        done = found.end()
    parts.append(text[done:])
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    value = (
        "".join(p for p in joined if isinstance(p, str)) if all(isinstance(p, str) for p in joined) else None
    )
    return Word(tuple(joined) or ("",), value, node.mapped, 0, len(node.mapped.data), quoted=True)
