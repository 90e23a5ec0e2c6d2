"""Scalars of the YAML tree: style, decoded text with its way back to the file, resolved value."""

from __future__ import annotations

from dockwright.compose.yaml.nodes import Node, Style
from dockwright.lazy import lazy_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.yaml.file import YamlFile
    from dockwright.compose.yaml.resolve import Value
    from dockwright.source_file import MappedText
    from dockwright.text import Span


_SPECIAL = {
    "plain": lazy_regex(rb"[\r\n]"),
    "single": lazy_regex(rb"['\r\n]"),
    "double": lazy_regex(rb"[\\\r\n]"),
}
"""What makes the text differ from the bytes between the quotes."""


class Scalar(Node):
    """A scalar. Its span holds the quotes, or the header of a block scalar, so `raw` is what stands in the file.

    An empty value (`key:` with nothing behind) is a scalar of style `empty` and zero length, right behind its
    indicator. Text, mapping and value are worked out when first asked for.
    """

    __slots__ = ("_mapped", "_text", "block_end", "indent", "style")

    def __init__(self, file: YamlFile, start: int, end: int, style: Style) -> None:
        # what Node's own does, without the call: half of all nodes are scalars
        self.file = file
        self.start = self.props_start = start
        self.end = end
        self.parent = None
        self.key = 0
        self.key_node = None
        self.tag = None
        self.anchor = None
        self.style: Style = style
        self.indent = 0
        """Columns stripped from the lines of a block scalar; 0 for other styles."""
        self.block_end = end
        """Offset of the first line behind a block scalar: blank lines before it may belong to the text."""
        self._text: str | None = None
        self._mapped: MappedText | None = None

    @property
    def mapped(self) -> MappedText:
        """The decoded text as bytes, each of which knows its place in the file."""
        if self._mapped is None:
            from dockwright.compose.yaml.decode import decode

            self._mapped = decode(self)
        return self._mapped

    @property
    def text(self) -> str:
        """The decoded text: escapes undone, lines folded. Empty for an empty value."""
        if self._text is None:
            raw = self.file.source.data[self.start : self.end]
            special = _SPECIAL.get(self.style)
            if special is None or special.search(raw, 1, len(raw) - 1):
                self._text = self.mapped.text
            else:
                inside = raw if self.style == "plain" else raw[1:-1]
                self._text = inside.decode("utf-8", "surrogateescape")
        return self._text

    @property
    def value(self) -> Value:
        """The value as go-yaml v3 resolves it (`resolve.resolve`): str, bool, int, float, None or Timestamp."""
        from dockwright.compose.yaml.resolve import resolve

        return resolve(self.text, self.style, self.tag)

    def text_span(self, start: int, end: int) -> Span:
        """File span of the characters `[start, end)` of `text`."""
        text = self.text
        first = len(text[:start].encode("utf-8", "surrogateescape"))
        return self.mapped.span(first, first + len(text[start:end].encode("utf-8", "surrogateescape")))

    def as_str(self) -> str | None:
        return None if self.is_null else self.text

    def as_bool(self) -> bool | None:
        value = self.value
        return value if isinstance(value, bool) else None

    @property
    def is_null(self) -> bool:
        return self.style in ("plain", "empty") and self.value is None


_QUOTES: dict[int, Style] = {0x22: "double", 0x27: "single"}


def simple_scalar(file: YamlFile, start: int, end: int) -> Scalar:
    """A scalar of one line whose text is what stands there, without its quotes: no escape, no doubled quote."""
    data = file.source.data
    style = _QUOTES.get(data[start])
    if style is None:
        found = Scalar(file, start, end, "plain")
        found._text = data[start:end].decode("utf-8", "surrogateescape")
    else:
        found = Scalar(file, start, end, style)
        found._text = data[start + 1 : end - 1].decode("utf-8", "surrogateescape")
    return found
