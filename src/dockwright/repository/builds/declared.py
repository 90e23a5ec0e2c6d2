"""What the small formats share: a build declared by two paths in a YAML or JSON file."""

import re
from collections.abc import Sequence

from dockwright.compose.yaml import Node, YamlFile, parse
from dockwright.repository.builds.pairing import Pair, is_remote, pair
from dockwright.repository.layout import Layout
from dockwright.repository.model import Argument, Build, Place, Strength
from dockwright.text import SourceFile, Span

_COMMENT = re.compile(rb"\"(?:[^\"\\\n]|\\.)*+\"|//[^\n]*+|/\*(?:.*?\*/|.*+)", re.DOTALL)


MAX_COMMENTED = 256 << 10
"""Nobody comments a larger file by hand."""


def read_json(source: SourceFile) -> YamlFile:
    """A JSON file, comments allowed, as a tree with places (JSON is YAML once its comments are blanked out)."""
    data = source.data if len(source.data) > MAX_COMMENTED else _COMMENT.sub(_blanked, source.data)
    return parse(data, source.path)


def _blanked(found: re.Match[bytes]) -> bytes:
    text = found[0]
    return text if text.startswith(b'"') else re.sub(rb"[^\n]", b" ", text)


def text_of(node: Node | None) -> str:
    """The text of a scalar; empty when there is none."""
    return (node.as_str() or "") if node is not None else ""


def place_of(source: SourceFile, node: Node | None) -> Place | None:
    return Place(source, node.span) if node is not None else None


def arguments_of(source: SourceFile, node: Node | None) -> list[Argument]:
    """Build arguments of a mapping of names to values."""
    return [
        Argument(name, value.as_str(), Place(source, value.span))
        for name, value in (node.items() if node is not None else ())
    ]


def declared(
    source: SourceFile,
    place: Span,
    kind: str,
    layout: Layout,
    starts: Sequence[str],
    *,
    context: Node | str | None = None,
    dockerfile: Node | str | None = None,
    target: Node | None = None,
    arguments: Sequence[Argument] = (),
    in_context: bool = True,
    service: str = "",
    tags: Sequence[str] = (),
) -> Build:
    """A build that a file of `kind` declares; `context` and `dockerfile` as nodes or, when implied, as texts."""
    context_named = context if isinstance(context, str) else text_of(context) or "."
    dockerfile_named = dockerfile if isinstance(dockerfile, str) else text_of(dockerfile)
    unknown = any("$" in text or "{{" in text for text in (context_named, dockerfile_named))
    found = Pair(None, None)
    if not unknown and not is_remote(context_named):
        found = pair(layout, list(starts), context_named, dockerfile_named, in_context=in_context)
    return Build(
        place=Place(source, place),
        kind=kind,
        strength=Strength.BUILD,
        context=found.context,
        dockerfile=found.dockerfile,
        context_named=context_named,
        dockerfile_named=dockerfile_named,
        target=text_of(target),
        target_place=place_of(source, target),
        dockerfile_place=place_of(source, dockerfile if isinstance(dockerfile, Node) else None),
        context_place=place_of(source, context if isinstance(context, Node) else None),
        arguments=arguments,
        tags=tags,
        service=service,
        owner=source.path,
        uncertain="its path is a variable" if unknown else "",
        missing=found.missing,
    )
