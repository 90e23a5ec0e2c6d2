"""What the shell parser is kept from, by counts alone: the clock behind them is stopped in these tests."""

import pytest

from dockwright.shell import watch
from dockwright.shell.grammar import syntax

TANGLES = (
    b"[a](",
    b"[a] ",
    b"a=(",
    b"a+=( ",
    b"a() ",
    b"=~ ",
    b"a|",
    b"a|\n",
    b"a|&",
    b"a |\\\n",
    b"a\\\n|",
    b"\\||",
    b"`>&a ",
)
"""What tree-sitter-bash reads in time that grows with the square of the length."""
BEFORE = (b"docker run x\n", b"f() {", b"(", b"${a", b'"')
ORDINARY = {
    "quoted": b"awk '" + b"$1 ~ /^a/ ||\n" * 2_000 + b"1'\n",
    "piped": b"cat a | grep b | sort | uniq -c || exit 1\n" * 5_000,
    "chained": b"RUN a && \\\n" + b"  b || c && \\\n" * 2_000 + b"d\n",
    "tests": b'if [ -z "$A" ] && [[ $B =~ ^[a-z]+$ ]]; then a=(b c); fi\n' * 3_000,
    "backquotes": b"A=`date`; B=`pwd`\n" * 5_000,
    "commented": b"# | a | table | of | `text` |\n" * 5_000,
    "arguments": b"docker run " + b"-e A=b \\\n" * 5_000 + b"x\n",
    "heredoc": b"cat <<EOF\n" + b"| a | `b` |\n" * 300 + b"EOF\ndocker ps\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "thread_time", lambda: 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("tangle", TANGLES)
def test_tangled_texts_are_given_up(before: bytes, tangle: bytes) -> None:
    if before == b'"' and tangle in TANGLES[:6]:
        assert syntax(before + tangle * 20_000) is not None  # a string: nothing is looked for in it
    else:
        assert syntax(before + tangle * 20_000) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_texts_are_read_whole(name: str) -> None:
    root = syntax(ORDINARY[name])
    assert root is not None
    assert root.end_byte == len(ORDINARY[name])


def test_the_bounds_are_the_same_for_the_same_text() -> None:
    for size in (400, 600, 1_200, 5_000):
        assert len({syntax(b"docker " + b"a=(" * size) is None for _ in range(3)}) == 1


def test_a_text_that_was_given_up_leaves_nothing_behind() -> None:
    assert syntax(TANGLES[0] * 5_000) is None
    root = syntax(b"docker ps\n")
    assert root is not None
    assert not root.has_error


def test_the_clock_stands_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100_000))
    monkeypatch.setattr(watch, "thread_time", lambda: float(next(ticks)))
    assert syntax(b"docker ps\n" * 1_000) is None
    monkeypatch.undo()
    watch.WATCH.begin()
    assert syntax(b"docker ps\n" * 1_000) is not None
