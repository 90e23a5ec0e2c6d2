"""What a comparison of two images says."""

from enum import StrEnum

import msgspec

from dockwright.config import Waiver


class What(StrEnum):
    """One thing that differs about a path."""

    ADDED = "added"
    REMOVED = "removed"
    KIND = "kind"
    CONTENT = "content"
    MODE = "mode"
    OWNER = "owner"
    LINK = "link"
    DEVICE = "device"
    XATTRS = "xattrs"
    LINKED = "linked"
    """The same contents, as one file with several names there and as files of their own here."""
    MODIFIED = "modified"
    """The time of the last change."""


class Detail(msgspec.Struct, frozen=True):
    """One difference of a path, both sides in words: `0644`, `root:root`, `12 bytes sha256:…`."""

    what: What
    before: str
    after: str


class FileChange(msgspec.Struct, frozen=True):
    """A path that differs. `noise` names the rule, and `waiver` the reason, by which it does not count."""

    path: str
    details: tuple[Detail, ...]
    size_before: int
    size_after: int
    noise: str = ""
    waiver: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is a difference, all allowances made."""
        return not self.noise and not self.waiver


class SettingChange(msgspec.Struct, frozen=True):
    """A setting of the image (`env.PATH`, `cmd`, `label.version`) that differs; None where a side lacks it."""

    name: str
    before: str | None
    after: str | None
    noise: str = ""
    waiver: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is a difference, all allowances made."""
        return not self.noise and not self.waiver


class PackageChange(msgspec.Struct, frozen=True):
    """A package that one side lacks (None) or has in other versions. Its files are compared all the same."""

    manager: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    waiver: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is a difference, all allowances made."""
        return not self.waiver


class Comparison(msgspec.Struct, frozen=True):
    """Two images, compared. `files`, `settings` and `packages` hold noise and waived differences too."""

    before: str
    after: str
    files: tuple[FileChange, ...]
    settings: tuple[SettingChange, ...]
    packages: tuple[PackageChange, ...]
    unused: tuple[Waiver, ...] = ()
    """Waivers that nothing needed."""
    compared: int = 0
    """Paths looked at, of both sides together."""
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """True when nothing counts and no waiver is left over."""
        groups: tuple[tuple[FileChange | SettingChange | PackageChange, ...], ...]
        groups = (self.files, self.settings, self.packages)
        return not self.unused and not any(one.counts for group in groups for one in group)
