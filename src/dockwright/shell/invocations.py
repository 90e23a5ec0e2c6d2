"""Program calls found in any kind of file, in one shape: shell commands, Make recipes, Python and JavaScript calls."""

import msgspec

from dockwright.errors import Skipped
from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.script import Assignment, Link, Nest, Scope
from dockwright.shell.words import Word
from dockwright.text import Span


class Invocation(msgspec.Struct, frozen=True):
    """A program that a file starts.

    `via` says how: `shell`, `make`, `npm`, `just`, `subprocess.run`, `os.system`, `docker-sdk`, `testcontainers`,
    `child_process` … Calls of an SDK are given as the command line that does the same.
    """

    argv: tuple[Word, ...]
    span: Span
    via: str
    cwd: SymbolicPath | None = HERE
    env: tuple[Assignment, ...] = ()
    place: tuple[Scope, ...] = ()
    link: Link = Link.NONE
    after: Link = Link.NONE

    @property
    def function(self) -> str:
        """Name of the innermost function, target or script entry the call stands in."""
        for scope in reversed(self.place):
            if scope.kind in (Nest.FUNCTION, Nest.TARGET):
                return scope.name
        return ""


class Found(msgspec.Struct, frozen=True):
    """What a file starts, and what of it could not be read."""

    invocations: tuple[Invocation, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    imports: tuple[str, ...] = ()
    """Modules a Python file imports, dotted (`test_framework.docker`)."""
    sources: tuple[SymbolicPath, ...] = ()
    """Other scripts it sources or runs, as paths."""
