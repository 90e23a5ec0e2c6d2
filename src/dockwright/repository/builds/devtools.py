"""Builds that development tools make: dev containers, Skaffold, Tilt.

Sources: containers.dev "Dev Container metadata reference" (paths relative to the file), skaffold.dev `skaffold.yaml`
reference (`dockerfile` relative to the artifact's context), docs.tilt.dev API reference (Starlark, which is read with
Python's own parser; only constants are followed).
"""

import ast
from collections.abc import Iterator

from dockwright.compose.yaml import Node, Scalar, Sequence, parse
from dockwright.repository.builds.declared import arguments_of, declared, read_json, text_of
from dockwright.repository.layout import Layout
from dockwright.repository.model import Build, Place
from dockwright.text import SourceFile, Span


def devcontainer(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`devcontainer.json` with `build.dockerfile` (or the old `dockerFile`)."""
    file = read_json(source)
    folder = source.path.rpartition("/")[0]
    path = file.at("build", "dockerfile") or file.get("dockerFile")
    if path is None or not text_of(path):
        return
    yield declared(
        source, path.span, "devcontainer", layout, [folder],
        context=file.at("build", "context") or file.get("context"),
        dockerfile=path,
        target=file.at("build", "target"),
        arguments=arguments_of(source, file.at("build", "args")),
        in_context=False,
        service="devcontainer",
    )  # fmt: skip


def devcontainer_composes(source: SourceFile) -> list[tuple[str, Place]]:
    """The compose files a dev container runs, relative to its own folder."""
    node = read_json(source).get("dockerComposeFile")
    if isinstance(node, Scalar):
        nodes: list[Node] = [node]
    else:
        nodes = list(node.values()) if isinstance(node, Sequence) else []
    return [(text, Place(source, one.span)) for one in nodes if (text := text_of(one))]


def skaffold(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`build.artifacts` of a Skaffold file and of its profiles."""
    folder = source.path.rpartition("/")[0]
    for document in parse(source.data, source.path).documents:
        if document.root is None:
            continue
        profiles = document.root.get("profiles")
        holders = [document.root, *(profiles.values() if profiles is not None else ())]
        for holder in holders:
            artifacts = holder.at("build", "artifacts")
            for artifact in artifacts.values() if artifacts is not None else ():
                yield from _artifact(artifact, source, layout, folder)


def _artifact(artifact: Node, source: SourceFile, layout: Layout, folder: str) -> Iterator[Build]:
    if any(artifact.get(key) is not None for key in ("buildpacks", "jib", "ko", "bazel", "custom")):
        return
    settings = artifact.get("docker") or artifact.get("kaniko")
    image = artifact.get("image")
    yield declared(
        source, (image or artifact).span, "skaffold", layout, [folder],
        context=artifact.get("context"),
        dockerfile=settings.get("dockerfile") if settings is not None else None,
        target=settings.get("target") if settings is not None else None,
        arguments=arguments_of(source, settings.get("buildArgs") if settings is not None else None),
        service=text_of(image).rpartition("/")[2],
        tags=[text_of(image)] if image is not None else [],
    )  # fmt: skip


_TILT_BUILDS = frozenset({"docker_build", "docker_build_with_restart"})


def _tilt_calls(source: SourceFile) -> Iterator[tuple[str, ast.Call]]:
    try:
        tree = ast.parse(source.data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def _span(source: SourceFile, node: ast.expr) -> Span:
    starts = source.line_starts
    end_line = node.end_lineno or node.lineno
    return Span(starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + (node.end_col_offset or 0))


def _constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def tilt(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`docker_build(...)` of a Tiltfile; paths are relative to the Tiltfile."""
    folder = source.path.rpartition("/")[0]
    for name, call in _tilt_calls(source):
        if name not in _TILT_BUILDS:
            continue
        context = _constant(_argument(call, 1, "context"))
        dockerfile = _argument(call, 99, "dockerfile")
        if context is None or (dockerfile is not None and _constant(dockerfile) is None):
            continue
        yield declared(
            source, _span(source, call), "tilt", layout, [folder], context=context,
            dockerfile=_constant(dockerfile) or "", in_context=False,
            service=(_constant(_argument(call, 0, "ref")) or "").rpartition("/")[2],
        )  # fmt: skip


def tilt_composes(source: SourceFile) -> list[tuple[str, Place]]:
    """The compose files that `docker_compose(...)` of a Tiltfile runs."""
    found: list[tuple[str, Place]] = []
    for name, call in _tilt_calls(source):
        if name != "docker_compose" or not call.args:
            continue
        first = call.args[0]
        nodes = first.elts if isinstance(first, ast.List) else [first]
        found += [(text, Place(source, _span(source, node))) for node in nodes if (text := _constant(node))]
    return found
