"""What is the same though layered otherwise, and what is not though it looks alike."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.image.diff.images import comparison, counted, image, passed_over
from tests.image.tars import Item

FOLDER = Item("srv", kind="dir")


def _plain() -> list[Item]:
    return [
        FOLDER,
        Item("srv/a", b"one"),
        Item("srv/b", b"two", mode=0o755),
        Item("srv/c", kind="symlink", link="a"),
    ]


def test_the_same_in_one_layer_and_in_many() -> None:
    layered = image(
        [Item("srv", kind="dir"), Item("srv/a", b"old"), Item("srv/x/y", b"later removed")],
        [Item("srv/a", b"one"), Item("srv/.wh.x")],
        [Item("srv/b", b"two", mode=0o644)],
        [Item("srv/b", b"two", mode=0o755), Item("srv/c", kind="symlink", link="a")],
    )
    found = comparison(_plain(), layered)
    assert found.same
    assert found.files == ()


@pytest.mark.parametrize(
    ("planted", "expected"),
    [
        (Item("srv/a", b"0ne"), [("srv/a", ["content"])]),
        (Item("srv/a", b"one", mode=0o600), [("srv/a", ["mode"])]),
        (Item("srv/a", b"one", mode=0o4644), [("srv/a", ["mode"])]),
        (Item("srv/a", b"one", uid=7), [("srv/a", ["owner"])]),
        (Item("srv/a", b"one", gid=7), [("srv/a", ["owner"])]),
        (Item("srv/c", kind="symlink", link="b"), [("srv/c", ["link"])]),
        (Item("srv/a", kind="symlink", link="b"), [("srv/a", ["kind"])]),
        (Item("srv/a", kind="dir"), [("srv/a", ["kind"])]),
        (Item("srv", kind="dir", mode=0o700), [("srv", ["mode"])]),
        (Item("srv/new"), [("srv/new", ["added"])]),
        (Item("srv/.wh.b"), [("srv/b", ["removed"])]),
        (
            Item("srv/a", b"one", pax_headers={"SCHILY.xattr.security.capability": "x"}),
            [("srv/a", ["xattrs"])],
        ),
    ],
    ids=lambda value: value.info.name if isinstance(value, Item) else "",
)
def test_each_planted_difference_is_found(planted: Item, expected: list[Any]) -> None:
    found = comparison(image(_plain()), image(_plain(), [planted]))
    assert counted(found) == expected
    assert not found.same


def test_a_lost_attribute_is_found_and_named() -> None:
    given_ = Item("bin/ping", b"x", pax_headers={"SCHILY.xattr.user.note": "kept"})
    found = comparison([given_], [Item("bin/ping", b"x")])
    (change,) = [one for one in found.files if one.counts]
    assert (change.details[0].before, change.details[0].after) == ("user.note=6b657074", "none")


def test_a_device_with_other_numbers() -> None:
    one = Item("n", kind="char", devmajor=1, devminor=3)
    assert counted(comparison([one], [Item("n", kind="char", devmajor=1, devminor=5)])) == [("n", ["device"])]


def test_times_and_hard_links_are_passed_over_by_name() -> None:
    before = [Item("a", b"x"), Item("b", kind="link", link="a"), Item("t", b"1", mtime=5)]
    found = comparison(before, [Item("a", b"x"), Item("b", b"x"), Item("t", b"1", mtime=9)])
    assert found.same
    assert passed_over(found) == {"a": "hard-links", "b": "hard-links", "t": "modified-time"}
    assert not comparison(before, [Item("a", b"x"), Item("b", b"x"), Item("t", b"1")], counting=["all"]).same


def test_a_directory_that_no_layer_lists_has_no_mode_to_compare() -> None:
    assert comparison([Item("d/x", b"1")], [Item("d", kind="dir", mode=0o750), Item("d/x", b"1")]).same


_NAMES = st.sampled_from(["a", "b", "c", "d/a", "d/b", "d/e/f"])
_STEPS = st.lists(
    st.tuples(_NAMES, st.sampled_from(["write", "mode", "remove"]), st.binary(max_size=3)), max_size=12
)


@given(_STEPS, st.integers(0, 2**32))
def test_any_way_of_layering_the_same_steps_is_the_same(
    steps: list[tuple[str, str, bytes]], seed: int
) -> None:
    """Each step as a layer of its own against the final state in one layer, in any order."""
    state: dict[str, tuple[bytes, int]] = {}
    layers: list[list[Item]] = [[Item("d", kind="dir"), Item("d/e", kind="dir")]]
    for path, what, data in steps:
        folder, _, name = path.rpartition("/")
        if what == "write":
            state[path] = (data, 0o644)
        elif path not in state:
            continue
        elif what == "mode":
            state[path] = (state[path][0], 0o600)
        else:
            del state[path]
            layers.append([Item(f"{folder}/.wh.{name}" if folder else f".wh.{name}")])
            continue
        layers.append([Item(path, state[path][0], mode=state[path][1])])
    flat = [Item(path, data, mode=mode) for path, (data, mode) in state.items()]
    random.Random(seed).shuffle(flat)
    before = image(*layers)
    assert comparison(before, image([Item("d", kind="dir"), Item("d/e", kind="dir")], flat)).files == ()
    if flat:
        changed = [*flat[1:], Item(flat[0].info.name, flat[0].data + b"!", mode=flat[0].info.mode)]
        found = comparison(before, image([Item("d", kind="dir"), Item("d/e", kind="dir")], changed))
        assert counted(found) == [(flat[0].info.name, ["content"])]
