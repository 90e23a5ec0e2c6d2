"""The commands of a RUN step, read from the operation itself, so that variables and shells are those of the build."""

from collections.abc import Sequence

import msgspec

from dockwright.dockerfile.operations.model import ExecBody
from dockwright.dockerfile.settings import BASE_SHELL
from dockwright.shell.packages import Install, read_install
from dockwright.shell.run_body import DEFAULT_SHELL, dialect_of, parse_run
from dockwright.shell.script import Command
from dockwright.text import MappedText


class Commands(msgspec.Struct, frozen=True):
    """What a step runs; `whole` is False when something of it could not be read."""

    commands: tuple[Command, ...]
    installs: tuple[Install | None, ...]
    """For each command what a package manager does in it."""
    whole: bool


def commands_of(body: ExecBody) -> Commands:
    """The commands of a step. A program that is started without a shell is not read."""
    args = body.args
    shell: Sequence[str] = args[:-1]
    if args and args[0] == BASE_SHELL:
        shell = DEFAULT_SHELL
    if len(args) < 2 or dialect_of(shell) is None:
        return Commands((), (), whole=False)
    script = parse_run(MappedText.whole(args[-1].encode("utf-8", "surrogateescape"), 0), shell)
    env = dict(one.partition("=")[::2] for one in body.env)
    installs = tuple(read_install(command, env) for command in script.commands)
    whole = not script.errors and not script.truncated and bool(script.commands)
    return Commands(script.commands, installs, whole)
