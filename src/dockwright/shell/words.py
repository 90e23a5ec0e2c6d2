"""Words of commands: what is known of their value, what is not, and where they stand in the file."""

from enum import StrEnum
from itertools import product

import msgspec

from dockwright.shell.paths import Base, SymbolicPath, symbolic_path
from dockwright.text import MappedText, Span

MAX_VALUES = 64
"""Most alternative values one word is given; a word with more is treated as unknown."""


class HoleKind(StrEnum):
    """What an unknown part of a word stands for."""

    VARIABLE = "variable"
    """A variable or parameter whose value is not constant (`$TAG`, a Python name)."""
    COMMAND = "command"
    """Output of a command (`$(git rev-parse HEAD)`); `raw` is the whole substitution."""
    ARITHMETIC = "arithmetic"
    ARGUMENTS = "arguments"
    """Arguments that come from elsewhere: `"$@"`, `xargs`, `*args`."""
    SCRIPT_DIR = "script-dir"
    """The directory of the script itself: `$(dirname "$0")`, `Path(__file__).parent`."""
    WORKING_DIR = "working-dir"
    """The directory the command runs in: `$(pwd)`, `$PWD`, `Path.cwd()`."""
    REPOSITORY = "repository"
    """The root of the repository: `$(git rev-parse --show-toplevel)`, `$GITHUB_WORKSPACE`."""
    HOME = "home"
    """The user's home directory: `~`, `$HOME`."""
    OTHER = "other"


class Hole(msgspec.Struct, frozen=True):
    """An unknown part of a word. `name` is the variable's name where it has one; `raw` the text as written."""

    kind: HoleKind
    name: str = ""
    raw: str = ""


class Choice(msgspec.Struct, frozen=True):
    """A part that is one of several constants: a loop variable, a variable set differently in two branches."""

    name: str
    values: tuple[str, ...]


Part = str | Hole | Choice


class Word(msgspec.Struct, frozen=True):
    """One word of a command, after quote removal and as far as constants reach.

    `parts` are its pieces in order, neighbouring constants joined; an empty word has the one part `""`. `value` is
    the whole value where it is one constant, else None. `start` and `end` are offsets into `source`.
    """

    parts: tuple[Part, ...]
    value: str | None
    source: MappedText
    start: int
    end: int
    quoted: bool = False
    """Any part stood in quotes or behind a backslash."""
    splits: bool = False
    """An unknown, unquoted expansion: the shell may make no word or several of it."""
    glob: bool = False
    """Holds unquoted `*`, `?` or `[`."""
    assumed: bool = False
    """The value rests on a default (`${X:-default}`, `os.environ.get("X", default)`) that the caller may change."""
    variables: tuple[str, ...] = ()
    """Names of the variables it uses, known or not, in order."""

    @property
    def span(self) -> Span:
        """Where the word stands in the file."""
        return self.source.span(self.start, self.end)

    @property
    def raw(self) -> str:
        """The word as written, quotes and all."""
        return self.source.data[self.start : self.end].decode("utf-8", "surrogateescape")

    @property
    def constant(self) -> bool:
        return self.value is not None

    @property
    def holes(self) -> tuple[Hole, ...]:
        return tuple(part for part in self.parts if type(part) is Hole)

    @property
    def values(self) -> tuple[str, ...]:
        """Every constant value the word can have; empty when part of it is unknown (or there are too many)."""
        if self.value is not None:
            return (self.value,)
        options: list[tuple[str, ...]] = []
        count = 1
        for part in self.parts:
            if isinstance(part, Hole):
                return ()
            choice = part.values if isinstance(part, Choice) else (part,)
            count *= len(choice)
            if count > MAX_VALUES:
                return ()
            options.append(choice)
        return tuple(dict.fromkeys("".join(combination) for combination in product(*options)))

    @property
    def program(self) -> str:
        """Name of the program the word starts: without directory, without `.exe`; empty when it is not known."""
        value = self.value
        if value is None:
            values = self.values
            last = self.parts[-1]
            value = values[0] if values else last if isinstance(last, str) and "/" in last else ""
        name = value.rpartition("/")[2]
        if "\\" in name or name.endswith(".exe"):
            name = name.rpartition("\\")[2].removesuffix(".exe")
        return name

    def shown(self, hole: str = "…") -> str:
        """The word for people: constants as they are, `hole` for what is not known."""
        if self.value is not None:
            return self.value
        return "".join(
            part
            if isinstance(part, str)
            else "{" + "|".join(part.values) + "}"
            if isinstance(part, Choice)
            else hole
            for part in self.parts
        )

    def paths(self) -> tuple[SymbolicPath, ...]:
        """The word read as a path: one per possible value, with what it is relative to.

        Unknown pieces become `*` and the path is marked inexact; an unknown *first* piece gives `Base.UNKNOWN` and
        the known rest.
        """
        if self.value is not None:
            return (symbolic_path(Base.CWD, self.value, exact="*" not in self.value),)
        values = self.values
        if values:
            return tuple(symbolic_path(Base.CWD, value, exact="*" not in value) for value in values)
        return _paths_with_holes(self.parts)


_BASES = {
    HoleKind.SCRIPT_DIR: Base.SCRIPT,
    HoleKind.WORKING_DIR: Base.CWD,
    HoleKind.REPOSITORY: Base.REPOSITORY,
    HoleKind.HOME: Base.HOME,
}


def _paths_with_holes(parts: tuple[Part, ...]) -> tuple[SymbolicPath, ...]:
    base, rest = Base.CWD, list(parts)
    first = rest[0]
    below = isinstance(first, Hole)
    if isinstance(first, Hole):
        base = _BASES.get(first.kind, Base.UNKNOWN)
        rest = rest[1:]
    options: list[tuple[str, ...]] = []
    count, exact = 1, True
    for part in rest:
        values = ("*",) if isinstance(part, Hole) else part.values if isinstance(part, Choice) else (part,)
        exact = exact and not isinstance(part, Hole)
        count *= len(values)
        if count > MAX_VALUES:
            return ()
        options.append(values)
    joined = dict.fromkeys("".join(combination) for combination in product(*options))
    return tuple(symbolic_path(base, text.lstrip("/") if below else text, exact=exact) for text in joined)


def literal(text: str, source: MappedText, start: int, end: int) -> Word:
    """A constant word."""
    return Word((text,), text, source, start, end)
