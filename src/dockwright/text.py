"""Source files, byte spans, positions, and texts that map back to the file they came from.

Everything in dockwright that points at a file does so by *byte span*: half-open, zero-based offsets into the
file's bytes. Lines and columns are derived from spans when people are to read them.
"""

import msgspec

from dockwright.source_file import MappedText, SourceFile

__all__ = ["MappedText", "Position", "SourceFile", "Span"]


class Span(msgspec.Struct, frozen=True, gc=False, order=True):
    """Half-open range of byte offsets `[start, end)` into one file."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def covers(self, other: "Span") -> bool:
        """True when `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Position(msgspec.Struct, frozen=True, gc=False, order=True):
    """A place as people count it: line from 1, column from 1 in Unicode code points (SARIF's `unicodeCodePoints`)."""

    line: int
    column: int
