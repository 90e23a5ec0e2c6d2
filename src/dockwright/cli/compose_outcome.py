"""What a compose command is given, and what it gives back: nothing of the process but here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cached_property

from dockwright.cli.compose_arguments import Arguments
from dockwright.cli.compose_files import DiskFiles, working_directory
from dockwright.compose.load.discover import Found, discover
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import Files
from dockwright.compose.load.problems import LoadProblem
from dockwright.compose.load.versions import Semantics
from dockwright.record import Record


class Outcome(Record):
    """The end of a command: exit code, standard output, standard error."""

    exit_code: int
    out: str = ""
    err: str = ""


class Surroundings:
    """Environment, working directory and files a command sees. `stdin` is read only when a file is `-`."""

    def __init__(
        self, environment: Mapping[str, str], cwd: str, files: Files, stdin: bytes | None = None
    ) -> None:
        self.environment = dict(environment)
        self.cwd = cwd
        self.files = files
        self._stdin = stdin

    @classmethod
    def of_process(cls) -> Surroundings:
        """Those of this process."""
        environment = as_a_plugin(os.environ)
        return cls(environment, working_directory(environment), DiskFiles())

    @cached_property
    def stdin(self) -> bytes:
        """Standard input to its end."""
        return sys.stdin.buffer.read() if self._stdin is None else self._stdin

    def discover(self, arguments: Arguments, semantics: Semantics) -> Found:
        """The request for what was asked."""
        environment = Environment.of(self.environment, "environment")
        stdin = (
            self.stdin
            if "-" in arguments.asked.files or "-" in self.environment.get("COMPOSE_FILE", "").split(":")
            else b""
        )
        return discover(arguments.asked, environment, self.cwd, self.files, semantics, stdin)

    def shown(self, path: str) -> str:
        """A path for people: relative to the working directory where it lies below."""
        return path.removeprefix(self.cwd.rstrip("/") + "/")


_ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES"
_COMMAND_PATH = "docker.cli.cobra.command_path=docker%20compose"


def as_a_plugin(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment that `docker` starts Compose with: it adds an attribute of its own to one variable, which a compose
    file can name (docker/cli cli-plugins/manager/telemetry.go: appendPluginResourceAttributesEnvvar; as of 28.0.2).
    """
    found = dict(environment)
    own = found.get(_ATTRIBUTES, "").strip()
    found[_ATTRIBUTES] = f"{own},{_COMMAND_PATH}" if own else _COMMAND_PATH
    return found


_BETWEEN = {
    "env-file": "named at", "not-found": "named at", "extends": "looked for at", "extends-cycle": "by way of",
    "include-cycle": "by way of", "dependency-cycle": "by way of", "yaml": "from",
}  # fmt: skip
"""How the second place of an error is told; else it is what the first conflicts with."""


def told(problems: tuple[LoadProblem, ...], surroundings: Surroundings, level: str) -> str:
    """Problems as lines for standard error, each with its places; where, what."""
    return "".join(f"{_line(problem, surroundings, level)}\n" for problem in problems)


def _line(problem: LoadProblem, surroundings: Surroundings, level: str) -> str:
    places = [f"{surroundings.shown(place.path)}:{place.line}" for place in problem.places]
    first = f"{places[0]}: " if places else ""
    word = _BETWEEN.get(problem.code, "conflicts with")
    rest = "".join(f"\n    {word} {place}" for place in dict.fromkeys(places[1:]) if place != places[0])
    return _printable(f"{first}{level}: {problem.message}") + rest


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)
