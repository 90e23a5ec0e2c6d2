"""Builds declared by compose files.

Source: compose-spec build.md: `context` is relative to the project directory (the folder of the first compose file,
unless `--project-directory` says otherwise), `dockerfile` to the context.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from dockwright.compose.model import Build as Declared
from dockwright.compose.model import KeyValue, Service
from dockwright.compose.value import Text
from dockwright.repository.builds.pairing import Pair, is_remote, pair
from dockwright.repository.layout import Layout
from dockwright.repository.model import Argument, Build, ComposeItem, Place, Strength
from dockwright.text import Span


class Setting(msgspec.Struct, frozen=True):
    """Variables a compose file may be read with, and what they come from (a `.env` file), for people."""

    variables: Mapping[str, str]
    origin: str = ""
    certain: bool = True
    """True when compose reads the variables by itself (`.env`) or a command names their file."""


BARE = Setting({})


def builds_of(
    item: ComposeItem,
    layout: Layout,
    folders: Sequence[str],
    settings: Sequence[Setting],
    base: ComposeItem | None = None,
) -> Iterator[Build]:
    """The builds a compose file declares, for each project directory and each set of variables that matters.

    `base` is the file that an override is read behind: it gives the context and the Dockerfile the override leaves out.
    """
    for service in item.file.services.values():
        if service.build is None:
            continue
        seen: set[tuple[object, ...]] = set()
        for folder in folders:
            for setting in _needed(service.build, settings):
                build = _build(item, service, layout, folder, setting, _below(base, service.name))
                key = (build.context, build.dockerfile, build.target, build.missing, build.context_named)
                if key not in seen:
                    seen.add(key)
                    yield build


def _below(base: ComposeItem | None, name: str) -> Declared | None:
    """What the file under an override says of a service's build."""
    service = base.file.services.get(name) if base is not None else None
    return service.build if service is not None else None


def _needed(declared: Declared, settings: Sequence[Setting]) -> Sequence[Setting]:
    """The settings to try: those of the `.env` alone, or every env file that sets what would be unset."""
    texts = [text for text in (declared.context, declared.dockerfile, declared.target) if text is not None]
    first = settings[0] if settings else BARE
    unset = {name for text in texts for name in text.resolved(first.variables).unset}
    if not unset:
        return (first,)
    helping = [setting for setting in settings[1:] if unset <= setting.variables.keys()]
    return helping or (first,)


def _text(text: Text | None, setting: Setting, default: str = "") -> tuple[str, str]:
    """The value of a text, and why it is not certain."""
    if text is None:
        return default, ""
    resolved = text.resolved(setting.variables)
    if resolved.text is None:
        return (
            text.raw,
            f"`{resolved.unset[0]}` is not set" if resolved.unset else "it cannot be interpolated",
        )
    uncertain = "" if setting.certain or not text.uses else f"its variables are taken from `{setting.origin}`"
    return resolved.text, uncertain


def _build(
    item: ComposeItem, service: Service, layout: Layout, folder: str, setting: Setting, below: Declared | None
) -> Build:
    declared = service.build
    assert declared is not None, "only services that are built come here"
    inherited = below if below is not None else declared
    context_text = declared.context or inherited.context
    dockerfile_text = declared.dockerfile or inherited.dockerfile
    context, context_doubt = _text(context_text, setting, ".")
    dockerfile, dockerfile_doubt = _text(dockerfile_text, setting)
    target, target_doubt = _text(declared.target, setting)
    inline = declared.dockerfile_inline
    uncertain = context_doubt or dockerfile_doubt or target_doubt
    unknown = any(
        text is not None and text.resolved(setting.variables).text is None
        for text in (context_text, dockerfile_text)
    )
    found = Pair(None, None)
    if context.startswith(("/", "~")):
        uncertain = uncertain or "its context lies outside the repository"
    elif not is_remote(context) and not unknown:
        found = pair(layout, [folder], context, dockerfile, in_context=True)
    if inline is not None:
        found = Pair(found.context, None, tuple(part for part in found.missing if part == "context"))
    return Build(
        place=_place(item, declared.node.span),
        kind="compose",
        strength=Strength.BUILD,
        context=found.context,
        dockerfile=found.dockerfile,
        context_named=context,
        dockerfile_named=dockerfile,
        inline=inline.raw if inline is not None else "",
        target=target if not target_doubt or setting.variables else "",
        target_place=_place_of(item, declared.target),
        dockerfile_place=_place_of(item, declared.dockerfile or inline),
        context_place=_place_of(item, declared.context),
        arguments=[_argument(item, pair_, setting) for pair_ in declared.args],
        named_contexts={
            pair_.name: _text(pair_.value, setting)[0]
            for pair_ in declared.additional_contexts
            if pair_.value
        },
        tags=_tags(service, declared, setting),
        platforms=[_text(platform, setting)[0] for platform in declared.platforms],
        service=service.name,
        owner=item.path,
        uncertain=uncertain,
        missing=found.missing,
    )


def _argument(item: ComposeItem, pair_: KeyValue, setting: Setting) -> Argument:
    if (
        pair_.value is None
    ):  # compose looks where it looks for the variables of the file (compose-go cli.WithDotEnv)
        return Argument(pair_.name, setting.variables.get(pair_.name), _place(item, pair_.span))
    value = pair_.value.resolved(setting.variables).filled
    if "$" not in pair_.value.raw:
        value = pair_.value.raw
    return Argument(pair_.name, value, _place(item, pair_.span))


def _tags(service: Service, declared: Declared, setting: Setting) -> list[str]:
    """The tags the image gets: `tags`, and `image` of the service."""
    texts = [*declared.tags, *([service.image] if service.image is not None else [])]
    return [_text(text, setting)[0] for text in texts]


def _place(item: ComposeItem, span: Span) -> Place:
    return Place(item.source, span)


def _place_of(item: ComposeItem, text: Text | None) -> Place | None:
    return Place(item.source, text.span) if text is not None else None
