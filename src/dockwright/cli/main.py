"""The `dockwright` command: arguments in, a command's module called, an exit code out.

Exit codes: 0 clean, 1 findings, 2 usage or configuration (cannot run), 3 internal error, 130 interrupted.
Commands are imported only when they are called, so that start-up stays cheap.
"""

import errno
import importlib
import os
import sys

import click

from dockwright import __version__
from dockwright.cli.memory import without_collector
from dockwright.errors import DockwrightError, UsageError

COMMANDS = {
    "audit": "the whole picture: inventory, findings, overlaps, proposals",
    "check": "the gate for CI: rules over a repository or single files",
    "prove": "that two Dockerfiles or sets of compose files are the same, or where they differ",
    "diff": "whether two images are the same to a container, however they are layered",
    "context": "what a build is sent, what it uses, and an ignore file that sends less",
    "why": "why the steps of a build would run again: the file, variable, text or rule",
    "replay": "hits and misses of every step over git history; what another order would save",
    "build": "build what the repository declares, and measure every step",
    "bench": "how long builds take cold, unchanged, after a change of code or dependencies",
    "image": "where the bytes of an image are, which are dead, and what would remove them",
    "trend": "measured values of a target over time, and where they changed for good",
    "cache-advice": "which build cache CI exports best: backend, mode, and why",
    "ledger": "what is recorded of builds, sizes and benches; import, export, repair",
    "explain": "a rule, or all that is known about one line of a file",
    "compose": "the resolved compose model and where its values come from",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own, imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"dockwright.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            raise _unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _unknown_command(name: str) -> UsageError:
    from difflib import get_close_matches
    from pathlib import Path

    near = get_close_matches(name, COMMANDS, 1, 0.5)
    if near:
        return UsageError(f"there is no command {name!r}", f"did you mean `dockwright {near[0]}`?")
    if Path(name).exists():
        return UsageError(f"there is no command {name!r}", f"to look at that path: `dockwright audit {name}`")
    return UsageError(
        f"there is no command {name!r}", f"commands are {', '.join(COMMANDS)}; see `dockwright --help`"
    )


@click.group(cls=LazyGroup)
@click.version_option(__version__, message="dockwright %(version)s")
def cli() -> None:
    """From a repository with sprawled Docker files to one proven source of truth."""


def run(arguments: list[str], command: click.Command = cli, name: str = "dockwright") -> int:
    """Run the command line (or that of one command); returns the exit code and never raises."""
    try:
        with without_collector():
            result = command.main(
                args=arguments, prog_name=name, standalone_mode=False, help_option_names=["-h", "--help"]
            )
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except DockwrightError as error:
        _say(f"dockwright: {error.message}", f"  {error.hint}" if error.hint else "")
        return error.exit_code
    except BrokenPipeError:
        # The reader of standard output or error has gone: stop quietly, and keep Python from complaining at exit.
        from dockwright.cli.output import to_nowhere

        to_nowhere(sys.stdout)
        to_nowhere(sys.stderr)
        return 0
    except OSError as error:
        return _system(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: never a traceback at the user
        return _internal(error)


_NOT_OURS = (errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE,
             errno.ENFILE, errno.EIO, errno.ENOMEM, errno.ESTALE, errno.ENOENT, errno.ENOTDIR)  # fmt: skip
"""What the system refuses is no mistake of the program: a path that may not be looked at, a disk that is full."""


def _system(error: OSError) -> int:
    if error.errno not in _NOT_OURS:
        return _internal(error)
    about = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    _say(f"dockwright: {about}{error.strerror}")
    return 2


def _internal(error: Exception) -> int:
    from dockwright.cli.crash import write_report

    try:
        written = write_report(error)
    except OSError as refused:  # no temporary directory
        written = f"not written: {refused.strerror}"
    _say(f"dockwright: internal error: {error!r}", f"  report for the issue tracker: {written}")
    return 3


def _say(*lines: str) -> None:
    """Lines on standard error, fit for any terminal."""
    from dockwright.report.clean import printable

    if sys.stderr is None:  # closed
        return
    try:
        sys.stderr.write("".join(f"{printable(line)}\n" for line in lines if line))
        sys.stderr.flush()
    except OSError:
        from dockwright.cli.output import to_nowhere

        to_nowhere(sys.stderr)
