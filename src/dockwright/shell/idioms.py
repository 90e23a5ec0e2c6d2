"""Command substitutions whose output is known without running anything."""

from dockwright.shell.expand import dirname, working_directory
from dockwright.shell.script import Command
from dockwright.shell.values import State, constant, joined
from dockwright.shell.words import Hole, HoleKind, Part


def substitution_value(commands: list[Command], state: State, raw: str, level: int) -> tuple[Part, ...]:
    """The output of the commands of a substitution; `level` is how deep its own commands are nested.

    Known: `pwd` (after `cd`), `dirname`, `basename`, `realpath`, `readlink -f`, `echo`, `printf %s`,
    `git rev-parse --show-toplevel`, `command -v PROGRAM`.
    """
    unknown = (Hole(HoleKind.COMMAND, "", raw),)
    own = [command for command in commands if len(command.place) == level and command.argv]
    if not own or any(command.name not in _QUIET for command in own[:-1]):
        return unknown
    last = own[-1]
    idiom = _IDIOMS.get(last.name)
    parts = idiom(last, state, raw) if idiom is not None else None
    return parts if parts is not None else unknown


_QUIET = frozenset(("cd", "pushd", "set", "export", "unset", ":"))


def _operand(command: Command) -> tuple[Part, ...] | None:
    words = [word for word in command.args if not (word.value or "").startswith("-")]
    return words[0].parts if words else None


def _pwd(_command: Command, state: State, raw: str) -> tuple[Part, ...]:
    return working_directory(state, raw)


def _dirname(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    parts = _operand(command)
    return dirname(parts) if parts is not None else None


def _basename(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    text = constant(_operand(command) or ())
    if text is None:
        return None
    suffix = command.args[1].value if len(command.args) == 2 else ""
    return (text.rstrip("/").rpartition("/")[2].removesuffix(suffix or ""),)


def _realpath(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    return _operand(command)


def _echo(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    if command.redirects or any(word.splits or word.glob for word in command.args):
        return None
    words = [word for word in command.args if word.value not in ("-n", "-e", "-ne")]
    return joined([part for word in words for part in (" ", *word.parts)][1:])


def _printf(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    args = command.args
    if len(args) == 2 and args[0].value in ("%s", "%s\\n"):
        return args[1].parts
    return None


def _git(command: Command, _state: State, raw: str) -> tuple[Part, ...] | None:
    values = [word.value for word in command.args]
    if "rev-parse" in values and "--show-toplevel" in values:
        return (Hole(HoleKind.REPOSITORY, "", raw),)
    return None


def _which(command: Command, _state: State, _raw: str) -> tuple[Part, ...] | None:
    words = [word for word in command.args if not (word.value or "").startswith("-")]
    looks = command.argv[0].program == "which" or any(
        word.value in ("-v", "-P", "-p") for word in command.args
    )
    return words[0].parts if looks and len(words) == 1 and words[0].constant else None


_IDIOMS = {
    "pwd": _pwd,
    "dirname": _dirname,
    "basename": _basename,
    "realpath": _realpath,
    "readlink": _realpath,
    "echo": _echo,
    "printf": _printf,
    "git": _git,
    "which": _which,
    "command": _which,
    "type": _which,
}
