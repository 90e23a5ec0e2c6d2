"""Builds declared by bake files.

Source: docker/buildx bake/bake.go (toBuildOpt): a context is relative to where bake is run, a Dockerfile to its
context. Where bake is run the file does not say: the folders of known calls, the root, and the file's own folder are
tried, and the one in which the build exists is taken.
"""

from collections.abc import Iterator, Sequence

from dockwright.bake.model import Baked, Origin, Target
from dockwright.repository.builds.pairing import Pair, is_remote, pair
from dockwright.repository.layout import Layout
from dockwright.repository.model import Argument, BakeItem, Build, Place, Strength
from dockwright.text import SourceFile


def builds_of(
    baked: Baked, items: dict[str, BakeItem], layout: Layout, starts: Sequence[str]
) -> Iterator[Build]:
    """The builds of a set of bake files; `items` by path, so that each value's place can be shown."""
    inherited = {
        origin.text
        for target in baked.targets.values()
        for origin in target.inherits
        if origin.text is not None
    }
    grouped = {origin.text for group in baked.groups.values() for origin in group.targets}
    for target in baked.targets.values():
        abstract = target.name in inherited and target.name not in grouped
        if target.name.startswith("_") or (abstract and not _says_what(target)):
            continue
        yield _build(target, items, layout, starts)


def _says_what(target: Target) -> bool:
    return any(part is not None for part in (target.context, target.dockerfile, target.dockerfile_inline))


def _build(target: Target, items: dict[str, BakeItem], layout: Layout, starts: Sequence[str]) -> Build:
    source = _source(items, target.path)
    context, dockerfile = _text(target.context, "."), _text(target.dockerfile, "")
    inline = target.dockerfile_inline
    found = Pair(None, None)
    uncertain = ""
    if context is None or dockerfile is None:
        uncertain = "its context or Dockerfile is not constant"
    elif not is_remote(context):
        found = pair(layout, starts, context, dockerfile, in_context=True)
    if inline is not None:
        found = Pair(found.context, None, tuple(part for part in found.missing if part == "context"))
    return Build(
        place=Place(source, target.span),
        kind="bake",
        strength=Strength.BUILD,
        context=found.context,
        dockerfile=found.dockerfile,
        context_named=context or "",
        dockerfile_named=dockerfile or "",
        inline=(inline.text or "") if inline is not None else "",
        target=_text(target.target, "") or "",
        target_place=_place(items, target.target),
        dockerfile_place=_place(items, target.dockerfile or inline),
        context_place=_place(items, target.context),
        arguments=[
            Argument(name, _value(origin), _place(items, origin) or Place(source, target.span))
            for name, origin in target.args.items()
        ],
        named_contexts={name: _text(origin, "") or "" for name, origin in target.contexts.items()},
        tags=[text for origin in target.tags if (text := origin.text)],
        platforms=[text for origin in target.platforms if (text := origin.text)],
        service=target.name,
        owner=target.path,
        uncertain=uncertain,
        missing=found.missing,
        discarded=bool(target.output) and all("cacheonly" in (origin.text or "") for origin in target.output),
    )


def _text(origin: Origin | None, default: str) -> str | None:
    """The text of a value; the default when it is not set, None when it is not known."""
    return default if origin is None or origin.value is None else origin.text


def _value(origin: Origin) -> str | None:
    value = origin.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _source(items: dict[str, BakeItem], path: str) -> SourceFile:
    item = items.get(path)
    return item.source if item is not None else SourceFile(path, b"")


def _place(items: dict[str, BakeItem], origin: Origin | None) -> Place | None:
    return Place(_source(items, origin.path), origin.span) if origin is not None else None
