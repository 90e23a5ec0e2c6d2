"""The short ways of the YAML emitter give what the long ones do."""

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.load import emitter

_KEYS = st.text(st.sampled_from("abzABZ_-./ 012é"), min_size=1, max_size=5)
_TEXTS = st.text(st.sampled_from("aZ0 :#-.?!&*$(/'\"\\[]{}\t\x7fé"), min_size=1, max_size=6)


@given(st.lists(_KEYS, unique=True, max_size=6))
def test_names_are_in_go_yamls_order(keys: list[str]) -> None:
    written = [key for key, _ in emitter.entries(dict.fromkeys(keys))]
    assert written == sorted(keys, key=cmp_to_key(emitter.compare_keys))


@pytest.mark.parametrize("keys", [["B_A", "BA"], ["a1", "a10", "a2"], ["aB", "a_"], ["b", "B", "a-b", "ab"]])
def test_short_and_long_ways_agree_on_names(keys: list[str]) -> None:
    written = [key for key, _ in emitter.entries(dict.fromkeys(keys))]
    assert written == sorted(keys, key=cmp_to_key(emitter.compare_keys))


class _Unknown(str):
    """A text that takes the long way."""

    __slots__ = ()

    def isascii(self) -> bool:
        return False


@given(_TEXTS)
def test_a_text_is_plain_or_quoted_either_way(text: str) -> None:
    assert emitter._plain(text) == emitter._plain(_Unknown(text))
    assert emitter._quotable(text) == emitter._quotable(_Unknown(text))
    assert emitter._double(text) == emitter._double(_Unknown(text))
