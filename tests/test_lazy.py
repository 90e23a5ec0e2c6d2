"""Values worked out when they are asked for."""

import re

import pytest

from dockwright.lazy import LazyPattern, lazy_regex, once


class Counted:
    calls = 0

    @once
    def value(self) -> list[int]:
        """What it is."""
        self.calls += 1
        return [self.calls]


def test_an_attribute_is_worked_out_once_for_each_object() -> None:
    one, other = Counted(), Counted()
    assert one.value is one.value
    assert one.value == other.value == [1]
    assert one.value is not other.value
    assert one.calls == 1


def test_on_the_class_it_is_the_descriptor() -> None:
    assert isinstance(Counted.value, once)
    assert Counted.value.__doc__ == "What it is."


def test_a_failure_is_not_kept() -> None:
    class Failing:
        ready = False

        @once
        def value(self) -> int:
            if not self.ready:
                raise KeyError
            return 1

    failing = Failing()
    with pytest.raises(KeyError):
        _ = failing.value
    failing.ready = True
    assert failing.value == 1


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    found = lazy_regex(r"(a+)b", re.IGNORECASE)
    assert isinstance(found, LazyPattern)
    assert "search" not in vars(found)
    match = found.search("xAAb")
    assert match is not None
    assert match[1] == "AA"
    assert "search" in vars(found)
    assert found.fullmatch("ab")
    assert found.pattern == r"(a+)b"


def test_a_faulty_pattern_fails_when_it_is_used() -> None:
    found = lazy_regex("(")
    with pytest.raises(re.error):
        found.search("")
