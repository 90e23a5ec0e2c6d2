"""Where results go: standard output or a file, written whole or not at all. Everything else goes to standard error."""

import os
import sys
from pathlib import Path
from typing import TextIO

from dockwright.errors import UsageError

_PLACE = "give --output a file in a directory that exists"


def write(text: str, target: str | None) -> None:
    """Write a result. A file is put in place in one step, so that nobody ever reads half of it.

    Raises UsageError when the file cannot be written.
    """
    if target is None or target == "-":
        _print(text)
        return
    path = Path(target)
    try:
        _replace(path, text)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}", _PLACE) from error


def check_place(target: str | None) -> None:
    """Before long work: whether a result can be put there at all, as far as the directory tells.

    Raises UsageError when there is no such directory, nothing can be made in it, or the target is one itself.
    """
    if target is None or target == "-":
        return
    path = Path(target)
    reason = (
        "Is a directory"
        if path.is_dir()
        else "No such file or directory"
        if not path.parent.is_dir()
        else "Permission denied"
        if not os.access(path if path.exists() else path.parent, os.W_OK)
        else ""
    )
    if reason:
        raise UsageError(f"cannot write {target}: {reason}", _PLACE)


def _print(text: str) -> None:
    """To standard output. A reader that has gone (`| head`) is no error: it has what it wanted."""
    stream: TextIO | None = sys.stdout
    if stream is None:
        raise UsageError("standard output is closed", "give --output FILE, or open it")
    if hasattr(stream, "reconfigure"):
        if text[:1] in ("{", "["):  # JSON is UTF-8 wherever it goes (RFC 8259); `\\xNN` would not be JSON
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            stream.reconfigure(errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        to_nowhere(stream)
    except OSError as error:  # a full disk
        to_nowhere(stream)
        raise UsageError(f"cannot write to standard output: {error.strerror or error}") from error


def to_nowhere(stream: TextIO | None) -> None:
    """Let what is left in a stream that cannot be written go nowhere: Python would complain about it at its end."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _replace(path: Path, text: str) -> None:
    if path.exists() and not path.is_file():  # /dev/stdout, a named pipe: nothing to replace
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    import tempfile

    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def width_of_terminal(default: int = 80) -> int:
    """Columns of the terminal results go to; `default` where they go elsewhere. `COLUMNS` overrules both."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or default
    except (OSError, ValueError, AttributeError):
        return default


def width_for(output: str | None) -> int:
    """Columns for text that is written without a width (`report.fit`): those of a terminal; 0, for any, in a file or pipe."""
    return 0 if output is not None else width_of_terminal(0)


def on_terminal(stream: TextIO | None) -> bool:
    """True for a terminal; a closed stream is none."""
    return stream is not None and stream.isatty()


def wants_colour() -> bool:
    """Colour only on a terminal that can show it, and never against `NO_COLOR` (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return on_terminal(sys.stdout)


class Progress:
    """One line on standard error that says what is being done; only on a terminal, gone when the work is done."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = not quiet and on_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    def __call__(self, what: str) -> None:
        if self._on:
            sys.stderr.write(f"\r\033[K{what} …")
            sys.stderr.flush()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._on:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
