"""RUN, CMD, ENTRYPOINT and HEALTHCHECK read as commands, with the package installs among them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dockwright.dockerfile.instructions.types import Command as Instruction
from dockwright.dockerfile.instructions.types import Healthcheck, Run, ShellCommand
from dockwright.dockerfile.nodes import Word as DockerWord
from dockwright.dockerfile.stages import Stage
from dockwright.knowledge.packages import by_program
from dockwright.lazy import once
from dockwright.shell.package_types import Install
from dockwright.shell.packages import read_install
from dockwright.shell.run_body import DEFAULT_SHELL, NO_SHELL, exec_script, parse_run
from dockwright.shell.script import Command
from dockwright.shell.words import Word


@cache
def _managers() -> re.Pattern[bytes]:
    """Matches a body that names a package manager; one that names none installs nothing."""
    names = b"|".join(re.escape(name.encode()) for name in sorted(by_program(), key=len, reverse=True))
    return re.compile(rb"(?<![\w-])(?:" + names + rb"|pip[\d.]+|python[\d.]*|R|r|Rscript)(?![\w])")


class RunBody:
    """One instruction's body: the commands it starts, in order, and which of them install packages.

    `index` is the instruction's place in its stage. `data` is the text as the shell is given it, for the JSON form its
    words as they stand in the file: rules that look for
    something rare look there first, for reading the text as commands costs a hundred times as much. `unread` says why
    the body could not be read, if it could not.
    """

    __slots__ = ("__dict__", "data", "index", "instruction", "stage")

    def __init__(self, stage: Stage, index: int, instruction: Run | ShellCommand | Healthcheck) -> None:
        self.stage = stage
        self.index = index
        self.instruction = instruction
        json = instruction.form == "json"
        self.data: bytes = instruction.node.line.data if json else instruction.script.data

    def __repr__(self) -> str:
        return f"<body of {self.instruction.node!r}>"

    @once
    def _read(self) -> tuple[tuple[Command, ...], str]:
        if self.instruction.form == "json":
            return exec_script([shell_word(self.instruction, word) for word in self.instruction.words]), ""
        shell = self.stage.config.shells.before(self.index)
        script = parse_run(self.instruction.script, shell.value if shell and shell.value else DEFAULT_SHELL)
        return script.commands, script.truncated

    @property
    def commands(self) -> tuple[Command, ...]:
        return self._read[0]

    @property
    def unread(self) -> str:
        return self._read[1]

    @property
    def given_up(self) -> str:
        """Why the body was not read to its end, if it was tried: not asked before some rule has."""
        reason = self._read[1] if "_read" in self.__dict__ else ""
        return reason if reason != NO_SHELL else ""

    @once
    def installs(self) -> tuple[Install, ...]:
        """What of it a package manager does."""
        if not _managers().search(self.data):
            return ()
        variables = self.stage.environment_before(self.instruction)
        return tuple(
            [found for command in self.commands if (found := read_install(command, variables)) is not None]
        )


def body_of(stage: Stage, index: int, instruction: Run | ShellCommand | Healthcheck) -> RunBody:
    """One instruction, to be read under the SHELL in force where it stands."""
    return RunBody(stage, index, instruction)


def run_bodies(stage: Stage) -> Iterator[RunBody]:
    """The RUN instructions of a stage, triggers of a parent stage included."""
    for index, instruction in enumerate(stage.commands):
        if type(instruction) is Run:
            yield body_of(stage, index, instruction)


def shell_word(instruction: Instruction, word: DockerWord) -> Word:
    """A word of an exec form as a shell word: constant, no expansion."""
    return Word((word.value,), word.value, instruction.node.line, word.at, word.end, quoted=True)


def installs_of(bodies: Sequence[RunBody]) -> Iterator[tuple[RunBody, Install]]:
    """All package installs of some bodies, with the body each stands in."""
    for body in bodies:
        for install in body.installs:
            yield body, install
