"""The project environment: variables with what set them.

The core reads no process: the environment is given. compose-go cli/options.go (WithOsEnv, WithDotEnv) and
types/mapping.go (Merge): what is given wins over env files; among env files the later wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dockwright.compose.load.origin import Place, Setting, SettingKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.dotenv import DotEnv


class Environment(Mapping[str, str]):
    """Variables by name; as a mapping it gives the values, `setting` gives what set them."""

    __slots__ = ("_settings",)

    def __init__(self, settings: Iterable[Setting] = ()) -> None:
        self._settings = {setting.name: setting for setting in settings}

    @classmethod
    def of(cls, values: Mapping[str, str], kind: SettingKind = "given") -> Environment:
        """An environment of plain values."""
        if isinstance(values, Environment):
            return values
        return cls(Setting(name, value, kind) for name, value in values.items())

    def __getitem__(self, name: str) -> str:
        return self._settings[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._settings)

    def __len__(self) -> int:
        return len(self._settings)

    def __contains__(self, name: object) -> bool:
        return name in self._settings

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        found = self._settings.get(name)
        return default if found is None else found.value

    def setting(self, name: str) -> Setting | None:
        """What set a variable."""
        return self._settings.get(name)

    def settings(self) -> Iterator[Setting]:
        """All of them."""
        return iter(self._settings.values())

    def below(self, others: Iterable[Setting]) -> Environment:
        """A copy of it, with `others` for the names it does not have."""
        found = Environment(self._settings.values())
        for setting in others:
            found._settings.setdefault(setting.name, setting)
        return found

    def with_setting(self, setting: Setting) -> Environment:
        """A copy of it with one variable set."""
        return Environment((*self._settings.values(), setting))


def settings_of(file: DotEnv, values: Mapping[str, str]) -> Iterator[Setting]:
    """The variables an env file set, each with its line. `values` are those it set, expanded."""
    places = {one.name: Place(file.source, one.key_at[0], one.value_at[1]) for one in file.assignments}
    if file.nameless is not None:
        yield Setting("", file.nameless.text or "", "env-file", Place(file.source, *file.nameless.value_at))
    for name, value in values.items():
        if name in places:
            yield Setting(name, value, "env-file", places[name])
