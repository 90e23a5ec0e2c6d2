"""What is told of a build while it runs: a table on a terminal, a line for each step that has ended elsewhere."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dockwright.cli.output import on_terminal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from dockwright.engine.protocol import Vertex, Watch

WIDTH = 100
"""Characters of an instruction that are shown in a line."""


class Watching:
    """Hands out a watch for each target. Use as a context manager around the builds."""

    def __init__(self, *, quiet: bool, brief: bool = False) -> None:
        """`brief`: away from a terminal a line for each build, not for each step."""
        self._quiet = quiet
        self._brief = brief
        self._live: Live | None = None
        self._board = Board()

    def __call__(self, target: str) -> "Watch | None":
        if self._quiet:
            return None
        if self._live is not None:
            self._board.begin(target)
            return self._board.take
        if self._brief:
            say(target)
            return None
        return Lines(target).take

    @contextmanager
    def shown(self) -> Iterator["Watching"]:
        """Draw while the block runs, where standard error is a terminal that can be drawn on."""
        if self._quiet or not on_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
            yield self
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        with Live(
            get_renderable=self._board.drawn, console=console, refresh_per_second=8, transient=True
        ) as live:
            self._live = live
            yield self


class Lines:
    """A line on standard error for each step that has ended, and for what was found in the cache."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._told: set[str] = set()

    def take(self, vertex: "Vertex") -> None:
        """More of a vertex is known."""
        from dockwright.report.clean import printable

        over = vertex.cached or vertex.error or vertex.completed is not None
        if not over or vertex.id in self._told or not vertex.name or vertex.name.startswith("[internal]"):
            return
        self._told.add(vertex.id)
        how = "failed" if vertex.error else "cached" if vertex.cached else f"{vertex.seconds:.1f} s"
        say(f"{self._target}: {how:>8}  {printable(_clean(vertex.name))[:WIDTH]}")


def say(line: str) -> None:
    """A line on standard error, at once."""
    if sys.stderr is not None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class Board:
    """The state of a build, by stage, as a table for a terminal."""

    def __init__(self) -> None:
        self._target = ""
        self._begun = time.monotonic()
        self._vertices: dict[str, Vertex] = {}

    def begin(self, target: str) -> None:
        self._target, self._begun, self._vertices = target, time.monotonic(), {}

    def take(self, vertex: "Vertex") -> None:
        self._vertices[vertex.id] = vertex

    def stages(self) -> dict[str, "list[Vertex]"]:
        """Instructions by the name of their stage, in order of appearance."""
        from dockwright.measure.matching import name_of

        found: dict[str, list[Vertex]] = {}
        for vertex in list(self._vertices.values()):
            name = name_of(vertex.name)
            stage = name.stage if name is not None else vertex.name.partition("]")[0].strip("[")
            if name is not None or vertex.place is not None:
                found.setdefault(stage or "build", []).append(vertex)
        return found

    def drawn(self) -> "RenderableType":
        """The table now: done and running steps of each stage."""
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        table.add_row(self._target, f"{time.monotonic() - self._begun:.0f} s", "")
        for stage, vertices in self.stages().items():
            done = sum(one.cached or one.completed is not None for one in vertices)
            running = [one for one in vertices if one.started is not None and one.completed is None]
            table.add_row(f"  {stage}", f"{done}/{len(vertices)}", _running(running))
        return table


def _running(vertices: "list[Vertex]") -> str:
    from rich.markup import escape

    from dockwright.report.clean import printable

    if not vertices:
        return ""
    one = vertices[-1]
    since = max(0.0, time.time() - one.started) if one.started is not None else 0.0
    return escape(printable(f"{since:.0f} s  {_clean(one.name)}"[:WIDTH]))


def _clean(text: str) -> str:
    from dockwright.knowledge.secrets import redact

    return redact(text)
