"""References that compose files make to other files: env files, bind mounts, `extends`, `include`, secrets, configs."""

from collections.abc import Iterator, Sequence

from dockwright.compose.model import Resource, Service
from dockwright.compose.value import Text
from dockwright.repository.builds.composed import Setting
from dockwright.repository.layout import Layout, clean
from dockwright.repository.model import ComposeItem, Place, Reference, Strength


def of_compose(
    item: ComposeItem, layout: Layout, folders: Sequence[str], setting: Setting
) -> Iterator[Reference]:
    """Everything a compose file names beside its builds; relative to its project directory, or its own folder."""
    namer = _Namer(item, layout, folders, setting)
    for service in item.file.services.values():
        yield from _of_service(namer, service)
    for include in item.file.includes:
        for path in include.paths:
            yield from namer.name(path, "includes", "compose", own=True)
        for path in include.env_files:
            yield from namer.name(path, "reads", "env_file", own=True)
    resources: Sequence[Resource] = (*item.file.secrets.values(), *item.file.configs.values())
    for resource in resources:
        if resource.file is not None and not resource.external:
            yield from namer.name(resource.file, "reads", resource.kind)


def _of_service(namer: "_Namer", service: Service) -> Iterator[Reference]:
    if service.extends is not None and service.extends.file is not None:
        yield from namer.name(service.extends.file, "extends", "compose", own=True)
    for env_file in service.env_file:
        doubt = "" if env_file.required else "it is not required"
        yield from namer.name(env_file.path, "reads", "env_file", doubt=doubt)
    for volume in service.volumes:
        if volume.type == "bind" and volume.source is not None:
            yield from namer.name(volume.source, "mounts", "bind", folder=True)


class _Namer:
    """Makes references of one compose file."""

    def __init__(self, item: ComposeItem, layout: Layout, folders: Sequence[str], setting: Setting) -> None:
        self.item = item
        self.layout = layout
        self.folders = folders
        self.setting = setting
        self.own = item.path.rpartition("/")[0]

    def name(
        self, text: Text, verb: str, expects: str, *, own: bool = False, doubt: str = "", folder: bool = False
    ) -> Iterator[Reference]:
        """The reference a text makes; none for paths outside the repository.

        `own`: relative to the file's own folder, whatever the project directory; `folder`: may also be a folder.
        """
        resolved = text.resolved(self.setting.variables)
        path = resolved.text
        if path is None:
            if expects in ("compose", "env_file"):
                unset = f"`{resolved.unset[0]}` is not set" if resolved.unset else "it cannot be interpolated"
                yield self._made(text, verb, expects, named=text.raw, uncertain=unset)
            return
        if not path or path.startswith(("/", "~", "\\")) or path[1:2] == ":" or "://" in path:
            return
        folders = [self.own] if own else [*self.folders]
        candidates = [found for base in folders if (found := clean(base, path)) is not None]
        for candidate in candidates:
            if self.layout.has(candidate) or (folder and self.layout.has(candidate, folder=True)):
                yield self._made(text, verb, expects, named=path, target=candidate, resolved=candidate)
                return
        if candidates:
            yield self._made(text, verb, expects, named=path, resolved=candidates[0], uncertain=doubt)

    def _made(
        self,
        text: Text,
        verb: str,
        expects: str,
        *,
        named: str,
        target: str | None = None,
        resolved: str = "",
        uncertain: str = "",
    ) -> Reference:
        return Reference(
            place=Place(self.item.source, text.span),
            verb=verb,
            strength=Strength.RUN,
            named=named,
            target=target,
            expects=expects,
            uncertain=uncertain,
            resolved=resolved,
        )
