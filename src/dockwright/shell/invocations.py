"""Program calls found in any kind of file, in one shape: shell commands, Make recipes, Python and JavaScript calls."""

import msgspec

from dockwright.errors import Skipped
from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.script import Assignment, Command, Link, Nest, Redirect, Scope, Script
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
    redirects: tuple[Redirect, ...] = ()

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


_EXPORTED = frozenset(
    ("COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES", "DOCKER_BUILDKIT", "DOCKER_HOST",
     "DOCKER_CONTEXT", "BUILDKIT_PROGRESS", "COMPOSE_BAKE"),
)  # fmt: skip


def of_command(
    command: Command, via: str, exported: tuple[Assignment, ...] = (), place: tuple[Scope, ...] = ()
) -> Invocation:
    """A shell command as an invocation; `place` is what the whole script stands inside of."""
    return Invocation(
        command.argv, command.span, via, command.cwd, exported + command.assignments, place + command.place, command.link,
        command.after, command.redirects,
    )  # fmt: skip


def of_script(script: Script, via: str = "shell", place: tuple[Scope, ...] = ()) -> tuple[Invocation, ...]:
    """Every command of a script that runs a program, with the variables exported for container tools before it."""
    out: list[Invocation] = []
    exported: dict[str, Assignment] = {}
    for command in script.commands:
        for item in command.assignments:
            if item.name in _EXPORTED and (not command.argv or command.name in ("export", "declare")):
                exported[item.name] = item
        if command.argv:
            out.append(of_command(command, via, tuple(exported.values()), place))
    return tuple(out)
