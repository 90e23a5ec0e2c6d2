"""Which values of services and resources are paths, and giving them the directory they are relative to.

compose-go paths/resolve.go: build.context, additional_contexts, env_file, develop.watch.path, bind sources, files of
secrets and configs. `build.dockerfile` is relative to the context and stays.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from dockwright.compose.model import Build, KeyValue, Resource, Service
from dockwright.compose.value import Text

T = TypeVar("T", bound=msgspec.Struct)


def rebase_service(service: Service, directory: str) -> Service:
    """The service with its paths relative to `directory`."""
    return msgspec.structs.replace(
        service,
        build=_build(service.build, directory),
        env_file=_all(service.env_file, "path", directory),
        volumes=_all(service.volumes, "source", directory),
        watch=_all(service.watch, "path", directory),
    )


def rebase_resource(resource: Resource, directory: str) -> Resource:
    """The network, volume, secret or config with its file relative to `directory`."""
    if resource.file is None:
        return resource
    return msgspec.structs.replace(resource, file=_text(resource.file, directory))


def _build(build: Build | None, directory: str) -> Build | None:
    if build is None:
        return None
    contexts = tuple(
        KeyValue(pair.key, _text(pair.value, directory) if pair.value is not None else None, pair.node)
        for pair in build.additional_contexts
    )
    context = _text(build.context, directory) if build.context is not None else None
    return msgspec.structs.replace(build, context=context, additional_contexts=contexts)


def _all(items: Iterable[T], field: str, directory: str) -> tuple[T, ...]:
    """Structs with one path field each."""
    found: list[T] = []
    for item in items:
        text: Text | None = getattr(item, field)
        found.append(
            item if text is None else msgspec.structs.replace(item, **{field: _text(text, directory)})
        )
    return tuple(found)


def _text(text: Text, directory: str) -> Text:
    return Text(text.raw, text.node, text.at, directory)
