"""`dockwright compose`: the resolved compose model, its origins, and what is built on them.

Options of the project stand before the command (`-f`, `--profile`, `--env-file`, `--project-directory`, `-p`), as in
`docker compose`. Commands are in modules of their own, imported when called. `config` and `explain` read the environment of
the process, as Compose does.
"""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache

from dockwright.errors import ConfigError, DockwrightError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from dockwright.cli.compose_arguments import Arguments
    from dockwright.cli.compose_outcome import Outcome, Surroundings
    from dockwright.compose.load.versions import Semantics

COMMANDS = {
    "config": "dockwright.cli.compose_config",
    "convert": "dockwright.cli.compose_config",
    "explain": "dockwright.cli.compose_explain",
}
"""Each module has `run(arguments, surroundings) -> Outcome` and `HELP`."""

STACK_COMMANDS = {
    "diff": "dockwright.cli.stack_diff",
    "environments": "dockwright.cli.stack_environments",
    "collisions": "dockwright.cli.stack_collisions",
    "parity": "dockwright.cli.stack_parity",
}
"""Commands over a repository's environments. They take no environment but what they are given, and have no project options.
Each module has a click command, `command`.
"""

USAGE = """Usage: dockwright compose [OPTIONS] COMMAND

The resolved compose model: what `docker compose config` prints, without Docker, with the origin of every value.

Options (of every command, before it):
  -f, --file FILE              a compose file; repeatable
      --profile NAME           a profile to enable; repeatable
      --env-file FILE          instead of .env; repeatable
      --project-directory DIR  instead of the first file's directory
  -p, --project-name NAME      the project's name
      --compatibility          as the original's
      --compose-version V      the version of Compose to follow: `newest` (default), `2.33`, `compose-go 2.4.8` …;
                               also DOCKWRIGHT_COMPOSE_VERSION, and `[compose] version` of dockwright.toml

Commands:
  config                       the canonical model, as the original prints it
  explain SERVICE[.KEY …]      where a value was set, what it replaced, which variables are in it

Commands over a repository's environments (no options before them; each has --help):
  environments                 which files are loaded together, and who says so
  diff A B                     what differs between two environments or revisions
  collisions [A] [B]           what stops two stacks, or two copies of one, from running together
  parity [ENVIRONMENT …]       what Podman does otherwise
"""


@cache
def _command() -> click.Command:
    """For the group of all commands, which names this one in its help; the words are read by `start`."""
    import click

    @click.command(
        "compose",
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
        add_help_option=False,
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(words: tuple[str, ...]) -> int:
        return start(list(words))

    return command


def __getattr__(name: str) -> click.Command:
    if name == "command":
        return _command()
    raise AttributeError(name)


def start(words: list[str]) -> int:
    """Run `dockwright compose WORDS` with the process' environment; returns the exit code, never raises."""
    if words and words[0] in STACK_COMMANDS:
        from dockwright.cli.msgspec_only import import_msgspec

        import_msgspec()
        from dockwright.cli.main import run

        command = importlib.import_module(STACK_COMMANDS[words[0]]).command
        return run(words[1:], command, f"dockwright compose {words[0]}")
    from dockwright.cli.compose_outcome import Outcome, Surroundings

    try:
        outcome = _run(words, Surroundings.of_process())
    except UsageError as error:
        text = f"dockwright: {error.message}\n" + (f"  {error.hint}\n" if error.hint else "")
        outcome = Outcome(_usage(words), "", text)
    except DockwrightError as error:
        outcome = Outcome(error.exit_code, "", f"dockwright: {error.message}\n")
    except KeyboardInterrupt:
        outcome = Outcome(130, "", "interrupted\n")
    except Exception as error:  # noqa: BLE001 - the last line of defence: never a traceback at the user
        from dockwright.cli.main import _internal

        return _internal(error)
    try:
        sys.stderr.write(outcome.err)
        sys.stdout.buffer.write(outcome.out.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return outcome.exit_code


def _run(words: list[str], surroundings: Surroundings) -> Outcome:
    from dockwright.cli.compose_arguments import Usage, parse
    from dockwright.cli.compose_outcome import Outcome

    try:
        arguments = parse(words)
    except Usage as error:
        return Outcome(_usage(words), "", f"{error}\n")
    if not arguments.command:
        return Outcome(0, USAGE, "")
    name = COMMANDS.get(arguments.command)
    if name is None:
        return Outcome(2, "", _unknown(arguments.command))
    module = importlib.import_module(name)
    if arguments.help:
        return Outcome(0, module.HELP, "")
    outcome = module.run(arguments, surroundings)
    assert isinstance(outcome, Outcome)
    return outcome


def _usage(words: list[str]) -> int:
    """The exit code of a command line that cannot be acted on: Compose's (docker/compose pkg/compose/errors.go) where the
    command stands in for Compose's own, 2 as everywhere else otherwise.
    """
    return 16 if {"config", "convert"} & set(words) else 2


def _unknown(command: str) -> str:
    if command in STACK_COMMANDS:
        return (
            f"dockwright compose {command} takes no options before it\n"
            f"  see `dockwright compose {command} --help`\n"
        )
    known = ", ".join((*COMMANDS, *STACK_COMMANDS))
    return f"unknown command: dockwright compose {command} (there are {known})\n"


def semantics_of(arguments: Arguments, surroundings: Surroundings) -> Semantics:
    """The version to follow: the option, else the variable, else the configuration, else the newest."""
    from dockwright.compose.load.versions import followed

    named = arguments.compose_version
    if named is None:
        named = surroundings.environment.get("DOCKWRIGHT_COMPOSE_VERSION")
    if named is None:
        named = _configured(surroundings)
    return followed(named)


def _configured(surroundings: Surroundings) -> str:
    """`[compose] version` of the configuration at the working directory, or above it up to the repository's root."""
    here = surroundings.cwd
    while True:
        for name in ("dockwright.toml", ".dockwright.toml"):
            data = surroundings.files.read(f"{here}/{name}")
            if data is not None:
                return _version(data, f"{here}/{name}")
        if surroundings.files.exists(f"{here}/.git") or here in ("/", ""):
            return ""
        here = here[: here.rfind("/")] or "/"


def _version(data: bytes, name: str) -> str:
    from dockwright.config import load

    try:
        return load(data.decode(), name).compose.version
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8") from error
