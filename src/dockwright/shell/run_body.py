"""Bodies of RUN, CMD, ENTRYPOINT and HEALTHCHECK instructions, read as their shell reads them."""

from collections.abc import Iterable, Sequence

from dockwright.shell.parse import parse_shell, shebang
from dockwright.shell.quoting import placed_text
from dockwright.shell.script import Assignment, Command, Dialect, Nest, Scope, Script
from dockwright.shell.texts import MAX_COMMAND
from dockwright.shell.words import Word
from dockwright.shell.wrappers import unwrapped
from dockwright.text import MappedText

NO_SHELL = "read by a program that is not a shell"
DEFAULT_SHELL = ("/bin/sh", "-c")
"""What BuildKit uses on Linux where no SHELL is given (frontend/dockerfile/dockerfile2llb: defaultShell)."""
_BASH = frozenset(("bash", "zsh", "ksh", "mksh", "rbash"))
_SHELLS = frozenset(("sh", "ash", "dash", "busybox")) | _BASH


def dialect_of(shell: Sequence[str]) -> Dialect | None:
    """The dialect of a SHELL instruction's words; None for a program that is no shell (`python3 -c`)."""
    for word in shell:
        name = word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
        if name in _BASH:
            return Dialect.BASH
        if name in _SHELLS:
            return Dialect.SH
        if name in ("powershell", "pwsh"):
            return Dialect.POWERSHELL
        if name == "cmd":
            return Dialect.CMD
        if name not in ("env", "tini", "dumb-init", "--", "time", "nice", "sudo") and not word.startswith(
            "-"
        ):
            return None
    return None


def parse_run(
    text: MappedText, shell: Sequence[str] = DEFAULT_SHELL, variables: Iterable[Assignment] = ()
) -> Script:
    """Read an instruction's shell-form body under `shell`.

    A heredoc script with a `#!` line is read by the program it names. A body no shell reads has no commands.
    """
    dialect = dialect_of(shell)
    if text.data.startswith(b"#!"):
        dialect = dialect_of((shebang(text.data),))
    if dialect is None:
        return Script((), Dialect.SH, text, (), NO_SHELL)
    return parse_shell(text, dialect, variables)


def exec_form(words: Sequence[Word]) -> Command | None:
    """The command of a JSON-form instruction: no shell, so its words are taken as they are.

    `["sh", "-c", "..."]` is looked through by `exec_script`.
    """
    if not words:
        return None
    argv, wrappers, assignments = unwrapped(tuple(words))
    first, last = words[0], words[-1]
    return Command(tuple(words), argv, first.source, first.start, last.end, assignments, (), wrappers)


def exec_script(words: Sequence[Word], dialect: Dialect = Dialect.SH) -> tuple[Command, ...]:
    """The command of a JSON-form instruction, followed by the commands of its `sh -c` argument.

    The words' quotes, if they stand in their span, are JSON's and not the shell's.
    """
    from dockwright.shell.nested import read_text
    from dockwright.shell.reader import Reader
    from dockwright.shell.values import State
    from dockwright.shell.wrappers import nested_shells

    command = exec_form(words)
    if command is None:
        return ()
    reader = Reader(command.source, dialect, State())
    reader.commands.append(command)
    nested = nested_shells(command.argv)
    for word in nested.words if nested is not None else ():
        text = _unquoted(word)
        if text is not None:
            read_text(reader, text, Scope(Nest.SHELL, command.name, command.start))
    return tuple(reader.flat())


def _unquoted(word: Word) -> MappedText | None:
    """The value of a JSON string as a text of its own."""
    value, raw = word.value, word.raw
    if value is None or len(value) > MAX_COMMAND:
        return None
    if raw == value:
        return word.source.slice(word.start, word.end)
    if raw[1:-1] == value:
        return word.source.slice(word.start + 1, word.end - 1)
    return placed_text(value, word.source, word.start, word.end)
