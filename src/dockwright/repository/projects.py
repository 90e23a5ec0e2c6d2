"""Compose projects: from which directory and with which variables each compose file is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dockwright.compose.dotenv import parse
from dockwright.compose.value import Text
from dockwright.repository.builds.composed import Setting
from dockwright.repository.layout import Layout, clean, parents
from dockwright.repository.model import ComposeItem, Standing, Strength
from dockwright.repository.references.from_calls import Used
from dockwright.repository.standing import place_standing
from dockwright.text import SourceFile


class Projects:
    """What calls tell about compose files, and which env files there are."""

    def __init__(self, layout: Layout, envs: Iterable[SourceFile]) -> None:
        self._layout = layout
        self._envs = {source.path: source for source in envs}
        self._folders: dict[str, dict[str, None]] = {}
        self._env_files: dict[str, dict[str, None]] = {}
        self._values: dict[str, Mapping[str, str]] = {}
        self.sets: dict[str, dict[tuple[str, ...], None]] = {}
        """File sets in which something uses a file, by its path."""

    def add(self, used: Used, strength: Strength) -> None:
        """A call that reads compose files."""
        if strength <= Strength.DOCS:
            return
        for file in used.files:
            if used.complete:
                self.sets.setdefault(file, {})[used.files] = None
            if used.project is not None:
                self._folders.setdefault(file, {})[used.project] = None
            for env in used.env_files:
                self._env_files.setdefault(file, {})[env] = None

    def include(self, item: ComposeItem) -> None:
        """The project directories that an including file gives to those it includes."""
        own = item.path.rpartition("/")[0]
        for include in item.file.includes:
            directory = include.project_directory
            if directory is None or directory.default is None:
                continue
            folder = clean(own, directory.default)
            for path in include.paths:
                target = clean(own, path.default or "")
                if folder is not None and target is not None:
                    self._folders.setdefault(target, {})[folder] = None

    def extend(self, item: ComposeItem, bases: Mapping[str, ComposeItem]) -> None:
        """Take a file that is no project alone for an extension of the default compose file in a folder above it.

        `bases` are files at default names by their folder. Paths in an extension are relative to the first file's
        folder, so its own folder would be wrong.
        """
        own = item.path.rpartition("/")[0]
        if item.path in self._folders or not own:
            return
        for folder in list(parents(own))[1:]:
            base = bases.get(folder)
            if base is not None and leans_on(item, base):
                if self._fit(item, folder) > self._fit(item, own):
                    self._folders[item.path] = {folder: None}
                return

    def _fit(self, item: ComposeItem, folder: str) -> int:
        """How many of the paths a file names are there when it is read from `folder`."""
        return sum(
            self._layout.has(found) or self._layout.has(found, folder=True)
            for text in relative_paths(item)
            if (path := text.default) and (found := clean(folder, path)) is not None
        )

    def folders(self, path: str) -> list[str]:
        """The project directories a compose file is read from: those that calls tell, else its own folder."""
        return list(self._folders.get(path, ())) or [path.rpartition("/")[0]]

    def settings(self, path: str) -> Sequence[Setting]:
        """The variables compose reads for a file: `.env` or the files calls name; then other env files near by."""
        folders = self.folders(path)
        named = list(self._env_files.get(path, ()))
        default = [f"{folder}/.env" if folder else ".env" for folder in folders]
        found = [self._setting(name, certain=True) for name in (*named, *default) if name in self._envs]
        known = {setting.origin for setting in found}
        for name in sorted(self._envs):
            folder = name.rpartition("/")[0]
            if name not in known and folder in (*folders, "") and place_standing(name)[0] is Standing.OWN:
                found.append(self._setting(name, certain=False))
        if not found or not found[0].certain:
            found.insert(0, Setting({}))
        return found

    def _setting(self, name: str, *, certain: bool) -> Setting:
        values = self._values.get(name)
        if values is None:
            values = self._values[name] = parse(self._envs[name].data, name).values().values
        return Setting(values, name, certain)


def overridden(item: ComposeItem, composes: Mapping[str, ComposeItem]) -> ComposeItem | None:
    """The file an override is read behind: `compose.yaml` for `compose.override.e2e.yaml` beside it."""
    folder, slash, name = item.path.rpartition("/")
    stem, found, _ = name.partition(".override")
    if not found:
        return None
    return next(
        (composes[path] for end in ("yml", "yaml") if (path := f"{folder}{slash}{stem}.{end}") in composes),
        None,
    )


def leans_on(item: ComposeItem, base: ComposeItem) -> bool:
    """True when a file needs another: it overrides its services, or depends on services or networks only that has."""
    services = item.file.services
    if services.keys() & base.file.services.keys():
        return True
    for service in services.values():
        for dependency in service.depends_on:
            name = dependency.service.raw
            if name not in services and name in base.file.services:
                return True
        for network in service.networks:
            name = network.name.raw
            if name not in item.file.networks and name in base.file.networks:
                return True
    return False


def relative_paths(item: ComposeItem) -> Iterator[Text]:
    """Contexts, env files and bind sources of a compose file."""
    for service in item.file.services.values():
        if service.build is not None and service.build.context is not None:
            yield service.build.context
        yield from (env_file.path for env_file in service.env_file)
        for volume in service.volumes:
            if volume.type == "bind" and volume.source is not None:
                yield volume.source
