"""Bytes that need not be shipped, grouped by where they come from and what removes them."""

from collections.abc import Iterable, Sequence

import msgspec

from dockwright.image.account import Account
from dockwright.image.duplicates import Duplicate
from dockwright.image.history import Made
from dockwright.image.packages.installed import Installed
from dockwright.image.replay import Cause, Dead
from dockwright.measure.images.fixes import Naming, fix_in_base, fix_of_dead, fix_of_junk
from dockwright.measure.images.model import Win

_PATHS = 5
_DEEPEST = 8
"""Folders in a path that is shown for many files."""


class Makers(msgspec.Struct, frozen=True):
    """Who made which layer, as far as it is known."""

    by_layer: tuple[Made | None, ...]
    base_layers: int | None
    base_name: str
    name: Naming

    def of(self, layer: int) -> Made | None:
        return self.by_layer[layer]

    def own(self, layer: int) -> bool | None:
        return None if self.base_layers is None else layer >= self.base_layers


def wins_of(account: Account, makers: Makers, installed: Sequence[Installed] = ()) -> tuple[Win, ...]:
    """All groups with bytes, the largest first."""
    found = [
        *_dead(account.replay.dead, makers),
        *_junk(account, makers),
        *_duplicates(_no_junk(account), makers),
        *_recommended(installed, makers),
    ]
    return tuple(
        sorted((one for one in found if one.bytes), key=lambda one: (-one.bytes, one.kind, one.paths))
    )


def _recommended(installed: Sequence[Installed], makers: Makers) -> list[Win]:
    """Packages apt brought along because others only recommend them."""
    groups: dict[int, list[Installed]] = {}
    for one in installed:
        alone = one.recommended_by and not one.needed_by and one.package.asked_for is False
        if alone and one.layer is not None:
            groups.setdefault(one.layer, []).append(one)
    found = []
    for layer, group in groups.items():
        made, own = makers.of(layer), makers.own(layer)
        names = tuple(one.package.name for one in sorted(group, key=lambda one: -one.bytes)[:_PATHS])
        fix = f"{makers.name(made)}: `apt-get install --no-install-recommends`, and name those that are needed ({', '.join(names)})"
        found.append(
            Win("recommended", "only recommended", sum(one.bytes for one in group), sum(one.files for one in group), names,
                _number(made), None, own, sure=False, fix=fix_in_base(makers.base_name) if own is False else fix)
        )  # fmt: skip
    return found


def _number(made: Made | None) -> int | None:
    return made.number if made is not None else None


def _dead(dead: Iterable[Dead], makers: Makers) -> list[Win]:
    groups: dict[tuple[int, int, Cause], list[Dead]] = {}
    for one in dead:
        groups.setdefault((one.layer, one.by, one.cause), []).append(one)
    return [_dead_win(key, group, makers) for key, group in groups.items()]


def _dead_win(key: tuple[int, int, Cause], group: list[Dead], makers: Makers) -> Win:
    layer, by, cause = key
    made, hid = makers.of(layer), makers.of(by)
    paths = largest((one.where, one.entry.size) for one in group)
    own = makers.own(layer)
    fix = fix_in_base(makers.base_name) if own is False else fix_of_dead(cause, made, hid, paths, makers.name)
    size = sum(one.entry.size for one in group)
    return Win(
        "dead", cause.value, size, len(group), paths, _number(made), _number(hid), own, sure=True, fix=fix
    )


def largest(parts: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The few paths that hold most; files are put together by folder when they are many."""
    sizes: dict[str, int] = {}
    for path, size in parts:
        sizes[path] = sizes.get(path, 0) + size
    for depth in range(_DEEPEST, 0, -1):
        if len(sizes) <= 4 * _PATHS:
            break
        folded: dict[str, int] = {}
        for path, size in sizes.items():
            shown = "/".join(path.split("/", depth)[:depth])
            folded[shown] = folded.get(shown, 0) + size
        sizes = folded
    ranked = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(path for path, _ in ranked[:_PATHS])


def _junk(account: Account, makers: Makers) -> list[Win]:
    groups: dict[tuple[int, str], list[int]] = {}
    for number, one in enumerate(account.junk_files):
        groups.setdefault((one.copy.layer, one.kind.name), []).append(number)
    found = []
    for (layer, _), numbers in groups.items():
        files = [account.junk_files[number] for number in numbers]
        folders = largest((one.folder, one.copy.entry.size) for one in files)
        made, own, kind = makers.of(layer), makers.own(layer), files[0].kind
        fix = fix_of_junk(kind.fix, folders, makers.name(made))
        if own is False:
            fix = f"{fix_in_base(makers.base_name)}"
        size = sum(one.copy.entry.size for one in files)
        found.append(
            Win(
                "junk",
                kind.what,
                size,
                len(files),
                folders,
                _number(made),
                None,
                own,
                sure=kind.sure,
                fix=fix,
            )
        )
    return found


def _no_junk(account: Account) -> list[Duplicate]:
    """Without what is junk in all its copies, and counted as that."""
    junk = {id(one.copy) for one in account.junk_files}
    return [one for one in account.duplicates if not all(id(copy) in junk for copy in one.copies)]


def _duplicates(duplicates: Sequence[Duplicate], makers: Makers) -> list[Win]:
    """Files that are there several times, put together by the folders they are in: a copied tree is one group."""
    groups: dict[tuple[str, ...], list[Duplicate]] = {}
    for one in duplicates:
        groups.setdefault(_roots(one.paths), []).append(one)
    found = []
    for roots, group in groups.items():
        layers = [copy.layer for one in group for copy in one.copies]
        made = makers.of(max(layers))
        size = sum(one.bytes for one in group)
        fix = _fix_of_copies(roots, len(set(layers)), makers, max(layers))
        own = None if makers.base_layers is None else max(layers) >= makers.base_layers
        found.append(
            Win("duplicate", "same contents", size, len(group), roots[:_PATHS], _number(made), None, own, sure=True,
                fix=fix if own is not False else fix_in_base(makers.base_name))
        )  # fmt: skip
    return found


def _fix_of_copies(roots: tuple[str, ...], layers: int, makers: Makers, last: int) -> str:
    first, second = roots[0] or ".", (roots[1] if len(roots) > 1 else roots[0]) or "."
    if layers == 1:
        return f"in {makers.name(makers.of(last))}: keep one of /{first} and /{second}, link to it from the other"
    return f"/{second} is there as /{first} already: leave it out of {makers.name(makers.of(last))}, or link to it"


def _roots(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths without the tail they have in common: `a/x/f` and `b/x/f` give `a` and `b`."""
    parts = [path.split("/") for path in paths]
    same = 0
    shortest = min(map(len, parts)) - 1
    while same < shortest and len({one[-1 - same] for one in parts}) == 1:
        same += 1
    return tuple("/".join(one[: len(one) - same]) for one in parts) if same else paths
