"""RUN, CMD, ENTRYPOINT and HEALTHCHECK read as commands, with the package installs among them."""

from collections.abc import Iterator, Sequence

import msgspec

from dockwright.dockerfile.instructions.types import Command as Instruction
from dockwright.dockerfile.instructions.types import Healthcheck, Run, ShellCommand
from dockwright.dockerfile.nodes import Word as DockerWord
from dockwright.dockerfile.stages import Stage
from dockwright.shell.package_types import Install
from dockwright.shell.packages import read_install
from dockwright.shell.run_body import DEFAULT_SHELL, exec_script, parse_run
from dockwright.shell.script import Command
from dockwright.shell.words import Word


class RunBody(msgspec.Struct, frozen=True):
    """One instruction's body: the commands it starts, in order, and which of them install packages.

    `index` is the instruction's place in its stage. `unread` says why the body could not be read, if it could not.
    """

    instruction: Run | ShellCommand | Healthcheck
    index: int
    commands: tuple[Command, ...]
    installs: tuple[Install, ...]
    unread: str = ""


def body_of(stage: Stage, index: int, instruction: Run | ShellCommand | Healthcheck) -> RunBody:
    """Read one instruction under the SHELL in force where it stands."""
    if instruction.form == "json":
        commands = exec_script([shell_word(instruction, word) for word in instruction.words])
        unread = ""
    else:
        shell = stage.config.shells.before(index)
        script = parse_run(instruction.script, shell.value if shell and shell.value else DEFAULT_SHELL)
        commands, unread = script.commands, script.truncated
    variables = {variable.name: variable.value for variable in stage.environment_before(instruction)}
    installs = tuple(found for command in commands if (found := read_install(command, variables)) is not None)
    return RunBody(instruction, index, commands, installs, unread)


def run_bodies(stage: Stage) -> Iterator[RunBody]:
    """The RUN instructions of a stage, triggers of a parent stage included."""
    for index, instruction in enumerate(stage.commands):
        if isinstance(instruction, Run):
            yield body_of(stage, index, instruction)


def shell_word(instruction: Instruction, word: DockerWord) -> Word:
    """A word of an exec form as a shell word: constant, no expansion."""
    return Word((word.value,), word.value, instruction.node.line, word.at, word.end, quoted=True)


def installs_of(bodies: Sequence[RunBody]) -> Iterator[tuple[RunBody, Install]]:
    """All package installs of some bodies, with the body each stands in."""
    for body in bodies:
        for install in body.installs:
            yield body, install
