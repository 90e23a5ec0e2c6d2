"""Helpers: texts as sources, and commands in a form that reads well in a test."""

from dockwright.shell.carriers import read
from dockwright.shell.docker_cli import read_call
from dockwright.shell.invocations import Found
from dockwright.shell.packages import read_install
from dockwright.shell.parse import parse_shell
from dockwright.shell.script import Dialect, Script
from dockwright.text import MappedText, SourceFile, Span


def source(text: str | bytes, path: str = "script.sh") -> SourceFile:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return SourceFile(path, data)


def shell(text: str | bytes, dialect: Dialect = Dialect.BASH) -> Script:
    file = source(text)
    return parse_shell(MappedText.plain(file, Span(0, len(file.data))), dialect)


def argvs(text: str, dialect: Dialect = Dialect.BASH) -> list[list[str]]:
    """The commands that run something, each as its words; unknown pieces show as `…`."""
    return [
        [word.shown() for word in command.argv] for command in shell(text, dialect).commands if command.argv
    ]


def call(text: str):
    """The first container tool call of a shell text."""
    for command in shell(text).commands:
        found = read_call(command.argv, command.assignments)
        if found is not None:
            return found
    raise AssertionError(f"no container tool call in {text!r}")


def install(text: str):
    """The first package manager command of a shell text."""
    for command in shell(text, Dialect.SH).commands:
        found = read_install(command)
        if found is not None:
            return found
    raise AssertionError(f"no package manager command in {text!r}")


def found(text: str, path: str) -> Found:
    return read(source(text, path))


def starts(text: str, path: str) -> list[list[str]]:
    """What a file of any kind starts, as words."""
    return [[word.shown() for word in item.argv] for item in found(text, path).invocations]


def shown(words) -> list[str]:
    return [word.shown() for word in words]
