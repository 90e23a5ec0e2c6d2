"""Compose projects: from which directory and with which variables each compose file is read."""

from collections.abc import Iterable, Sequence

from dockwright.compose.dotenv import parse
from dockwright.repository.builds.composed import Setting
from dockwright.repository.layout import Layout
from dockwright.repository.model import Standing, Strength
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

    def include(self, file: str, by: str) -> None:
        """`by` includes `file` as a project of its own folder; kept so that overrides need no default."""
        self._folders.setdefault(file, {}).setdefault(file.rpartition("/")[0], None)
        del by

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
        return Setting(parse(self._envs[name].data, name).values().values, name, certain)
