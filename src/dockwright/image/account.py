"""Where the bytes of an image are: shipped, live, dead by cause, by layer; nothing is counted twice.

shipped = all file contents of all layers      live = contents that can be seen, each once
dead    = shipped - live, split into what lies in layers of the base image and what does not
"""

from collections.abc import Sequence

import msgspec

from dockwright.image.dive import Dive, figures
from dockwright.image.duplicates import Duplicate, duplicates_in
from dockwright.image.entries import WHITEOUT, Kind, Layer
from dockwright.image.junk import Junk, junk_in
from dockwright.image.limits import DEFAULT, Limits
from dockwright.image.replay import Dead, Replay, replayed


class LayerAccount(msgspec.Struct, frozen=True):
    """One layer's part, in bytes: `shipped` = `live` + `dead`; `kills` is what it made dead, here or below."""

    number: int
    shipped: int
    live: int
    dead: int
    kills: int
    files: int


class Account(msgspec.Struct, frozen=True):
    """The bytes of one image. `dead_own` and `dead_base` are None when the base image is not known."""

    shipped: int
    live: int
    dead: int
    dead_own: int | None
    dead_base: int | None
    dead_by_cause: dict[str, int]
    duplicate: int
    junk: int
    layers: tuple[LayerAccount, ...]
    dive: Dive
    replay: Replay
    duplicates: tuple[Duplicate, ...]
    junk_files: tuple[Junk, ...]


def account(layers: Sequence[Layer], base_layers: int | None = None, limits: Limits = DEFAULT) -> Account:
    """Account for an image's layers, lowest first; `base_layers` of them come with FROM."""
    replay = replayed(layers, limits)
    dead = sum(one.entry.size for one in replay.dead)
    base = (
        None if base_layers is None else sum(one.entry.size for one in replay.dead if one.layer < base_layers)
    )
    duplicates = duplicates_in(replay)
    junk = junk_in(replay)
    live = replay.live()
    assert live + dead == replay.shipped, "every byte is either seen or not"
    return Account(
        shipped=replay.shipped,
        live=live,
        dead=dead,
        dead_own=None if base is None else dead - base,
        dead_base=base,
        dead_by_cause=_by_cause(replay.dead),
        duplicate=sum(one.bytes for one in duplicates),
        junk=sum(one.copy.entry.size for one in junk),
        layers=_layers(layers, replay.dead),
        dive=figures(layers),
        replay=replay,
        duplicates=tuple(duplicates),
        junk_files=tuple(junk),
    )


def _by_cause(dead: Sequence[Dead]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in dead:
        if one.entry.size:
            found[one.cause.value] = found.get(one.cause.value, 0) + one.entry.size
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _layers(layers: Sequence[Layer], dead: Sequence[Dead]) -> tuple[LayerAccount, ...]:
    lost, kills = [0] * len(layers), [0] * len(layers)
    for one in dead:
        lost[one.layer] += one.entry.size
        kills[one.by] += one.entry.size
    return tuple(
        LayerAccount(
            number,
            layer.size,
            layer.size - lost[number],
            lost[number],
            kills[number],
            sum(entry.kind == Kind.FILE and not _is_whiteout(entry.path) for entry in layer.entries),
        )
        for number, layer in enumerate(layers)
    )


def _is_whiteout(path: str) -> bool:
    return WHITEOUT in path and path.rpartition("/")[2].startswith(WHITEOUT)
