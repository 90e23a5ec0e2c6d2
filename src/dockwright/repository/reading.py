"""Reading scripts: by default each one when its result is asked for; a caller may put other means in its place."""

from typing import NamedTuple

from dockwright.repository import scripts
from dockwright.shell.invocations import Found
from dockwright.text import SourceFile


class Read(NamedTuple):
    """What one script starts and imports, and the names of files it makes itself."""

    found: Found
    written: frozenset[str]


def read(source: SourceFile, language: str) -> Read:
    """Read one script, here and now."""
    return Read(scripts.read(source, language), scripts.written_names(source.data, language))


class Reading:
    """Scripts that are to be read. All are put in before the first result is asked for."""

    def __init__(self) -> None:
        self._waiting: list[tuple[SourceFile, str]] = []

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what the reading needed; there is nothing more to ask for."""

    def put(self, source: SourceFile, language: str) -> int:
        """Take in a script; the number is what its result is asked for by, once."""
        self._waiting.append((source, language))
        return len(self._waiting) - 1

    def result(self, number: int) -> Read:
        """What a script was found to do."""
        return read(*self._waiting[number])
