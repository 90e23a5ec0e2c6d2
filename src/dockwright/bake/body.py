"""Reading the body of an HCL file: attributes and blocks, with recovery after an error."""

import re

from dockwright.bake.expressions import Reader
from dockwright.bake.syntax import Attribute, Bad, Block, Label
from dockwright.text import Span

MAX_DEPTH = 20
MAX_ERRORS = 100
"""Errors after which the rest of a file is not read."""
_LINES = re.compile(rb"(?:[ \t\r\n;]++|(?:#|//)[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_NEXT = re.compile(rb"\n(?=[ \t]*[A-Za-z_}])")
_LABEL = re.compile(rb'"((?:[^"\\\n]++|\\.)*+)"')


class Body:
    """Attributes and blocks of a file, with what went wrong: `(message, start, end)`."""

    def __init__(self) -> None:
        self.attributes: dict[str, Attribute] = {}
        self.blocks: list[Block] = []
        self.errors: list[Bad] = []


def read_hcl(data: bytes) -> Body:
    """Read a whole file; what cannot be read is noted and passed over line by line."""
    body = Body()
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    _items(Reader(data, start), body, body.attributes, body.blocks, 0)
    return body


def _items(
    reader: Reader, body: Body, attributes: dict[str, Attribute], blocks: list[Block], depth: int
) -> None:
    """Items up to the end of the file, or inside of a block up to its closing brace."""
    data = reader.data
    while True:
        found = _LINES.match(data, reader.at)
        reader.at = found.end() if found else reader.at
        if reader.at >= len(data):
            if depth:
                body.errors.append(Bad("block is not closed", len(data)))
            return
        if depth and data[reader.at] == 0x7D:
            reader.at += 1
            return
        start = reader.at
        reader.inside = 0
        reader.depth = 0
        try:
            _item(reader, body, attributes, blocks, depth)
        except Bad as bad:
            body.errors.append(bad)
            further = _NEXT.search(data, max(reader.at, start)) if len(body.errors) < MAX_ERRORS else None
            reader.at = further.end() if further else len(data)


def _item(
    reader: Reader, body: Body, attributes: dict[str, Attribute], blocks: list[Block], depth: int
) -> None:
    start = reader.at
    name = reader.name()
    if name is None:
        raise Bad("expected an attribute or block", start)
    name_span = Span(start, reader.at)
    if reader.peek(b"=") and not reader.peek(b"=="):
        reader.at += 1
        expr = reader.expression()
        attributes.setdefault(name, Attribute(name, name_span, expr))
        _line_end(reader)
        return
    labels: list[Label] = []
    while not reader.peek(b"{"):
        labels.append(_label(reader))
    reader.at += 1
    if depth >= MAX_DEPTH:
        raise Bad("blocks are nested too deep", start)
    inner: dict[str, Attribute] = {}
    inner_blocks: list[Block] = []
    if not reader.peek(b"\n"):
        _single_line(reader, body, inner)
    _items(reader, body, inner, inner_blocks, depth + 1)
    blocks.append(Block(name, tuple(labels), inner, tuple(inner_blocks), Span(start, reader.at)))


def _single_line(reader: Reader, body: Body, attributes: dict[str, Attribute]) -> None:
    """A block with an attribute on its first line has no more than that, and ends on that line."""
    start = reader.at
    if start >= len(reader.data) or reader.peek(b"}"):
        return
    _item(reader, body, attributes, [], MAX_DEPTH)
    if not reader.peek(b"}"):
        body.errors.append(
            Bad("a block with an attribute on its first line ends on that line", start, reader.at)
        )


def _label(reader: Reader) -> Label:
    reader.blank()
    found = _LABEL.match(reader.data, reader.at)
    if found:
        reader.at = found.end()
        return Label(found[1].decode("utf-8", "surrogateescape"), Span(*found.span(1)))
    start = reader.at
    name = reader.name()
    if name is None:
        raise Bad("expected '=', a label or '{'", start)
    return Label(name, Span(start, reader.at))


def _line_end(reader: Reader) -> None:
    reader.blank()
    rest = reader.data[reader.at : reader.at + 1]
    if rest not in (b"", b"\n", b"}"):
        raise Bad("expected the end of the line behind the expression", reader.at)
