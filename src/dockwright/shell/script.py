"""Scripts as lists of commands: what `parse_shell` gives."""

from enum import StrEnum

import msgspec

from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.words import Word
from dockwright.text import MappedText, Span


class Dialect(StrEnum):
    """The language a text is read as."""

    SH = "sh"
    BASH = "bash"
    POWERSHELL = "powershell"
    CMD = "cmd"


class Link(StrEnum):
    """How a command is joined to its neighbour in the same list."""

    NONE = ""
    SEQUENCE = ";"
    """Newline or `;`."""
    AND = "&&"
    OR = "||"
    PIPE = "|"
    BACKGROUND = "&"


class Nest(StrEnum):
    """What a command stands inside of."""

    SUBSHELL = "subshell"
    GROUP = "group"
    FUNCTION = "function"
    CONDITION = "condition"
    """The condition of `if`, `while` or `until`."""
    THEN = "then"
    ELSE = "else"
    """An `else` or `elif` branch."""
    LOOP = "loop"
    CASE = "case"
    SUBSTITUTION = "substitution"
    """`$(...)`, backticks or `<(...)`."""
    SHELL = "shell"
    """The argument of `sh -c` or `eval`; `name` is the shell."""
    HEREDOC = "heredoc"
    """A heredoc fed to a shell (`bash <<EOF`, `ssh host <<EOF`)."""
    TRY = "try"
    EXCEPT = "except"
    """A handler of a Python `try` or a JavaScript `catch`."""
    CLASS = "class"
    TARGET = "target"
    """A Makefile target, a package.json script, a Procfile entry."""


class Scope(msgspec.Struct, frozen=True):
    """One level of nesting: its kind, a name where it has one, and where it begins (offset in the text)."""

    kind: Nest
    name: str = ""
    start: int = 0


class Assignment(msgspec.Struct, frozen=True):
    """`NAME=value` before a command, through `env`, or as a command of its own."""

    name: str
    value: Word
    append: bool = False


class Redirect(msgspec.Struct, frozen=True):
    """A redirection. `operator` is `>`, `>>`, `<`, `2>`, `&>`, `<<`, `<<<` …; `body` the text of a heredoc."""

    operator: str
    target: Word | None
    descriptor: str = ""
    body: MappedText | None = None
    expands: bool = True
    """False for a heredoc with a quoted delimiter."""


class Command(msgspec.Struct, frozen=True):
    """A simple command.

    `words` are all its words as written (after splitting and expansion of known values); `argv` the program that is
    really run with its arguments, after `wrappers` (`sudo`, `env`, `timeout` …) are looked through. A command of
    assignments only has no words. `link` joins it to the command before it in the same list, `after` to the next.
    """

    words: tuple[Word, ...]
    argv: tuple[Word, ...]
    source: MappedText
    start: int
    end: int
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    wrappers: tuple[str, ...] = ()
    link: Link = Link.NONE
    after: Link = Link.NONE
    negated: bool = False
    background: bool = False
    place: tuple[Scope, ...] = ()
    """What it stands inside of, outermost first."""
    cwd: SymbolicPath | None = HERE
    """The working directory, relative to where the script starts; None when a `cd` to an unknown place came before."""

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)

    @property
    def name(self) -> str:
        """Name of the program that is run, without its directory; empty when it is not known."""
        return self.argv[0].program if self.argv else ""

    @property
    def args(self) -> tuple[Word, ...]:
        """The arguments of the program that is run."""
        return self.argv[1:]

    @property
    def function(self) -> str:
        """Name of the innermost function, class, target or script entry the command stands in."""
        for scope in reversed(self.place):
            if scope.kind in (Nest.FUNCTION, Nest.TARGET):
                return scope.name
        return ""

    def inside(self, *kinds: Nest) -> bool:
        """True when any level of nesting is one of `kinds`."""
        return any(scope.kind in kinds for scope in self.place)


class Script(msgspec.Struct, frozen=True):
    """A text read as a script. `errors` are the places (in the file) that could not be read as the dialect."""

    commands: tuple[Command, ...]
    dialect: Dialect
    source: MappedText
    errors: tuple[Span, ...] = ()
    truncated: str = ""
    """Why the text was not read to the end, if it was not."""
