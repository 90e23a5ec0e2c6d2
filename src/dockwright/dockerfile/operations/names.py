"""What BuildKit calls an operation while it builds: `[build 2/5] RUN make`.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: prefixCommand, processCmdEnv, summarizeHeredoc.
0.13 does not count ONBUILD triggers and does not name them.
"""

import math

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import expand
from dockwright.dockerfile.instructions.types import Add, Command, Copy, Run, Workdir
from dockwright.dockerfile.lexer import Options
from dockwright.dockerfile.stages import SourceKind, Stage

MAX_SHOWN = 1 << 22
_COUNTED = (Add, Copy, Run, Workdir)


class Shown:
    """How many characters variables may still bring into names; beyond that names are shown as they are written."""

    def __init__(self, left: int = MAX_SHOWN) -> None:
        self.left = left


class Namer:
    """Numbers the operations of one stage."""

    def __init__(self, stage: Stage, label: str, shown: Shown) -> None:
        self._stage = stage
        self._shown = shown
        self._label = f"{label} " if label else ""
        self._old = stage.build.tree.dialect is Dialect.V0_13
        own = sum(isinstance(one, _COUNTED) for one in stage.instructions)
        if stage.base.kind is not SourceKind.STAGE and stage.base.kind is not SourceKind.SCRATCH:
            own += 1
        self._own = own
        self._total = own + (0 if self._old else len(stage.triggers))
        self._done = 0

    def next(self, text: str, *, trigger: bool = False) -> str:
        """The name of the next operation."""
        self._done += 1
        return self._prefix(self._done, trigger) + text

    def first(self, text: str) -> str:
        """The name of the base image's operation, which is made before triggers are known."""
        self._done += 1
        return self._prefix(self._done, trigger=False, total=self._own) + text

    def again(self, text: str, *, trigger: bool = False) -> str:
        """One more operation with the number of the last."""
        return self._prefix(self._done, trigger) + text

    def _prefix(self, number: int, trigger: bool, total: int | None = None) -> str:
        total = self._total if total is None else total
        if not total:
            return ""
        width = int(1 + math.log10(total))
        mark = "ONBUILD " if trigger and not self._old else ""
        return f"[{self._label}{number:>{width}}/{total}] {mark}"

    def text(self, command: Command) -> str:
        """The instruction as it is shown: joined, variables filled in, keyword in capitals."""
        build = self._stage.build
        lookup = self._stage.environment_before(command).get
        text = command.node.original.strip()
        if isinstance(command, Run):
            if command.heredoc_only:
                text += f" ({_summary(command.heredocs[0].body.text)})"
            options = Options(escape=build.tree.escape, raw_quotes=True, skip_unset=True)
        else:
            options = build.escape_options
        if self._shown.left > 0:
            expansion = expand(text, lookup, options)
            self._shown.left -= expansion.substituted
            text = text if expansion.error else expansion.value
        keyword, space, rest = text.partition(" ")
        return keyword.upper() + space + rest


def _summary(body: str) -> str:
    lines = body.strip().replace("\r\n", "\n").split("\n")
    return lines[0] + ("..." if len(lines) > 1 else "")
