"""All packages of an image: their visible bytes, the layer most of them came with, and who needs them."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from dockwright.errors import Skipped
from dockwright.image.entries import Layer
from dockwright.image.packages.debian import apk, dpkg
from dockwright.image.packages.files import Contents
from dockwright.image.packages.model import Package
from dockwright.image.packages.node import npm
from dockwright.image.packages.python import pip
from dockwright.image.packages.rpm import Unreadable, rpm
from dockwright.image.replay import Copy, Node, Replay


class Installed(msgspec.Struct, frozen=True):
    """A package in an image. `needed_by` and `recommended_by` are names of installed packages of the same manager."""

    package: Package
    bytes: int
    files: int
    layer: int | None
    needed_by: tuple[str, ...]
    recommended_by: tuple[str, ...]


def packages_in(layers: Sequence[Layer], replay: Replay) -> tuple[list[Installed], list[Skipped]]:
    """The packages, the largest first, and what could not be read. The layers must have been read with `files.wanted`."""
    contents = Contents(layers, replay)
    skipped = [
        Skipped(path, "too much to keep; packages listed in it are missing") for path in contents.missing
    ]
    skipped += [
        Skipped(path, "an rpm database in Berkeley or NDB form, which is not read")
        for path in contents.others
    ]
    packages = [*dpkg(contents), *apk(contents), *_rpms(contents, skipped)]
    owned = {path for package in packages for path in package.files if _is_pythons(path)}
    packages += [*(one for one in pip(contents, replay) if one.listed_in not in owned), *npm(contents)]
    needed, recommended = _needs(packages)
    found = []
    for number, package in enumerate(packages):
        copies = {id(copy): copy for copy in _copies(package, replay)}
        layer_bytes: Counter[int] = Counter()
        for copy in copies.values():
            layer_bytes[copy.layer] += copy.entry.size
        layer = layer_bytes.most_common(1)[0][0] if layer_bytes else None
        size = sum(layer_bytes.values())
        found.append(Installed(package, size, len(copies), layer, needed[number], recommended[number]))
    found.sort(key=lambda one: (-one.bytes, one.package.manager, one.package.name, one.package.place))
    return found, skipped


def _is_pythons(path: str) -> bool:
    """A list of a Python distribution: one that a system package brings is that package, and counted as it."""
    return path.endswith((".dist-info/METADATA", ".egg-info", ".egg-info/PKG-INFO"))


def _rpms(contents: Contents, skipped: list[Skipped]) -> Iterator[Package]:
    for path, data in contents.raw("rpm"):
        try:
            yield from rpm(data)
        except Unreadable as error:
            skipped.append(Skipped(path, f"the rpm database cannot be read: {error}"))


def _copies(package: Package, replay: Replay) -> Iterator[Copy]:
    for path in package.files:
        node = _seen(replay, path)
        if node is not None and node.copy is not None:
            yield node.copy
    for folder in package.folders:
        waiting = [replay.at(folder)]
        while waiting:
            inner = waiting.pop()
            for name, child in (inner.children or {}).items() if inner is not None else ():
                if child.copy is not None:
                    yield child.copy
                elif child.children is not None and name != "node_modules":
                    waiting.append(child)


_MERGED = ("bin/", "sbin/", "lib/", "lib32/", "lib64/", "libx32/")


def _seen(replay: Replay, path: str) -> Node | None:
    """What a listed path leads to; where `/bin` and `/lib` are links into `/usr`, lists may still name them."""
    node = replay.at(path)
    if node is None and path.startswith(_MERGED):
        node = replay.at(f"usr/{path}")
    return node


_MOST_GIVERS = 16
"""Installed packages of one name that are looked at as what a requirement means; real images have two (architectures)."""


class _Givers:
    """Which installed packages a requirement means."""

    def __init__(self, packages: Sequence[Package]) -> None:
        self._by_name: dict[tuple[str, str], list[int]] = {}
        self._by_place: dict[tuple[str, str, str], int] = {}
        for number, package in enumerate(packages):
            for name in {package.name, *package.provides}:
                same = self._by_name.setdefault((package.manager, name), [])
                if len(same) < _MOST_GIVERS:
                    same.append(number)
                self._by_place[package.manager, name, package.place] = number

    def of(self, user: Package, name: str) -> Sequence[int]:
        """Npm looks in its own `node_modules`, then upwards; pip's are those beside it; others have one place for all."""
        if user.manager == "npm":
            place = f"{user.place}/node_modules/{user.name}" if user.place else f"node_modules/{user.name}"
            while True:
                found = self._by_place.get(("npm", name, place))
                if found is not None:
                    return (found,)
                if not place:
                    return ()
                place = place.rpartition("/")[0]
        beside = self._by_place.get((user.manager, name, user.place)) if user.manager == "pip" else None
        return (beside,) if beside is not None else self._by_name.get((user.manager, name), ())


def _needs(packages: Sequence[Package]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """For each package the names of those that require it, and of those that recommend it."""
    givers = _Givers(packages)
    by: tuple[list[dict[str, None]], list[dict[str, None]]] = ([{} for _ in packages], [{} for _ in packages])
    for user, package in enumerate(packages):
        for found, requirements in zip(by, (package.requires, package.recommends), strict=True):
            for names in requirements:
                for name in names:
                    for giver in givers.of(package, name):
                        if giver != user:
                            found[giver][package.name] = None
    return [tuple(sorted(one)) for one in by[0]], [tuple(sorted(one)) for one in by[1]]
