"""Builds that hosting platforms make from a file of the repository.

Sources: caprover.com "Captain Definition File" (`dockerfilePath` is relative to the folder that is deployed,
`dockerfileLines` holds the file itself), fly.io `fly.toml` `[build]`, devcenter.heroku.com `heroku.yml`,
docs.render.com `render.yaml` (`dockerfilePath`, `dockerContext`), docs.railway.com `railway.json` / `.toml`.
"""

import re
from collections.abc import Iterator

from dockwright.compose.yaml import Node, parse
from dockwright.repository.builds.declared import declared, read_json, text_of
from dockwright.repository.layout import Layout
from dockwright.repository.model import Build
from dockwright.text import SourceFile, Span


def captain(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """A `captain-definition`: one image, built from a Dockerfile, from lines, or not at all (`imageName`)."""
    root = read_json(source).root
    if root is None:
        return
    folder = source.path.rpartition("/")[0]
    path = root.get("dockerfilePath")
    if path is not None and text_of(path):
        yield declared(
            source, path.span, "captain", layout, [folder], dockerfile=path, service=_captain_name(source)
        )
    lines = root.get("dockerfileLines")
    if lines is not None:
        text = "\n".join(text_of(line) for line in lines.values())
        build = declared(source, lines.span, "captain", layout, [folder], service=_captain_name(source))
        yield _inline(build, text)


def _inline(build: Build, text: str) -> Build:
    import msgspec

    missing = tuple(part for part in build.missing if part == "context")
    return msgspec.structs.replace(build, inline=text, dockerfile=None, missing=missing)


def _captain_name(source: SourceFile) -> str:
    """`captain-definition-celery-beat` → celery-beat."""
    name = source.path.rpartition("/")[2]
    return name.removeprefix("captain-definition").strip("-_.")


_TOML = re.compile(
    rb"^[ \t]*(dockerfile|dockerfilePath|build-target)[ \t]*=[ \t]*(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE
)


def toml(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`fly.toml` and `railway.toml`."""
    folder = source.path.rpartition("/")[0]
    for found in _TOML.finditer(source.data):
        if found[1] == b"build-target":
            continue
        named = found[2][1:-1].decode("utf-8", "replace")
        span = Span(*found.span(2))
        yield declared(source, span, "platform", layout, [folder], dockerfile=named)


def heroku(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`heroku.yml`: `build.docker.<process>` is a Dockerfile; the context is its folder."""
    folder = source.path.rpartition("/")[0]
    processes = parse(source.data, source.path).at("build", "docker")
    for name, node in processes.items() if processes is not None else ():
        path = text_of(node)
        context, _, file = path.rpartition("/")
        if path:
            yield declared(source, node.span, "platform", layout, [folder], context=context or ".", dockerfile=file,
                           service=name)  # fmt: skip


def render(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`render.yaml`: services with `dockerfilePath`, relative to the root of the repository."""
    services = parse(source.data, source.path).get("services")
    for service in services.values() if services is not None else ():
        yield from _pathed(service, source, layout)


def railway(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """`railway.json`."""
    build = read_json(source).get("build")
    if build is not None:
        yield from _pathed(build, source, layout)


def _pathed(node: Node, source: SourceFile, layout: Layout) -> Iterator[Build]:
    path = node.get("dockerfilePath")
    if path is None or not text_of(path):
        return
    folder = source.path.rpartition("/")[0]
    root = text_of(node.get("rootDir"))
    starts = [f"{folder}/{root}".strip("/") if root else folder, ""]
    yield declared(
        source, path.span, "platform", layout, starts, context=node.get("dockerContext"), dockerfile=path,
        in_context=False, service=text_of(node.get("name")),
    )  # fmt: skip


def builds_of(source: SourceFile, layout: Layout) -> Iterator[Build]:
    """The builds of a platform's file, by its name."""
    name = source.path.rpartition("/")[2].lower()
    if name.endswith(".toml"):
        yield from toml(source, layout)
    elif name == "heroku.yml":
        yield from heroku(source, layout)
    elif name.startswith("render."):
        yield from render(source, layout)
    elif name.startswith("railway."):
        yield from railway(source, layout)
