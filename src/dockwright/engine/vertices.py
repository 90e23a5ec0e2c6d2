"""The vertices of a build while it runs: merged from what is told of them piece by piece.

Source: moby/buildkit client/graph.go: Vertex, VertexStatus, VertexLog. The same vertex is repeated with growing state and
may begin and end several times; `cached` counts if it was ever true (solver/progress.go: vertexStream).
"""

import time
from collections import deque
from collections.abc import Iterable

from dockwright.engine.protocol import Vertex, Watch

KEPT_LINES = 40
"""Lines of output that are kept of each vertex: the last ones."""
MAX_LINE = 2000
"""Characters of a line that are kept."""
SETTLING = 1.0
"""Seconds a step should have run before a build is cancelled. BuildKit 0.13 loses a cancellation that meets a container
while it is being started: of 12 builds that were cancelled up to 0.1 s after a RUN had begun, 5 ran on to their end."""
MAX_VERTICES = 20_000
"""More than any real build has; beyond it they are not looked at."""


class Growing:
    """One vertex of which more is told as time goes by."""

    def __init__(self, id_: str, number: int) -> None:
        self.id = id_
        self.number = number
        self.name = ""
        self.inputs: tuple[str, ...] = ()
        self.intervals: dict[float, float | None] = {}
        self.cached = False
        self.error = ""
        self.group = ""
        self.log: deque[str] = deque(maxlen=KEPT_LINES)
        self.facts: deque[str] = deque(maxlen=KEPT_LINES)
        self.transfers: dict[str, int] = {}
        self.done = ""
        self.place: tuple[int, int] | None = None
        self._unfinished = ""

    def add_output(self, text: str) -> None:
        """More of its output; a line that has not ended yet is kept back."""
        *lines, self._unfinished = (self._unfinished + text).replace("\r\n", "\n").split("\n")
        self._unfinished = self._unfinished[-MAX_LINE:]
        shown = [line.rpartition("\r")[2][:MAX_LINE] for line in lines]
        self.log.extend(shown)
        self.facts.extend(line for line in shown if line.startswith("Fetched "))

    def value(self) -> Vertex:
        """It as it stands now."""
        begun = sorted(self.intervals.items())
        ends = [end for _, end in begun if end is not None]
        open_ = any(end is None for _, end in begun)
        last = self._unfinished.rpartition("\r")[2]
        return Vertex(
            id=self.id,
            name=self.name,
            inputs=self.inputs,
            started=begun[0][0] if begun else None,
            completed=max(ends) if ends and not open_ else None,
            seconds=union((start, end) for start, end in begun if end is not None),
            cached=self.cached,
            error=self.error,
            group=self.group,
            log=(*self.log, last) if last else tuple(self.log),
            bytes=sum(self.transfers.values()) if self.transfers else None,
            done=self.done,
            facts=tuple(self.facts),
            place=self.place,
        )


class Vertices:
    """All vertices of a build, in the order in which they were first told of."""

    def __init__(self, watch: Watch | None = None) -> None:
        self._known: dict[str, Growing] = {}
        self._watch = watch
        self._begun: dict[str, float] = {}

    def get(self, id_: str) -> Growing:
        found = self._known.get(id_)
        if found is None:
            found = Growing(id_, len(self._known) + 1)
            if len(self._known) < MAX_VERTICES:
                self._known[id_] = found
        return found

    def changed(self, one: Growing) -> None:
        """Tell whoever watches."""
        if one.id not in self._begun and any(end is None for end in one.intervals.values()):
            self._begun[one.id] = time.monotonic()
        if self._watch is not None:
            self._watch(one.value())

    def settling(self) -> float:
        """Seconds until everything that runs has run for `SETTLING`."""
        running = [
            self._begun.get(one.id, 0.0)
            for one in self._known.values()
            if any(end is None for end in one.intervals.values())
        ]
        return max(0.0, max(running, default=0.0) + SETTLING - time.monotonic()) if running else 0.0

    @property
    def begun(self) -> bool:
        """True when any step has begun."""
        return any(one.intervals for one in self._known.values())

    def values(self) -> tuple[Vertex, ...]:
        return tuple(one.value() for one in self._known.values())


def union(intervals: Iterable[tuple[float, float]]) -> float:
    """The length of what the intervals cover together."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        if end > reached:
            total += end - max(start, reached)
            reached = end
    return total
