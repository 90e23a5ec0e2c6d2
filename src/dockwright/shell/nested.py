"""Shell text inside shell text: `sh -c '...'`, `eval`, `ssh host '...'`, `bash <<EOF`, `find -exec`."""

from typing import TYPE_CHECKING

from dockwright.shell.quoting import inner_text, placed_text
from dockwright.shell.script import Command, Dialect, Nest, Scope
from dockwright.shell.words import Word
from dockwright.shell.wrappers import CONTAINER_TOOLS, SHELLS, Nested, nested_shells, unwrapped
from dockwright.text import MappedText

if TYPE_CHECKING:
    from dockwright.shell.reader import Reader

MAX_LEVELS = 6
MAX_PLACED = 4096
"""Longest value of a variable that is read as a command."""
_READERS = SHELLS | {"ssh"}
_CANDIDATES = _READERS | {"su", "runuser", "flock", "script", "eval", "trap", "watch", "concurrently", "find"}


def read_nested(reader: "Reader", command: Command) -> None:
    """Read the commands inside a command's arguments; they follow it in the list."""
    name = command.name
    if name not in _CANDIDATES:
        if name in reader.functions:
            _read_runner(reader, command)
        return
    if name == "find":
        _read_find(reader, command)
        return
    nested = nested_shells(command.argv)
    if nested is not None:
        for text in _texts(nested):
            read_text(reader, text, Scope(Nest.SHELL, nested.name, command.start))
    elif name in _READERS:
        for redirect in command.redirects:
            if redirect.body is not None:
                read_text(reader, redirect.body, Scope(Nest.HEREDOC, name, command.start))


def _texts(nested: Nested) -> list[MappedText]:
    words = nested.words
    if nested.join and len(words) > 1 and all(word.source is words[0].source for word in words):
        starts = [word.start for word in words]
        if starts == sorted(starts):
            return [inner_text(words[0].source, words[0].start, words[-1].end)]
    return [text for word in words if (text := _text(word)) is not None]


def _text(word: Word) -> MappedText | None:
    raw = word.raw.strip("\"'")
    if not raw.startswith("$") or " " in raw:
        return inner_text(word.source, word.start, word.end)
    value = word.value
    if value is None or len(value) > MAX_PLACED:
        return None
    return placed_text(value, word.source, word.start, word.end)


def read_text(reader: "Reader", text: MappedText, scope: Scope) -> None:
    level = sum(outer.kind in (Nest.SHELL, Nest.HEREDOC) for outer in reader.place)
    if level >= MAX_LEVELS or not text.data.strip():
        return
    dialect = Dialect.SH if scope.name in ("sh", "ash", "dash") else Dialect.BASH
    inner = type(reader)(text, dialect, reader.state.copy(), reader.depth + 1)
    inner.place = (*reader.place, scope)
    inner.functions = reader.functions.copy()
    if scope.name == "ssh":
        inner.state.cwd = None
    inner.read_text()
    if scope.name == "eval":
        reader.state = inner.state
    reader.commands.append(inner.commands)
    reader.errors.extend(inner.errors)


def _read_runner(reader: "Reader", command: Command) -> None:
    """`run "docker compose up"` where `run` is a function of the script that evaluates its arguments."""
    for word in command.args:
        value = word.value or ""
        if " " in value and value.split(" ", 1)[0] in CONTAINER_TOOLS:
            text = _text(word)
            if text is not None:
                read_text(reader, text, Scope(Nest.SHELL, command.name, command.start))


def _read_find(reader: "Reader", command: Command) -> None:
    values = [word.value for word in command.argv]
    for index, value in enumerate(values):
        if value not in ("-exec", "-execdir", "-ok", "-okdir"):
            continue
        stops = [at for at in range(index + 1, len(values)) if values[at] in (";", "+")]
        words = command.argv[index + 1 : stops[0] if stops else len(values)]
        if not words:
            continue
        argv, wrappers, assignments = unwrapped(words)
        inner = Command(
            words, argv, command.source, words[0].start, words[-1].end, assignments, (), wrappers,
            place=(*command.place, Scope(Nest.SHELL, "find", command.start)), cwd=command.cwd,
        )  # fmt: skip
        reader.commands.append(inner)
        read_nested(reader, inner)
