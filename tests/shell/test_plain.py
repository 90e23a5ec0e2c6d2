"""The short way for plain texts gives what the grammar gives."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.shell import plain
from dockwright.shell.reader import Reader
from dockwright.shell.script import Command, Dialect
from dockwright.shell.values import State
from dockwright.text import MappedText

KEYWORDS = [
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "for",
    "while",
    "until",
    "do",
    "done",
    "case",
    "esac",
    "in",
    "function",
    "select",
    "time",
    "coproc",
    "let",
    "export",
    "local",
    "declare",
    "typeset",
    "readonly",
    "unset",
    "unsetenv",
]
PROGRAMS = [
    "apt-get",
    "sudo",
    "env",
    "sh",
    "eval",
    "ssh",
    "cd",
    "pushd",
    "popd",
    "read",
    "set",
    "shift",
    "alias",
    "find",
    "xargs",
    "exec",
    "command",
    "true",
    "echo",
    ".",
    "./x",
    "/bin/x",
    "a_b",
    "python3.11",
    "g++",
    "timeout",
    "npm",
    "7z",
    "[",
    "test",
    "X=1",
]
WORDS = [
    "install",
    "-y",
    "--",
    "-",
    "+",
    "-c",
    "-exec",
    "x=1",
    "foo=1.2-3",
    "*",
    "?",
    "a*",
    "/var/lib/*",
    "~",
    "~/x",
    "@",
    "%",
    "^",
    "a^b",
    ":",
    "=",
    "==",
    "=~",
    "1",
    "12a",
    "..",
    "/tmp",
    "ls=x",
    "ls",
    "10:20",
    "a,b",
    "docker",
    "build",
    ".",
    "ls\\",
    "{a,b}",
    "$X",
    "'x'",
    '"y"',
    "#",
    "!",
    "2>&1",
]
SEPARATORS = (" && ", " || ", " ; ", "; ", "&&", ";", "||", " | ", " & ", "\n", ";;", "  ")


def _state(reader: Reader) -> str:
    state = reader.state
    return repr((state.variables, state.arrays, state.cwd, reader.errors, reader.truncated))


def _both_ways(data: bytes, dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> bool:
    """True when the short way took the text; fails when the grammar reads it otherwise."""
    short = Reader(MappedText.whole(data, 0), dialect, State())
    if not plain.read(short):
        assert short.commands == []
        return False
    with monkeypatch.context() as patch:
        patch.setattr(plain, "read", lambda _: False)
        long = Reader(MappedText.whole(data, 0), dialect, State())
        expected = long.read()
    # nested texts are objects of their own: compared by what they show
    assert repr(short.flat()) == repr(expected)
    assert _state(short) == _state(long)
    return True


_command = st.builds(
    lambda head, rest: " ".join([head, *rest]),
    st.sampled_from(PROGRAMS) | st.sampled_from(KEYWORDS),
    st.lists(st.sampled_from(WORDS) | st.sampled_from(KEYWORDS) | st.sampled_from(PROGRAMS), max_size=4),
)
_text = st.lists(st.tuples(_command, st.sampled_from(SEPARATORS)), min_size=1, max_size=4).map(
    lambda items: "".join(command + separator for command, separator in items[:-1]) + items[-1][0]
)


@given(_text, st.sampled_from((Dialect.SH, Dialect.BASH)))
@example("apt-get update && apt-get install -y curl=1.2 && rm -rf /var/lib/apt/lists/*", Dialect.SH)
@example("cd /src && sudo -u app make install ; cd .. || true", Dialect.BASH)
def test_made_texts_are_read_alike(text: str, dialect: Dialect) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _both_ways(text.encode(), dialect, patch)


@pytest.mark.parametrize(
    "text",
    [
        "a 'b'", "a $B", "a | b", "a & b", "a > b", "a \\\nb", "a # b", "X=1 a", "if a", "a; done", "(a)", "{ a; }", "! a",
        "a `b`", "a;;b", "a &&", "- a", "a\nb", "a {b,c}", "a [b]", "é", "",
    ],
)  # fmt: skip
def test_what_needs_the_grammar_is_left_to_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _both_ways(text.encode(), Dialect.BASH, monkeypatch)


def test_a_plain_text_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _both_ways(b"apk add --no-cache curl && rm -rf /tmp/*", Dialect.SH, monkeypatch)
    reader = Reader(MappedText.whole(b"apk add curl", 7), Dialect.SH, State())
    assert plain.read(reader)
    (command,) = reader.commands
    assert isinstance(command, Command)
    assert [(word.value, word.span.start) for word in command.argv] == [("apk", 7), ("add", 11), ("curl", 15)]


def _bodies(corpus: Path) -> Iterator[bytes]:
    for name in ("dockerfiles.public.jsonl.gz", "dockerfiles.peak.public.jsonl.gz"):
        with gzip.open(corpus / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                tree = parse(json.loads(line)["text"].encode("utf-8", "surrogateescape"))
                for node in tree.instructions:
                    if node.name in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
                        yield node.body.data
                        for heredoc in node.heredocs:
                            yield from heredoc.body.data.split(b"\n")


@pytest.mark.corpus
@pytest.mark.slow
def test_bodies_of_the_corpus_are_read_alike(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = sum(_both_ways(body, Dialect.SH, monkeypatch) for body in set(_bodies(corpus)))
    assert taken > 500
