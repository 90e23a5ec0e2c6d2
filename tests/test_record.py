"""Values without msgspec."""

import pickle

import pytest

from dockwright.record import Record, as_dict, replaced


class Pair(Record):
    """Two fields, one with a default."""

    first: int
    second: tuple[str, ...] = ("x",)


class Other(Record):
    """The same fields."""

    first: int
    second: tuple[str, ...] = ("x",)


def test_a_record_is_its_fields() -> None:
    assert Pair(1) == Pair(1, ("x",)) == Pair(first=1, second=("x",))
    assert Pair(1) != Pair(2)
    assert hash(Pair(1)) == hash(Pair(1))
    assert repr(Pair(1)) == "Pair(first=1, second=('x',))"
    assert as_dict(Pair(1)) == {"first": 1, "second": ("x",)}


def test_records_of_two_classes_are_not_equal() -> None:
    assert Pair(1) != Other(1)
    assert Pair(1) != (1, ("x",))


def test_a_record_has_nothing_but_its_fields() -> None:
    with pytest.raises(AttributeError):
        Pair(1).third = 1  # type: ignore[attr-defined]


def test_missing_and_unknown_fields_are_refused() -> None:
    with pytest.raises(TypeError):
        Other()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Other(1, third=2)  # type: ignore[call-arg]


def test_replaced_leaves_the_original() -> None:
    pair = Pair(1, ("a",))
    assert replaced(pair, first=2) == Pair(2, ("a",))
    assert pair == Pair(1, ("a",))


def test_a_record_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Pair(3))) == Pair(3)


def test_only_records_become_dictionaries() -> None:
    with pytest.raises(NotImplementedError):
        as_dict(object())
