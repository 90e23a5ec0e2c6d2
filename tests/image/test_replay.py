"""The nine cases of dive's blind spots, to the byte; whiteouts, links, many layers."""

import random

import pytest

from dockwright.image.dive import figures
from dockwright.image.entries import Layer
from dockwright.image.replay import Cause, Replay, replayed
from tests.image.tars import Item, layer

BASE = layer(Item("bin/base", b"B" * 100))


def files(folder: str, **fields: object) -> list[Item]:
    return [Item(f"{folder}/{number}", bytes([number + 1]) * 10, **fields) for number in range(10)]


def _cases() -> dict[str, tuple[list[Layer], int, dict[str, int], tuple[float, int, float]]]:
    """Name to layers, dead bytes, causes, and dive's efficiency, wasted bytes and share as its own code gave them."""
    ten = layer(*files("d"))
    removed = layer(*(Item(f"d/.wh.{number}") for number in range(10)))
    return {
        "A clean": ([BASE, ten], 0, {}, (1.0, 0, 0.0)),
        "B rm of files": ([BASE, ten, removed], 100, {"deleted_file": 100}, (0.5, 100, 1.0)),
        "C rm -rf": ([BASE, ten, layer(Item(".wh.d"))], 100, {"deleted_directory": 100}, (1.0, 0, 0.0)),
        "D chown -R": ([BASE, ten, layer(*files("d", uid=7))], 100, {"chown": 100}, (2 / 3, 200, 1.0)),
        "E mv": ([BASE, ten, layer(Item(".wh.d"), *files("e"))], 100, {"moved": 100}, (1.0, 0, 0.0)),
        "F cp -r": ([BASE, ten, layer(*files("e"))], 0, {}, (1.0, 0, 0.0)),
        "G dead in the base": (
            [BASE, layer(Item("f", b"f" * 50)), layer(Item(".wh.f")), layer(Item("own", b"o" * 10))],
            50, {"deleted_file": 50}, (0.6875, 50, 50 / 60),
        ),
        "H grows": (
            [BASE, layer(Item("f", b"a" * 10)), layer(Item("f", b"b" * 90))], 10, {"edited": 10}, (0.55, 100, 1.0),
        ),
        "I shrinks": (
            [BASE, layer(Item("f", b"a" * 90)), layer(Item("f", b"b" * 10))], 90, {"edited": 90}, (0.55, 100, 1.0),
        ),
    }  # fmt: skip


CASES = _cases()


def causes(replay: Replay) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in replay.dead:
        found[one.cause.value] = found.get(one.cause.value, 0) + one.entry.size
    return found


@pytest.mark.parametrize("case", CASES)
def test_dead_bytes_and_their_cause(case: str) -> None:
    layers, dead, by_cause, _ = CASES[case]
    replay = replayed(layers)
    assert replay.shipped - replay.live() == dead == sum(one.entry.size for one in replay.dead)
    assert causes(replay) == by_cause
    assert not replay.notes


@pytest.mark.parametrize("case", CASES)
def test_the_figures_dive_gives(case: str) -> None:
    layers, _, _, (efficiency, wasted, share) = CASES[case]
    dive = figures(layers)
    assert (round(dive.efficiency, 4), dive.wasted) == (round(efficiency, 4), wasted)
    assert dive.wasted_share == pytest.approx(share)


@pytest.mark.parametrize(
    ("fields", "data", "cause"),
    [
        ({"uid": 5}, b"same", Cause.CHOWN),
        ({"gid": 5}, b"same", Cause.CHOWN),
        ({"mode": 0o755}, b"same", Cause.CHMOD),
        ({"pax_headers": {"SCHILY.xattr.user.a": "b"}}, b"same", Cause.XATTR),
        ({"mtime": 77}, b"same", Cause.TOUCHED),
        ({}, b"same", Cause.COPIED_AGAIN),
        ({}, b"else", Cause.EDITED),
        ({"uid": 5, "mode": 0o755}, b"else", Cause.EDITED),
    ],
)
def test_kinds_of_rewriting_are_told_apart(fields: dict[str, object], data: bytes, cause: Cause) -> None:
    replay = replayed([layer(Item("f", b"same")), layer(Item("f", data, **fields))])
    assert causes(replay) == {cause: 4}


def paths(replay: Replay) -> set[str]:
    return {one.path for one in replay.visible()}


def test_an_opaque_directory_hides_what_is_below_and_keeps_what_the_layer_adds() -> None:
    below = layer(Item("d", kind="dir"), Item("d/old", b"1234"), Item("d/sub/x", b"12"), Item("other", b"1"))
    for items in (
        [Item("d/.wh..wh..opq"), Item("d/new", b"n")],
        [Item("d/new", b"n"), Item("d/.wh..wh..opq")],
    ):
        replay = replayed([below, layer(Item("d", kind="dir"), *items)])
        assert paths(replay) == {"d", "d/new", "other"}
        assert causes(replay) == {"deleted_directory": 6}


def test_an_opaque_root() -> None:
    replay = replayed([layer(Item("a", b"1")), layer(Item(".wh..wh..opq"), Item("b", b"22"))])
    assert paths(replay) == {"b"}
    assert replay.live() == 2


def test_a_whiteout_does_not_hide_what_its_own_layer_adds() -> None:
    replay = replayed([layer(Item("f", b"old")), layer(Item("f", b"newer"), Item(".wh.f"))])
    assert (replay.live(), causes(replay)) == (5, {"deleted_file": 3})


def test_hard_links_count_once_and_live_as_long_as_one_name_does() -> None:
    linked = layer(Item("a", b"12345"), Item("b", kind="link", link="a"), Item("c", kind="link", link="b"))
    assert replayed([linked]).live() == 5
    some = replayed([linked, layer(Item(".wh.a"), Item(".wh.c"))])
    assert (some.shipped, some.live(), some.dead) == (5, 5, [])
    none = replayed([linked, layer(Item(".wh.a")), layer(Item(".wh.b")), layer(Item(".wh.c"))])
    assert (none.live(), [one.by for one in none.dead]) == (0, [3])


def test_a_chown_of_linked_files_is_a_chown() -> None:
    below = layer(Item("a", b"12345"), Item("b", kind="link", link="a"))
    above = layer(Item("a", b"12345", uid=3), Item("b", kind="link", link="a", uid=3))
    replay = replayed([below, above])
    assert (replay.shipped, replay.live(), causes(replay)) == (10, 5, {"chown": 5})


def test_a_link_made_anew_over_itself_keeps_its_contents() -> None:
    replay = replayed(
        [layer(Item("a", b"12345"), Item("b", kind="link", link="a"), Item("a", kind="link", link="b"))]
    )
    assert (replay.live(), replay.dead) == (5, [])


@pytest.mark.parametrize("kind", ["symlink", "dir", "fifo"])
def test_a_file_that_becomes_something_else(kind: str) -> None:
    replay = replayed(
        [layer(Item("f", b"123")), layer(Item("f", kind=kind, link="x" if kind == "symlink" else ""))]
    )
    assert causes(replay) == {"replaced": 3}


def test_a_directory_that_becomes_a_file_takes_all_below_along() -> None:
    below = layer(Item("d", kind="dir"), Item("d/s/x", b"12"), Item("d/y", b"1"))
    replay = replayed([below, layer(Item("d", b"file"))])
    assert (paths(replay), causes(replay)) == ({"d"}, {"replaced": 3})


def test_an_entry_below_a_file_turns_it_into_a_directory() -> None:
    replay = replayed([layer(Item("d", b"123")), layer(Item("d/x", b"1"))])
    assert (paths(replay), causes(replay)) == ({"d", "d/x"}, {"replaced": 3})


def test_a_name_twice_in_one_layer() -> None:
    replay = replayed([layer(Item("f", b"first"), Item("f", b"2nd"))])
    assert (replay.live(), causes(replay)) == (3, {"within_layer": 5})


def test_contents_of_a_whiteout_are_never_seen() -> None:
    replay = replayed(
        [layer(Item("f", b"1")), layer(Item(".wh.f", b"odd"), Item(".wh..wh.plnk/1.2", b"aufs"))]
    )
    assert (replay.shipped, replay.live()) == (4, 0) or (replay.shipped, replay.live()) == (8, 4)
    assert replay.shipped - replay.live() == sum(one.entry.size for one in replay.dead)


def test_odd_layers_are_told() -> None:
    replay = replayed([layer(Item(".wh.nothing"), Item("b", kind="link", link="gone"))])
    assert len(replay.notes) == 2


def test_a_thousand_layers() -> None:
    layers = [layer(Item("same", b"x" * number), Item(f"own/{number}", b"12")) for number in range(1000)]
    replay = replayed(layers)
    assert replay.live() == 999 + 2000
    assert causes(replay) == {"edited": sum(range(999))}


@pytest.mark.parametrize("seed", range(20))
def test_random_layers_agree_with_a_plain_model(seed: int) -> None:
    """The model: a dictionary of paths, whiteouts by prefix, nothing clever."""
    rng = random.Random(seed)
    names = [f"{a}/{b}" for a in "pqr" for b in "xyz"] + ["p/deep/er", "top"]
    model: dict[str, bytes] = {}
    layers, shipped = [], 0
    for number in range(12):
        items = []
        for _ in range(rng.randrange(3)):
            gone = rng.choice([name for name in model if "/" in name] or ["p/x"])
            path = rng.choice([gone, gone.split("/")[0]])
            folder, _, name = path.rpartition("/")
            items.append(Item(f"{folder}/.wh.{name}" if folder else f".wh.{name}"))
            model = {
                key: value for key, value in model.items() if key != path and not key.startswith(f"{path}/")
            }
        for path in rng.sample(names, rng.randrange(5)):
            data = b"%d-%d" % (number, rng.randrange(10**6))
            model[path] = data
            shipped += len(data)
            items.append(Item(path, data))
        layers.append(layer(*items))
    replay = replayed(layers)
    found = {one.path: one.copy.entry.size for one in replay.visible() if one.copy}
    assert found == {path: len(data) for path, data in model.items()}
    assert replay.shipped == shipped
    assert sum(one.entry.size for one in replay.dead) == shipped - sum(map(len, model.values()))
