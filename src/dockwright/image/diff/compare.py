"""Puts the parts of a comparison together."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dockwright.config import Waiver
from dockwright.errors import UsageError
from dockwright.image.diff.files import changed
from dockwright.image.diff.model import Comparison, FileChange, PackageChange, What
from dockwright.image.diff.noise import NAMES, noise_of
from dockwright.image.diff.packages import package_changes
from dockwright.image.diff.settings import setting_changes
from dockwright.image.diff.state import FileSystem
from dockwright.image.diff.waivers import Waivers
from dockwright.image.packages.installed import packages_in
from dockwright.image.source import Image


def compared(
    before: Image,
    after: Image,
    *,
    waivers: Sequence[Waiver] = (),
    counting: Iterable[str] = (),
    more_packages: Iterable[PackageChange] = (),
) -> Comparison:
    """Two images, compared by what a container would see.

    Both must have been read with `noise.wanted` and `packages.files.wanted`, so that the rules can look into the files they
    know and packages are found. `counting` names
    noise rules that are switched off, `all` every one of them; `more_packages` are those that others found. UsageError for a rule that does not exist.
    """
    off = switched_off(counting)
    one, other = FileSystem(before), FileSystem(after)
    allowed = Waivers(waivers)
    files = tuple(allowed.file(change) for change in _files(one, other, off))
    settings = tuple(
        allowed.setting(msgspec.structs.replace(change, noise="") if change.noise in off else change)
        for change in setting_changes(before.config, after.config)
    )
    installed = [packages_in(image.layers, side.replay) for image, side in ((before, one), (after, other))]
    skipped = tuple(f"{each.what}: {each.reason}" for _, skips in installed for each in skips)
    taken = tuple(
        allowed.package(change)
        for change in (*package_changes(installed[0][0], installed[1][0]), *more_packages)
    )
    return Comparison(
        before.name, after.name, files, settings, taken, allowed.unused(), len(one.seen) + len(other.seen),
        one.notes + other.notes + skipped,
    )  # fmt: skip


def switched_off(names: Iterable[str]) -> frozenset[str]:
    """The noise rules of these names, `all` for every one; UsageError names the rules when one does not exist."""
    asked = frozenset(names)
    unknown = sorted(asked - {*NAMES, "all"})
    if unknown:
        raise UsageError(
            f"there is no noise rule {unknown[0]!r}", f"the rules are {', '.join(NAMES)}; or `all`"
        )
    return frozenset(NAMES) if "all" in asked else asked


def _files(one: FileSystem, other: FileSystem, off: frozenset[str]) -> list[FileChange]:
    return _folders_of_noise(list(_each_file(one, other, off)))


def _folders_of_noise(changes: list[FileChange]) -> list[FileChange]:
    """A directory that only one side has, for nothing but noise, is noise by the rule of what is in it."""
    inside: dict[str, set[str]] = {}
    for number in range(len(changes) - 1, -1, -1):  # what is in a directory comes after it
        change = changes[number]
        own = inside.get(change.path, set())
        if (
            not change.noise
            and own
            and "" not in own
            and change.details[0].what in (What.ADDED, What.REMOVED)
        ):
            change = changes[number] = msgspec.structs.replace(change, noise=min(own))
        folder = change.path.rpartition("/")[0]
        if folder:
            inside.setdefault(folder, set()).add(change.noise)
    return changes


def _each_file(one: FileSystem, other: FileSystem, off: frozenset[str]) -> Iterator[FileChange]:
    for path, details in changed(one, other):
        noise = noise_of(path, details, one, other, off)
        before, after = one.seen.get(path), other.seen.get(path)
        shown = details if noise else tuple(d for d in details if d.what != What.MODIFIED) or details
        yield FileChange(path, shown, before.size if before else 0, after.size if after else 0, noise)
