"""Differences that somebody accepts, each with a reason; a waiver that nothing needs is told as well."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from dockwright.config import Waiver
from dockwright.errors import ConfigError
from dockwright.image.diff.model import FileChange, PackageChange, SettingChange, What


def checked(waivers: Sequence[Waiver], where: str) -> tuple[Waiver, ...]:
    """The waivers, each found to be sound; ConfigError says which is not and why."""
    for number, one in enumerate(waivers, 1):
        place = f"{where}: waiver {number}"
        if not one.reason.strip():
            raise ConfigError(f"{place} has no reason", "say why the difference is fine")
        if sum(map(bool, (one.path, one.setting, one.package))) != 1:
            raise ConfigError(f"{place} needs exactly one of `path`, `setting` and `package`")
        if one.change and (not one.path or one.change not in set(What)):
            raise ConfigError(f"{place}: `change` goes with `path` and is one of {', '.join(What)}")
    return tuple(waivers)


class Waivers:
    """Asked of each difference; remembers which waiver was of use."""

    def __init__(self, waivers: Sequence[Waiver]) -> None:
        self._waivers = waivers
        self._used: set[int] = set()

    def file(self, change: FileChange) -> FileChange:
        """The change, with the reason it is accepted for if it is: every kind of difference must be waived."""
        if change.noise:
            return change
        left = {detail.what for detail in change.details} - {What.MODIFIED}
        used = []
        for number, one in enumerate(self._waivers):
            if one.path and fnmatchcase(change.path, one.path.strip("/")):
                taken = {one.change} if one.change else set(left)
                if left & taken:
                    used.append(number)
                    left -= {What(what) for what in taken}
        if left or not used:
            return change
        self._used.update(used)
        return msgspec.structs.replace(change, waiver=self._reasons(used))

    def setting(self, change: SettingChange) -> SettingChange:
        """The change, with the reason it is accepted for if it is."""
        if change.noise:
            return change
        used = [
            number
            for number, one in enumerate(self._waivers)
            if one.setting and fnmatchcase(change.name, one.setting)
        ][:1]
        self._used.update(used)
        return msgspec.structs.replace(change, waiver=self._reasons(used)) if used else change

    def package(self, change: PackageChange) -> PackageChange:
        """The change, with the reason it is accepted for if it is. `pip:requests` or a name of any manager."""
        names = (change.name, f"{change.manager}:{change.name}")
        used = [
            number
            for number, one in enumerate(self._waivers)
            if one.package and any(fnmatchcase(name, one.package) for name in names)
        ][:1]
        self._used.update(used)
        return msgspec.structs.replace(change, waiver=self._reasons(used)) if used else change

    def _reasons(self, numbers: list[int]) -> str:
        return "; ".join(self._waivers[number].reason for number in numbers)

    def unused(self) -> tuple[Waiver, ...]:
        """The waivers that no difference needed."""
        return tuple(one for number, one in enumerate(self._waivers) if number not in self._used)
