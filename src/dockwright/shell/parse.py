"""Shell text to commands."""

from collections.abc import Iterable

from dockwright.shell.script import Assignment, Dialect, Script
from dockwright.text import MappedText

MAX_BYTES = 4 << 20
"""Most bytes of a script that are read."""


def parse_shell(
    text: MappedText, dialect: Dialect = Dialect.BASH, variables: Iterable[Assignment] = ()
) -> Script:
    """Read `text` as a script. Never raises; what could not be read is in `errors` and `truncated`.

    `variables` are known from the start (ARG and ENV of a stage, the `env:` of a CI step).
    """
    if dialect in (Dialect.CMD, Dialect.POWERSHELL):
        from dockwright.shell.windows import parse_windows

        return parse_windows(text, dialect)
    from dockwright.shell.reader import Reader
    from dockwright.shell.values import State

    truncated = ""
    source = text
    if len(text.data) > MAX_BYTES:
        truncated = f"only the first {MAX_BYTES} bytes were read"
        text = text.slice(0, MAX_BYTES)
    state = State()
    for variable in variables:
        state.set(variable.name, variable.value)
    reader = Reader(text, dialect, state)
    commands = reader.read()
    return Script(tuple(commands), dialect, source, tuple(reader.errors), truncated or reader.truncated)


def shebang(data: bytes) -> str:
    """Name of the interpreter in a `#!` line (`bash`, `python3`); empty when there is none."""
    if not data.startswith(b"#!"):
        return ""
    line = data[: data.find(b"\n", 0, 256)] if b"\n" in data[:256] else data[:256]
    words = line[2:].split()
    if not words:
        return ""
    name = words[0].rpartition(b"/")[2]
    if name == b"env":
        rest = [word for word in words[1:] if not word.startswith(b"-") and b"=" not in word]
        name = rest[0].rpartition(b"/")[2] if rest else b""
    return name.decode("ascii", "replace")
