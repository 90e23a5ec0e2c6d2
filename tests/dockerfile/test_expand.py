"""Expansion beyond the conformance cases: what was used, limits, patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.dockerfile.expand import expand, expand_words, nothing
from dockwright.dockerfile.lexer import Options
from dockwright.dockerfile.patterns import MAX_PATTERN, replace, trim_prefix, trim_suffix

ENV = {"A": "one", "B": "", "PATH": "/usr/bin:/bin"}


def test_used_and_unset_variables_are_told_apart():
    result = expand("$A-${B:-$C}-${D:+x}-$A", ENV.get)
    assert result.value == "one---one"
    assert result.used == ("A", "B")
    assert result.unset == ("C", "D")


def test_an_error_names_the_text():
    result = expand("${C:?give C}", ENV.get)
    assert result.error == 'failed to process "${C:?give C}": C: give C'
    assert result.unset == ("C",)


def test_words_are_split_after_expansion():
    assert expand_words("$P '$P'", {"P": "80 443"}.get).words == ("80", "443", "$P")


def test_an_operator_clears_the_word_before_it():
    """As in BuildKit: all levels of nesting share one buffer."""
    assert expand_words("80${P:-80}", {}.get).words == ("80",)
    assert expand("80${P:-80}", {}.get).value == "8080"


def test_nesting_and_size_are_limited():
    assert "nested too deeply" in (expand("${a:-" * 200 + "}" * 200, {}.get).error or "")
    assert "too long" in (expand("$A" * 100, {"A": "x" * 100_000}.get).error or "")
    assert "too long" in (expand("${A//x/$A}", {"A": "x" * 10_000}.get).error or "")
    assert "too long" in (expand("${A#" + "?" * (MAX_PATTERN + 1) + "}", {"A": "x"}.get).error or "")


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [
        ("*/", "usr/bin", "bin"),
        ("/usr", "/bin", "/bin"),
        ("?u*", "sr/bin", ""),
        ("x", "/usr/bin", "/usr/bin"),
        (r"\*", "/usr/bin", "/usr/bin"),
    ],
)
def test_trim_prefix(pattern, shortest, longest):
    assert trim_prefix(pattern, "/usr/bin", greedy=False) == shortest
    assert trim_prefix(pattern, "/usr/bin", greedy=True) == longest


def test_trim_suffix():
    assert trim_suffix(".*", "a.tar.gz", greedy=False) == "a.tar"
    assert trim_suffix(".*", "a.tar.gz", greedy=True) == "a"


def test_replace():
    assert replace("a*c", "xabcabcx", "-", everywhere=False) == "x-x"
    assert replace("a", "banana", "o", everywhere=True) == "bonono"
    assert replace("", "ab", "-", everywhere=True) == "-a-b-"


def plain_match(pattern: str, text: str) -> bool:
    """Whether a whole text matches, by trying everything."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(plain_match(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and plain_match(pattern[1:], text[1:])


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=8))
def test_patterns_find_what_trying_everything_finds(pattern, value):
    ends = [end for end in range(len(value) + 1) if plain_match(pattern, value[:end])]
    assert trim_prefix(pattern, value, greedy=False) == (value[ends[0] :] if ends else value)
    assert trim_prefix(pattern, value, greedy=True) == (value[ends[-1] :] if ends else value)
    starts = [start for start in range(len(value) + 1) if plain_match(pattern, value[start:])]
    assert trim_suffix(pattern, value, greedy=False) == (value[: starts[-1]] if starts else value)
    assert trim_suffix(pattern, value, greedy=True) == (value[: starts[0]] if starts else value)


@given(st.text("ab*?", min_size=1, max_size=5), st.text("ab", max_size=8))
def test_the_first_match_is_replaced_as_far_as_it_goes(pattern, value):
    spans = [
        (start, end)
        for start in range(len(value) + 1)
        for end in range(len(value), start - 1, -1)
        if plain_match(pattern, value[start:end])
    ]
    wanted = value if not spans else value[: spans[0][0]] + "-" + value[spans[0][1] :]
    assert replace(pattern, value, "-", everywhere=False) == wanted


_QUOTED_TEXT = st.text(alphabet="ab $\\`<'\"\ufeff\n{}", max_size=6)


@given(st.sampled_from("'\""), _QUOTED_TEXT)
def test_taking_off_quotes_alone_is_what_the_lexer_does(quote: str, text: str) -> None:
    word = quote + text + quote
    options = Options()  # equal to the usual ones, but not the same: the short way is not taken
    assert expand(word, nothing) == expand(word, nothing, options)
