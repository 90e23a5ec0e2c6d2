"""What `podman build` says: numbered steps on standard output, errors on standard error, and what commands print in between.

Source: containers/buildah imagebuildah/stage_executor.go (`STEP i/n: `, `--> Using cache ID`, `--> ID`), executor.go (the
prefix `[stage/stages] ` where there are several). It gives no times: a step lasts from its line to the next one's.
"""

import re
import time
from collections import deque
from collections.abc import Callable

from dockwright.engine.protocol import Warned
from dockwright.engine.rawjson import KEPT_TEXT
from dockwright.engine.vertices import MAX_LINE, Growing, Vertices

_STEP = re.compile(r"^(?:\[(\d+)/(\d+)\] )?STEP (\d+)/(\d+): (.*)$")
_CACHE = re.compile(r"^--> Using cache [0-9a-f]{12,}$")
_DONE = re.compile(r"^--> ([0-9a-f]{11,})$")
_COMMIT = re.compile(r"^(?:\[\d+/\d+\] )?COMMIT\b")
MAX_PENDING = 1 << 20
"""Bytes of a line that has not ended; a longer one is cut."""


class _Lines:
    """Cuts a stream into lines."""

    def __init__(self, to: Callable[[str], None]) -> None:
        self._to = to
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        *lines, rest = (self._rest + chunk).split(b"\n")
        self._rest = rest[-MAX_PENDING:]
        for line in lines:
            self._to(line.decode("utf-8", "replace").rstrip("\r"))

    def close(self) -> None:
        if self._rest:
            self._to(self._rest.decode("utf-8", "replace"))
        self._rest = b""


class Plain:
    """Takes both streams of `podman build`; fills `vertices`. A step's failure is known when the stream has ended."""

    def __init__(self, vertices: Vertices, clock: Callable[[], float] = time.time) -> None:
        self.vertices = vertices
        self._clock = clock
        self._now: Growing | None = None
        self._place = (0, 0)
        self._text: deque[str] = deque(maxlen=KEPT_TEXT)
        self._out = _Lines(self._line)
        self._err = _Lines(self._error)
        self._failed = ""

    def out(self, chunk: bytes) -> None:
        self._out.feed(chunk)

    def err(self, chunk: bytes) -> None:
        self._err.feed(chunk)

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(self._text)

    @property
    def warned(self) -> tuple[Warned, ...]:
        return ()

    def close(self) -> None:
        """Both streams have ended: the step at hand is the one that an error is about."""
        self._out.close()
        self._err.close()
        if self._now is not None and self._failed:
            self._now.error = self._failed
        self._finish()

    def _line(self, line: str) -> None:
        step = _STEP.match(line)
        if step is not None and self._follows(step):
            self._begin(step)
        elif self._now is None:
            self._text.append(line[:MAX_LINE])
        elif _CACHE.match(line):
            self._now.cached = True
            self.vertices.changed(self._now)
        elif _DONE.match(line) or _COMMIT.match(line):
            self._finish()
        else:
            self._now.add_output(line + "\n")
            self.vertices.changed(self._now)

    def _follows(self, step: re.Match[str]) -> bool:
        """A step comes after the one before it: a command may print the same words."""
        stage, number = int(step[1] or 1) - 1, int(step[3])
        return number == 1 if stage != self._place[0] or self._place[1] == 0 else number == self._place[1] + 1

    def _begin(self, step: re.Match[str]) -> None:
        self._finish()
        stage, number = int(step[1] or 1) - 1, int(step[3])
        self._place = (stage, number)
        one = self.vertices.get(f"{stage}/{number}")
        one.name = step[0].replace("STEP ", "", 1)
        one.place = self._place
        one.intervals[self._clock()] = None
        self._now = one
        self.vertices.changed(one)

    def _finish(self) -> None:
        one, self._now = self._now, None
        if one is not None:
            (start,) = one.intervals
            one.intervals[start] = self._clock()
            self.vertices.changed(one)

    def _error(self, line: str) -> None:
        self._text.append(line[:MAX_LINE])
        if line.startswith(("Error: ", "error building at STEP")):
            self._failed = line[:MAX_LINE]
        elif self._now is not None:
            self._now.add_output(line + "\n")
