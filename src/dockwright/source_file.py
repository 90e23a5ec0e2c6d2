"""A file's bytes with its lines, and texts that map back to it.

Apart from `text`, whose spans and positions need msgspec: what only reads files, as `dockwright compose config` does, is done
before msgspec would be imported.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from dockwright.lazy import once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dockwright.text import Position, Span


def span_of(start: int, end: int) -> Span:
    """A `Span`, which is imported when it is first needed."""
    global _span  # noqa: PLW0603 - the import is paid once
    if _span is None:
        from dockwright.text import Span

        _span = Span
    return _span(start, end)


_span: type[Span] | None = None


class SourceFile:
    """The bytes of one file with its path, and the way from byte offsets to lines and columns.

    `path` is relative to the root of the tree, with `/`; bytes of a name that are not UTF-8 are kept as
    surrogate escapes (PEP 383). Lines end at `\\n` only, as BuildKit and YAML count them.
    """

    __slots__ = ("__dict__", "data", "path")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {len(self.data)} bytes)"

    @once
    def line_starts(self) -> list[int]:
        """Byte offset of the first byte of every line; a trailing newline opens a last, empty line."""
        lines = self.data.split(b"\n")
        lines.pop()
        return list(accumulate([len(line) + 1 for line in lines], initial=0))

    @property
    def line_count(self) -> int:
        """Number of lines as an editor shows them (a final newline does not open one more)."""
        return len(self.line_starts) - (1 if self.data.endswith(b"\n") or not self.data else 0)

    def line_of(self, offset: int) -> int:
        """1-based line that holds the byte at `offset`; the end of the file belongs to the last line."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        """Line and column of a byte offset. Offsets past the end are clamped to it."""
        from dockwright.text import Position

        offset = min(max(offset, 0), len(self.data))
        line = self.line_of(offset)
        start = self.line_starts[line - 1]
        column = len(self.data[start:offset].decode("utf-8", "replace")) + 1
        return Position(line, column)

    def line_span(self, line: int) -> Span:
        """Span of a 1-based line without its line ending (`\\n` or `\\r\\n`)."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] - 1 if line < len(self.line_starts) else len(self.data)
        if end > start and self.data[end - 1 : end] == b"\r":
            end -= 1
        return span_of(start, end)

    def text(self, span: Span) -> str:
        """The text under a span; bytes that are not UTF-8 become surrogate escapes."""
        return self.data[span.start : span.end].decode("utf-8", "surrogateescape")


class MappedText:
    """A text assembled from pieces of a file, where every byte knows the file offset it came from.

    A RUN body joined from continuation lines, a YAML block scalar, or a heredoc without its leading tabs is such a
    text. `data` is the assembled bytes. `pieces` are `(offset in data, offset in file)` pairs, sorted; a piece runs
    up to the next one. Bytes that stand nowhere in the file map to the place where they were put in.
    """

    __slots__ = ("_at", "_from", "data", "end", "start")

    def __init__(self, data: bytes, pieces: Iterable[tuple[int, int]], end: int) -> None:
        """`end` is the file offset just after the last byte of the text."""
        pieces = list(pieces)
        self.data = data
        self._at: Sequence[int] = [at for at, _ in pieces]
        self._from: Sequence[int] = [source for _, source in pieces]
        self.end = end
        self.start: int | None = None
        """Where a text that stands in the file as it is begins there; None for one that is put together."""

    @classmethod
    def whole(cls, data: bytes, start: int) -> MappedText:
        """Bytes that stand in the file as they are, from offset `start` on."""
        text = cls.__new__(cls)
        text.data = data
        text._at = _ONE_PIECE
        text._from = (start,)
        text.end = start + len(data)
        text.start = start
        return text

    @classmethod
    def plain(cls, source: SourceFile, span: Span) -> MappedText:
        """The text under one span of a file, as it stands."""
        return cls(source.data[span.start : span.end], [(0, span.start)], span.end)

    def __repr__(self) -> str:
        return f"MappedText({self.data!r})"

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "surrogateescape")

    @property
    def pieces(self) -> list[tuple[int, int]]:
        return list(zip(self._at, self._from, strict=True))

    def offset(self, at: int) -> int:
        """File offset of byte `at` of the text; the end of the text maps to its end in the file."""
        starts = self._at
        if at >= len(self.data) or not starts:
            return self.end
        index = max(bisect_right(starts, at) - 1, 0) if len(starts) > 1 else 0
        return self._from[index] + at - starts[index]

    def shift(self, start: int, end: int) -> int | None:
        """What to add to the offsets `[start, end)` to get those in the file; None when it is not the same for all."""
        starts = self._at
        if not starts or not starts[0] <= start < end <= len(self.data):
            return None
        if len(starts) == 1:
            return self._from[0] - starts[0]
        index = bisect_right(starts, start) - 1
        if index + 1 < len(starts) and end > starts[index + 1]:
            return None
        return self._from[index] - starts[index]

    def span(self, start: int, end: int) -> Span:
        """File span of the bytes `[start, end)` of the text (the outer hull when pieces lie apart)."""
        at = self.start
        if at is not None and 0 <= start <= end <= len(self.data):
            return span_of(at + start, at + end)
        shift = self.shift(start, end)
        if shift is not None:
            return span_of(start + shift, end + shift)
        first = self.offset(start)
        if end <= start:
            return span_of(first, first)
        return span_of(first, max(self.offset(end - 1) + 1, first))

    def slice(self, start: int, end: int) -> MappedText:
        """The part `[start, end)` as a mapped text of its own."""
        end = min(end, len(self.data))
        at = self.start
        if at is not None and 0 <= start < end:
            return MappedText.whole(self.data[start:end], at + start)
        shift = self.shift(start, end)
        if shift is not None:
            return MappedText.whole(self.data[start:end], start + shift)
        first = max(bisect_right(self._at, start) - 1, 0)
        pieces: list[tuple[int, int]] = []
        for at, source in zip(self._at[first:], self._from[first:], strict=True):
            if at >= end:
                break
            skip = max(start - at, 0)
            pieces.append((at + skip - start, source + skip))
        last = self.offset(end - 1) + 1 if end > start else self.offset(start)
        return MappedText(self.data[start:end], pieces, last)


_ONE_PIECE = (0,)
