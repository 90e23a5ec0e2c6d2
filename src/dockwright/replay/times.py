"""How long steps take: as somebody measured, or else as a table of orders of magnitude has it."""

from collections.abc import Mapping
from typing import Protocol

from dockwright.dockerfile.keys.model import Step
from dockwright.dockerfile.operations.model import Copy, ExecBody, FileBody, SourceBody
from dockwright.figures import Basis, Figure
from dockwright.knowledge.packages import managers
from dockwright.knowledge.step_times import StepSeconds, step_seconds
from dockwright.replay.commands import Commands, commands_of
from dockwright.shell.packages import Action

ASSUMED = "assumed order of magnitude for what the step does (step_times.toml), not measured"
_FETCH = frozenset(("curl", "wget", "git"))
_BUILDS = frozenset(
    ("make", "cmake", "ninja", "gcc", "g++", "go", "cargo", "tsc", "webpack", "vite", "bazel")
)
_BUILD_VERBS = frozenset(("build", "compile", "collectstatic"))


class StepTimes(Protocol):
    """Where seconds of steps come from: the ledger of real builds, a file of the user's, or a model."""

    def of(self, step: Step) -> Figure:
        """Seconds that a step takes when it is not found in the cache."""
        ...


class AssumedTimes:
    """A model: what the commands of a step do, from a table."""

    def of(self, step: Step) -> Figure:
        """The sum over what the step does."""
        return Figure("seconds", _assumed(step, step_seconds()), "s", Basis.ASSUMED, ASSUMED)


class GivenTimes:
    """Seconds by place (`docker/Dockerfile:12`), from somebody who measured; the model for all others."""

    def __init__(self, seconds: Mapping[str, float], source: str) -> None:
        self._seconds = dict(seconds)
        self._source = source
        self._model = AssumedTimes()

    def of(self, step: Step) -> Figure:
        """The time given for the step's place."""
        for origin in step.operation.origins:
            found = self._seconds.get(origin.place)
            if found is not None:
                return Figure("seconds", found, "s", Basis.MEASURED, f"given in {self._source}")
        return self._model.of(step)


def _assumed(step: Step, table: StepSeconds) -> float:
    body = step.operation.body
    if isinstance(body, SourceBody):
        return 0.0
    if isinstance(body, ExecBody):
        return _run(commands_of(body), table)
    if isinstance(body, FileBody):
        copies = [one for one in body.actions if isinstance(one.what, Copy)]
        return table.copy * len(copies) if copies else table.workdir
    return table.copy


def _run(read: Commands, table: StepSeconds) -> float:
    if not read.commands:
        return table.unread
    total = 0.0
    for command, install in zip(read.commands, read.installs, strict=True):
        words = {word.value or "" for word in command.args}
        if install is not None and install.action in (Action.INSTALL, Action.UPGRADE, Action.RUN):
            system = managers()[install.manager].kind == "system" if install.manager in managers() else False
            total += table.system_install if system else table.language_install
        elif (
            (install is not None and install.action is Action.BUILD)
            or command.name in _BUILDS
            or words & _BUILD_VERBS
            or any(word.startswith("build") for word in words)
        ):
            total += table.build
        elif command.name in _FETCH or (install is not None and install.refreshes_index):
            total += table.download
        elif install is not None and install.action is Action.CLEAN:
            total += table.clean
    return total or table.shell


def combined(figures: Mapping[str, Figure] | list[Figure]) -> Basis:
    """What a sum of times rests on: its weakest part."""
    values = figures.values() if isinstance(figures, Mapping) else figures
    return min((one.basis for one in values), default=Basis.DERIVED)


__all__ = ["ASSUMED", "AssumedTimes", "GivenTimes", "StepTimes", "combined"]
