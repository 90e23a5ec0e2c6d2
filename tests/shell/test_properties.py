"""Whatever the text: no exception, and spans that point at what was read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.shell.carriers import read
from dockwright.shell.docker_cli import read_call
from dockwright.shell.packages import read_install
from dockwright.shell.parse import parse_shell
from dockwright.shell.run_body import exec_script, parse_run
from dockwright.shell.script import Dialect
from dockwright.shell.words import literal
from dockwright.text import MappedText, SourceFile, Span

PIECES = [
    "docker", "docker-compose", "build", "compose", "up", "-f", "--file=", "a.yml", "$X", "${X:-y}", "${X", '"', "'", "\\", "\n", " ", "\t",
    "&&", "||", "|", ";", "&", "(", ")", "{", "}", "$(", "`", "<<EOF", "EOF\n", "<", ">", "if ", "then ", "fi", "for i in a; do ", "done",
    "f() ", "case x in ", "esac", "A=1 ", "A=(b c)", '"${A[@]}"', "sh -c ", "eval ", "cd d", "#", "é", "\x00", "\r\n", "[[ ", " ]]", "!", "*",
    "xargs ", "sudo ", "export ", "local ", "$'x", "$((1+", "))", "<(", "{a,b}", "${!x}", "${x#y}", "$@", "-x", "=", "apt-get install ",
]  # fmt: skip
SHELL = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
PYTHON = st.lists(
    st.sampled_from([
        "import subprocess\n", "subprocess.run(", "['docker', 'ps']", "[", "]", "(", ")", "'docker ps'", "f'{x}'", "def f(a, *b):\n ",
        "x = ", "x += ", "return ", "if x:\n ", "for c in ", ":\n  ", "\n", " ", "x", "self.x", ".append(", "lambda: ", "{'a': 'b'}", "[0]",
        "Path(__file__)", " / ", " + ", " % ", "os.system(", "class C:\n ", "try:\n ", "except E:\n ", "with a as b:\n ", "*x", "'\\xff'",
        "'''", "async ", "await ", "docker.from_env()", ".containers.run(", "'%s' % x", "'{}'.format(", "x if y else z", " or ", "é",
    ]),
    max_size=40,
).map("".join)  # fmt: skip
DIALECTS = st.sampled_from(list(Dialect))


def shifted(text: str) -> tuple[SourceFile, MappedText]:
    """The text somewhere inside a file, so that file and text offsets differ."""
    data = text.encode("utf-8", "surrogateescape")
    source = SourceFile("x", b"prefix\n" + data + b"\nsuffix")
    return source, MappedText.plain(source, Span(7, 7 + len(data)))


def check(script, source: SourceFile) -> None:
    for command in script.commands:
        for word in (*command.words, *command.argv):
            span = word.span
            assert 7 <= span.start <= span.end <= len(source.data) - 7
            assert word.value is None or isinstance(word.value, str)
            assert word.parts
            word.values, word.paths(), word.shown(), word.program
            if word.value is not None and word.value == word.raw and word.source is script.source:
                assert source.text(span) == word.value
        span = command.span
        assert 7 <= span.start <= span.end <= len(source.data) - 7
        read_call(command.argv, command.assignments)
        read_install(command)
    for span in script.errors:
        assert 7 <= span.start <= span.end


@given(SHELL, DIALECTS)
@settings(max_examples=400, deadline=None)
def test_pieces_of_shell_text(text, dialect):
    source, mapped = shifted(text)
    check(parse_shell(mapped, dialect), source)


@given(st.text(max_size=80), DIALECTS)
@settings(max_examples=200, deadline=None)
def test_any_text(text, dialect):
    source, mapped = shifted(text)
    check(parse_shell(mapped, dialect), source)


@given(st.binary(max_size=120), DIALECTS)
@settings(max_examples=200, deadline=None)
def test_any_bytes(data, dialect):
    source = SourceFile("x", b"prefix\n" + data + b"\nsuffix")
    check(parse_shell(MappedText.plain(source, Span(7, 7 + len(data))), dialect), source)


@given(st.lists(st.sampled_from(["docker", "ps", "-f", "a b", "--x=y", ""]), min_size=1, max_size=6))
def test_constant_words_come_back_as_they_are(words):
    text = " ".join("'" + word + "'" for word in words)
    source, mapped = shifted(text)
    command = parse_shell(mapped).commands[0]
    assert [word.value for word in command.words] == words
    assert [source.text(word.span) for word in command.words] == [f"'{word}'" for word in words]


@given(
    SHELL,
    st.sampled_from(
        [
            ("/bin/sh", "-c"),
            ("powershell", "-Command"),
            ("cmd", "/S", "/C"),
            ("/bin/bash", "-o", "pipefail", "-c"),
        ]
    ),
)
@settings(max_examples=100, deadline=None)
def test_any_run_body(text, shell):
    source, mapped = shifted(text)
    check(parse_run(mapped, shell), source)


@given(SHELL)
@settings(max_examples=100, deadline=None)
def test_any_exec_form(text):
    _, mapped = shifted(text)
    words = [literal(word, mapped, 0, len(mapped.data)) for word in ("sh", "-c", text)]
    for command in exec_script(words):
        assert command.span.end <= 7 + len(mapped.data)


@given(PYTHON)
@settings(max_examples=300, deadline=None)
def test_any_python(text):
    for item in read(SourceFile("x.py", text.encode())).invocations:
        assert item.span.end <= len(text.encode())
        read_call(item.argv, item.env)


NAMES = [
    "x.sh",
    "Makefile",
    "package.json",
    "justfile",
    "Procfile",
    "x.js",
    "x.bat",
    "x.ps1",
    "x.md",
    "Jenkinsfile",
    "x.py",
]


@given(st.one_of(SHELL.map(str.encode), st.binary(max_size=200)), st.sampled_from(NAMES))
@settings(max_examples=400, deadline=None)
def test_any_file_of_any_kind(data, name):
    source = SourceFile(name, b"x:\n\tdocker ps\n" + data + b'\n{"scripts": {"a": "' + data)
    for item in read(source).invocations:
        assert 0 <= item.span.start <= item.span.end <= len(source.data)
        assert all(word.span.end <= len(source.data) for word in item.argv)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.sh", "A0=xx\n" + "".join(f'A{i + 1}="$A{i}$A{i}"\n' for i in range(64)) + "docker $A64"),
        ("x.sh", "a=(x y)\n" + 'a+=("${a[@]}")\n' * 40 + 'docker "${a[@]}"'),
        ("x.sh", "".join(f"A{i}=1\n" for i in range(800)) + "if x; then y; fi\n" * 800),
        ("x.sh", "a && " * 4000 + "a"),
        ("x.sh", "a | " * 4000 + "a"),
        ("x.sh", "echo " + "{a,b}" * 40),
        ("x.sh", "f() { f; }\n" * 500),
        ("x.sh", "case $x in " + "a) b;; " * 2000 + "esac"),
        ("x.sh", "cat <<A\n" * 3000),
        ("x.sh", "$(" * 3000),
        ("Makefile", "A=$(B)$(B)\nB=$(A)$(A)\nx:\n\tdocker $(A)\n"),
        ("x.py", "import os\ns='docker '\n" + "s=s+s\n" * 64 + "os.system(s)"),
        ("x.py", "import subprocess\nc=['docker','ps']\n" + "c=c+c\n" * 64 + "subprocess.run(c)"),
        ("x.py", "import subprocess\ndef f():\n c=['docker','ps']\n" + " if x: c.append('a')\n else: c.append('b')\n" * 64 + " subprocess.run(c)"),
        ("x.js", 'docker run "' * 5000),
        ("x.js", "exec('" * 5000),
    ],
)  # fmt: skip
def test_texts_that_would_grow_without_end_are_bounded(name, text):
    for item in read(SourceFile(name, text.encode())).invocations:
        assert sum(len(word.shown()) for word in item.argv) < 1_000_000
