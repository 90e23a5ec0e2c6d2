"""Commands that compose files and Dockerfiles start in a container, read as commands with their place."""

import shlex
from collections.abc import Iterable, Sequence

from dockwright.compose.model import Command as ComposeCommand
from dockwright.compose.model import Healthcheck
from dockwright.compose.value import Text
from dockwright.compose.yaml.scalar import Scalar
from dockwright.dockerfile.instructions.types import Healthcheck as HealthInstruction
from dockwright.dockerfile.instructions.types import ShellCommand
from dockwright.rules.runs import body_of
from dockwright.rules.subjects import StageSubject
from dockwright.shell.parse import parse_shell
from dockwright.shell.run_body import exec_script
from dockwright.shell.script import Command, Dialect
from dockwright.shell.words import Word, literal
from dockwright.text import MappedText

LONGEST = 100_000
BUILTINS = frozenset(
    [
        ".",
        ":",
        "[",
        "[[",
        "alias",
        "bg",
        "break",
        "builtin",
        "case",
        "cd",
        "command",
        "continue",
        "declare",
        "do",
        "done",
        "echo",
        "elif",
        "else",
        "esac",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fc",
        "fg",
        "fi",
        "for",
        "function",
        "getopts",
        "hash",
        "if",
        "jobs",
        "kill",
        "let",
        "local",
        "printf",
        "pwd",
        "read",
        "readonly",
        "return",
        "select",
        "set",
        "shift",
        "shopt",
        "source",
        "test",
        "then",
        "times",
        "trap",
        "true",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "until",
        "wait",
        "while",
        "{",
        "}",
        "!",
    ]
)
"""Words a POSIX shell or bash knows itself."""


def mapped(text: Text) -> MappedText:
    """A text of a compose file with `$$` as the container sees it (`$`), each byte knowing its place."""
    node = text.node
    source = node.mapped if isinstance(node, Scalar) else MappedText.plain(node.file.source, node.span)
    if text.at or (isinstance(node, Scalar) and text.raw != node.text):
        start = (
            len(node.text[: text.at].encode("utf-8", "surrogateescape")) if isinstance(node, Scalar) else 0
        )
        source = source.slice(start, start + len(text.raw.encode("utf-8", "surrogateescape")))
    if b"$$" not in source.data:
        return source
    pieces: list[tuple[int, int]] = []
    out = bytearray()
    at = 0
    for part in source.data.split(b"$$"):
        if at:
            pieces.append((len(out), source.offset(at - 1)))
            out += b"$"
        for begin, place in source.slice(at, at + len(part)).pieces if part else ():
            pieces.append((len(out) + begin, place))
        out += part
        at += len(part) + 2
    return MappedText(bytes(out), pieces, source.end)


def _word(text: Text) -> Word:
    source = mapped(text)
    return literal(text.resolved().filled, source, 0, len(source.data))


def of_texts(texts: Sequence[Text]) -> tuple[Command, ...]:
    """A list form: one command, followed by those of a `sh -c` argument."""
    return exec_script([_word(text) for text in texts])


def of_shell(text: Text) -> tuple[Command, ...]:
    """A text that a shell reads."""
    source = mapped(text)
    return parse_shell(source, Dialect.SH).commands if len(source.data) <= LONGEST else ()


def of_split(text: Text) -> tuple[Command, ...]:
    """A text that compose splits into words (`command: python -m app`)."""
    source = mapped(text)
    if len(source.data) > LONGEST:
        return ()
    try:
        words = shlex.split(source.text)
    except ValueError:
        return ()
    found: list[Word] = []
    at = 0
    for word in words:
        data = word.encode("utf-8", "surrogateescape")
        start = source.data.find(data, at)
        if start < 0 or not data:
            start, end = at, len(source.data)
        else:
            end = at = start + len(data)
        found.append(Word((word,), word, source.slice(start, end) if start else source, 0, end - start))
    return exec_script(found)


def of_command(command: ComposeCommand | None) -> tuple[Command, ...]:
    """`command:` or `entrypoint:` of a service."""
    if command is None or command.cleared:
        return ()
    return of_split(command.text) if command.text is not None else of_texts(command.words)


def of_healthcheck(check: Healthcheck | None) -> tuple[Command, ...]:
    """The test of a service's health check."""
    if check is None or check.disabled or not check.test:
        return ()
    if not check.shell:
        return of_texts(check.test[1:]) if check.test[0].raw == "CMD" else ()
    return of_shell(check.test[-1])


def of_instruction(
    subject: StageSubject, instruction: ShellCommand | HealthInstruction
) -> tuple[Command, ...]:
    """CMD, ENTRYPOINT or HEALTHCHECK of a stage, its own or inherited from a parent stage."""
    for stage in (subject.stage, *subject.stage.ancestors):
        for index, command in enumerate(stage.commands):
            if command is instruction:
                return body_of(stage, index, instruction).commands
    return ()


def started(commands: Iterable[Command]) -> list[Command]:
    """The commands of known name that start a program: no builtins, no functions of the script itself."""
    return [command for command in commands if command.name and command.name not in BUILTINS]
