"""What built-in commands change for the commands after them: the working directory, variables, aliases."""

from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.script import Command, Link
from dockwright.shell.values import State, with_parts
from dockwright.shell.words import Hole, HoleKind, Word

_STACK = "pushd stack"


def effects(state: State, command: Command) -> None:
    """Apply the effects of one command."""
    effect = _EFFECTS.get(command.argv[0].value or "")
    if effect is not None:
        effect(state, command)


def _operands(command: Command) -> list[Word]:
    return [word for word in command.args if not (word.value or "").startswith("-") or word.value == "-"]


def moved(cwd: SymbolicPath | None, word: Word) -> SymbolicPath | None:
    """The working directory after `cd word`."""
    paths = word.paths()
    if len(paths) != 1 or not paths[0].exact:
        return None
    path = paths[0]
    if path.base is not Base.CWD:
        return path
    return cwd / path if cwd is not None else None


def _cd(state: State, command: Command) -> None:
    if command.link is Link.OR:  # the second choice of `cd a || cd b`
        return
    operands = _operands(command)
    if not operands:
        state.cwd = SymbolicPath(Base.HOME, ".")
    elif operands[0].value == "-":
        state.cwd = None
    else:
        state.cwd = moved(state.cwd, operands[0])


def _pushd(state: State, command: Command) -> None:
    operands = _operands(command)
    if operands:
        path = str(state.cwd) if state.cwd is not None and state.cwd.base in (Base.CWD, Base.ABSOLUTE) else ""
        here = Word((path,), path, command.source, command.start, command.end)
        state.set_array(_STACK, (*state.arrays.get(_STACK, ()), here))
        state.cwd = moved(state.cwd, operands[0])


def _popd(state: State, _command: Command) -> None:
    stack = state.arrays.get(_STACK, ())
    path = stack[-1].value if stack else ""
    state.set_array(_STACK, stack[:-1])
    state.cwd = SymbolicPath(Base.ABSOLUTE if path.startswith("/") else Base.CWD, path) if path else None


def _forget(state: State, command: Command) -> None:
    for word in command.args:
        if word.value is not None:
            state.drop(word.value)
            state.drop_array(word.value)
            if state.upstream and not word.value.startswith("-"):
                hole = Hole(HoleKind.ARGUMENTS, word.value, state.upstream)
                state.set(word.value, with_parts(word, (hole,)))


def _set(state: State, command: Command) -> None:
    values = [word.value for word in command.args]
    if "--" in values:
        words = command.args[values.index("--") + 1 :]
        state.set_array("@", words)
        for index, word in enumerate(words[:9], 1):
            state.set(str(index), word)


def _shift(state: State, command: Command) -> None:
    count = (
        int(command.args[0].value or 1) if command.args and (command.args[0].value or "").isdecimal() else 1
    )
    if "@" in state.arrays:
        state.set_array("@", state.arrays["@"][min(count, 100) :])
    for index in range(1, 10):
        following = state.variables.get(str(index + count))
        if following is not None:
            state.set(str(index), following)
        else:
            state.drop(str(index))


def _alias(state: State, command: Command) -> None:
    for word in command.args:
        name, equals, text = (word.value or "").partition("=")
        if equals:
            words = (Word((part,), part, word.source, word.start, word.end) for part in text.split())
            state.set_array("alias " + name, tuple(words))


_EFFECTS = {
    "cd": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "read": _forget,
    "mapfile": _forget,
    "readarray": _forget,
    "getopts": _forget,
    "set": _set,
    "shift": _shift,
    "alias": _alias,
}
