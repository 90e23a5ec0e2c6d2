"""`Place`: where something stands, with its file, so that line and column can be worked out when they are shown."""

import msgspec

from dockwright.text import SourceFile, Span


class Place(msgspec.Struct, frozen=True):
    """A span in a file. Shown as `path:line`."""

    source: SourceFile
    span: Span

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        """1-based first line."""
        return self.source.line_of(self.span.start)

    @property
    def end_line(self) -> int:
        """1-based last line."""
        return self.source.line_of(max(self.span.end - 1, self.span.start))

    @property
    def order(self) -> tuple[str, int, int]:
        """Sort key: path, then position."""
        return (self.path, self.span.start, self.span.end)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"
