"""Nothing of a repository can break out of a Markdown cell."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dockwright.report.clean import printable
from dockwright.report.markdown.text import code, codes, prose, table

MARKDOWN = MarkdownIt("commonmark").enable("table")
texts = st.text(alphabet=st.sampled_from("ab|`\\*_[]<>!#~&\"' é("), max_size=12)


def cells(line: str) -> list[str]:
    """The visible text of each body cell of a one-row table."""
    tokens = MARKDOWN.parse("\n".join(table(("x", "y"), [(line, "end")])))
    found = []
    for token in tokens[[t.type for t in tokens].index("tbody_open") :]:
        if token.type == "inline":
            found.append("".join(child.content for child in token.children or ()))
    return found


@given(texts)
def test_a_code_span_shows_the_text_and_ends_with_it(text: str) -> None:
    text = printable(text)
    shown, end = cells(f"x{code(text)}x" if text else "xx")
    assert end == "end"
    assert shown.replace(" ", "") == f"x{text}x".replace(" ", "")


@given(texts)
def test_prose_never_ends_a_cell(text: str) -> None:
    assert cells(f"x{prose(printable(text))}x")[1] == "end"


@given(texts.filter(lambda text: "`" not in text))
def test_prose_shows_all_words(text: str) -> None:
    shown, _ = cells(f"x{prose(text)}x")
    assert shown.replace(" ", "") == f"x{text}x".replace(" ", "")


def test_a_digest_is_shortened() -> None:
    long = "a" * 12 + "b" * 52
    assert code(f"node:20@sha256:{long}") == "`node:20@sha256:aaaaaaaaaaaa…`"
    assert code("sha256:abc") == "`sha256:abc`"


def test_backticks_in_messages_stay_code() -> None:
    assert prose("copies `a|b` and *c*") == r"copies `a\|b` and \*c\*"
    assert prose("an odd ` one") == r"an odd \` one"


def test_rows_of_codes_are_cut_with_a_number() -> None:
    assert codes(["a", "b", "c"], 2) == "`a`, `b` and 1 more"
