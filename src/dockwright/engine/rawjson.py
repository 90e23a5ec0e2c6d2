"""What `docker buildx build --progress=rawjson` says, on standard error.

Each object is BuildKit's `client.SolveStatus` (moby/buildkit client/graph.go), over many lines before buildx 0.15 and one
a line since; plain text (the error with its source, hints) follows after the last one and may stand before the first.
Strings of JSON never run over a line, so braces outside of strings can be counted line by line.
"""

import binascii
import re
from base64 import b64decode
from collections import deque
from datetime import datetime

import msgspec

from dockwright.engine.protocol import Warned
from dockwright.engine.vertices import MAX_LINE, Vertices

MAX_OBJECT = 32 << 20
"""Bytes of one object; longer text that never closes is taken for plain."""
KEPT_TEXT = 200
"""Lines of plain text that are kept: the last ones."""
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}]')


class _Vertex(msgspec.Struct):
    digest: str = ""
    name: str = ""
    inputs: tuple[str, ...] = ()
    started: str | None = None
    completed: str | None = None
    cached: bool = False
    error: str = ""
    progressGroup: dict[str, str | bool] | None = None  # noqa: N815 - as it is called there


class _Status(msgspec.Struct):
    id: str = ""
    vertex: str = ""
    name: str = ""
    current: int = 0
    total: int = 0


class _Log(msgspec.Struct):
    vertex: str = ""
    data: str = ""


class _Position(msgspec.Struct):
    line: int = 0


class _Range(msgspec.Struct):
    start: _Position = msgspec.field(default_factory=_Position)


class _Warning(msgspec.Struct):
    short: str = ""
    range: tuple[_Range, ...] | None = None


class _Solve(msgspec.Struct):
    vertexes: tuple[_Vertex, ...] | None = None
    statuses: tuple[_Status, ...] | None = None
    logs: tuple[_Log, ...] | None = None
    warnings: tuple[_Warning, ...] | None = None


class RawJson:
    """Takes the stream in pieces of any size; fills `vertices`, `warnings` and `text` (the plain lines)."""

    def __init__(self, vertices: Vertices) -> None:
        self.vertices = vertices
        self.warnings: dict[Warned, None] = {}
        self.text: deque[str] = deque(maxlen=KEPT_TEXT)
        self._rest = bytearray()
        self._object: list[bytes] = []
        self._length = 0
        self._depth = 0
        self._decoder = msgspec.json.Decoder(_Solve)

    def feed(self, chunk: bytes) -> None:
        """More of the stream."""
        self._rest += chunk
        if b"\n" not in chunk and len(self._rest) < MAX_OBJECT:
            return
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest if len(rest) < MAX_OBJECT else bytearray()
        for line in lines:
            self._line(bytes(line))

    def close(self) -> None:
        """The end of the stream: an object that was cut off is plain text."""
        if self._rest:
            self._line(bytes(self._rest))
        self._give_up()

    def _line(self, line: bytes) -> None:
        if not self._object and not line.lstrip().startswith(b"{"):
            self._plain(line)
            return
        self._object.append(line)
        self._length += len(line)
        for token in _TOKENS.findall(line):
            self._depth += 1 if token == b"{" else -1 if token == b"}" else 0
        if self._depth <= 0:
            self._take(b"\n".join(self._object))
        elif self._length > MAX_OBJECT:
            self._give_up()

    def _take(self, data: bytes) -> None:
        for one in _split(data):
            try:
                solve = self._decoder.decode(one)
            except (msgspec.DecodeError, UnicodeDecodeError):
                for line in one.split(b"\n"):
                    self._plain(line)
                continue
            self._solve(solve)
        self._reset()

    def _give_up(self) -> None:
        for line in self._object:
            self._plain(line)
        self._reset()

    def _reset(self) -> None:
        self._object.clear()
        self._length = self._depth = 0

    def _plain(self, line: bytes) -> None:
        self.text.append(line[: 4 * MAX_LINE].decode("utf-8", "replace").rstrip("\r")[:MAX_LINE])

    # -- what an object says

    def _solve(self, solve: _Solve) -> None:
        for vertex in solve.vertexes or ():
            self._vertex(vertex)
        for status in solve.statuses or ():
            self._status(status)
        for log in solve.logs or ():
            one = self.vertices.get(log.vertex)
            one.add_output(_decoded(log.data))
            self.vertices.changed(one)
        for warning in solve.warnings or ():
            line = warning.range[0].start.line if warning.range else 0
            self.warnings[Warned(_decoded(warning.short), line)] = None

    def _vertex(self, told: _Vertex) -> None:
        one = self.vertices.get(told.digest)
        one.name = told.name or one.name
        one.inputs = told.inputs or one.inputs
        one.cached = one.cached or told.cached
        one.error = told.error or one.error
        if told.progressGroup is not None:
            one.group = str(told.progressGroup.get("id", ""))
        start = moment(told.started)
        if start is not None:
            one.intervals[start] = moment(told.completed) or one.intervals.get(start)
        self.vertices.changed(one)

    def _status(self, told: _Status) -> None:
        one = self.vertices.get(told.vertex)
        size = max(told.current, told.total)
        if size:
            one.transfers[told.id] = max(size, one.transfers.get(told.id, 0))
        one.done = told.id
        self.vertices.changed(one)


def _split(data: bytes) -> list[bytes]:
    """The objects of a text in which braces are balanced; mostly one."""
    found, depth, start = [], 0, 0
    for token in _TOKENS.finditer(data):
        depth += 1 if token[0] == b"{" else -1 if token[0] == b"}" else 0
        if depth == 0 and token[0] == b"}":
            found.append(data[start : token.end()])
            start = token.end()
    rest = data[start:].strip()
    return [*found, rest] if rest else found


_FRACTION = re.compile(r"\.\d+")


def moment(text: str | None) -> float | None:
    """A time in RFC 3339 with any number of digits, as seconds since 1970; None for none or Go's zero time."""
    if not text or text.startswith("0001-"):
        return None
    fraction = _FRACTION.search(text)
    plain = _FRACTION.sub("", text)
    try:
        whole = datetime.fromisoformat(plain).timestamp()
    except (ValueError, OverflowError):
        return None
    return whole + (float(fraction[0]) if fraction else 0.0)


def _decoded(text: str) -> str:
    try:
        return b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
