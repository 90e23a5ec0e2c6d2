"""HCL templates: quoted texts and heredocs with `${…}` and `%{…}`.

hashicorp/hcl hclsyntax/spec.md, "Templates"; `$${` and `%%{` stand for themselves, `~` strips blanks, `<<-` strips the
indentation that all lines share.
"""

import re

from dockwright.bake.expressions import Reader
from dockwright.bake.syntax import Bad, Expr, For, If, Literal, Template
from dockwright.text import Span

_STOP = re.compile(rb'\$\$\{|%%\{|\$\{~?|%\{~?|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|"|\n', re.DOTALL)
_STOP_RAW = re.compile(rb"\$\$\{|%%\{|\$\{~?|%\{~?")
_ESCAPES = {b"\\n": "\n", b"\\r": "\r", b"\\t": "\t", b'\\"': '"', b"\\\\": "\\"}
_START = re.compile(rb"<<(-?)([A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff-]*+)[ \t\r]*\n")


class _Parts:
    """Literal text and expressions of a template; strip markers reach across to neighbouring text."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.parts: list[Expr] = []
        self.text: list[str] = []
        self.start = reader.at
        self.strip_next = False

    def add(self, text: str) -> None:
        if self.strip_next:
            text = text.lstrip()
            self.strip_next = not text
        if text:
            self.text.append(text)

    def flush(self, *, strip: bool = False) -> None:
        """End the literal text so far."""
        text = "".join(self.text)
        if strip:
            text = text.rstrip()
        if text:
            self.parts.append(Literal(self.reader.span(self.start), text))
        self.text = []
        self.start = self.reader.at

    def expression(self, expr: Expr) -> None:
        self.parts.append(expr)
        self.start = self.reader.at


def quoted(reader: Reader) -> Expr:
    """A template in double quotes, at its opening quote."""
    start = reader.at
    reader.at += 1
    parts = _Parts(reader)
    _read(reader, parts, _STOP, len(reader.data))
    if not reader.data.startswith(b'"', reader.at):
        raise Bad("quoted text is not closed", start + reader.shift)
    reader.at += 1
    return _template(reader.span(start), parts.parts)


def bare(reader: Reader, end: int) -> Expr:
    """A template without quotes, up to `end`: the text of a JSON string or heredoc."""
    start = reader.at
    parts = _Parts(reader)
    _read(reader, parts, _STOP_RAW, end)
    return _template(reader.span(start), parts.parts)


def _template(span: Span, parts: list[Expr]) -> Expr:
    texts = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, str)]
    return Literal(span, "".join(texts)) if len(texts) == len(parts) else Template(span, tuple(parts))


def _read(
    reader: Reader, parts: _Parts, pattern: re.Pattern[bytes], end: int, *, nested: bool = False
) -> str:
    """Read parts up to the closing quote, to `end`, or, nested, to a directive that ends it, whose word it gives."""
    data = reader.data
    while reader.at < end:
        found = pattern.search(data, reader.at, end)
        stop = found.start() if found else end
        parts.add(data[reader.at : stop].decode("utf-8", "surrogateescape"))
        reader.at = stop
        if found is None or found[0] == b'"':
            break
        token = found[0]
        if token == b"\n":
            raise Bad("quoted text is not closed on its line", stop + reader.shift)
        if token in (b"$${", b"%%{"):
            parts.add(token[1:].decode())
            reader.at = found.end()
        elif token[:1] == b"\\":
            parts.add(_unescape(token, stop + reader.shift))
            reader.at = found.end()
        else:
            parts.flush(strip=token.endswith(b"~"))
            reader.at = found.end()
            word = _sequence(reader, parts, pattern, end, token)
            if word:
                if not nested:
                    raise Bad(f"directive {word!r} ends nothing", stop + reader.shift)
                return word
    parts.flush()
    return ""


def _sequence(reader: Reader, parts: _Parts, pattern: re.Pattern[bytes], end: int, token: bytes) -> str:
    """`${…}` or `%{…}`; the word of a directive that ends an outer one."""
    outer, reader.inside = reader.inside, reader.inside + 1
    if token.startswith(b"$"):
        expr = reader.expression()
        _closing(reader, parts)
        parts.expression(expr)
        reader.inside = outer
        return ""
    start = reader.at - len(token)
    word = reader.name() or ""
    if word in ("else", "endif", "endfor"):
        _closing(reader, parts)
        parts.start = reader.at
        reader.inside = outer
        return word
    reader.depth += 1
    if word not in ("if", "for") or reader.depth > 50:
        raise Bad(f"unknown template directive {word!r}", start + reader.shift)
    expr = (
        _if(reader, parts, pattern, end, start) if word == "if" else _for(reader, parts, pattern, end, start)
    )
    reader.depth -= 1
    reader.inside = outer
    parts.expression(expr)
    return ""


def _closing(reader: Reader, parts: _Parts) -> None:
    strip = reader.take(b"~")
    reader.expect(b"}")
    parts.strip_next = strip


def _inner(
    reader: Reader, outer: _Parts, pattern: re.Pattern[bytes], end: int, ends: tuple[str, ...]
) -> tuple[str, Expr]:
    """The template up to the directive that ends it."""
    start = reader.at
    inner = _Parts(reader)
    inner.strip_next, outer.strip_next = outer.strip_next, False
    word = _read(reader, inner, pattern, end, nested=True)
    if word not in ends:
        raise Bad(f"template directive is not closed by {' or '.join(ends)}", start + reader.shift)
    outer.strip_next = inner.strip_next
    parts = inner.parts
    span = reader.span(start)
    return word, Literal(span, "") if not parts else Template(span, (*parts, Literal(span, "")))


def _if(reader: Reader, parts: _Parts, pattern: re.Pattern[bytes], end: int, start: int) -> Expr:
    condition = reader.expression()
    _closing(reader, parts)
    word, then = _inner(reader, parts, pattern, end, ("else", "endif"))
    otherwise: Expr = Literal(reader.span(reader.at), "")
    if word == "else":
        _, otherwise = _inner(reader, parts, pattern, end, ("endif",))
    return If(reader.span(start), condition, then, otherwise)


def _for(reader: Reader, parts: _Parts, pattern: re.Pattern[bytes], end: int, start: int) -> Expr:
    names = [reader.name() or ""]
    if reader.take(b","):
        names.append(reader.name() or "")
    if not reader.word("in"):
        raise Bad("expected 'in'", reader.at + reader.shift)
    of = reader.expression()
    _closing(reader, parts)
    _, body = _inner(reader, parts, pattern, end, ("endfor",))
    return For(reader.span(start), tuple(names), of, None, body, join=True)


def _unescape(token: bytes, at: int) -> str:
    known = _ESCAPES.get(token)
    if known is not None:
        return known
    if token[1:2] in (b"u", b"U") and len(token) > 2:
        value = int(token[2:].decode(), 16)
        if value < 0x110000 and not 0xD800 <= value < 0xE000:
            return chr(value)
    raise Bad("unknown escape in quoted text", at)


def heredoc(reader: Reader) -> Expr:
    """`<<NAME` or `<<-NAME` with its lines, at the first `<`."""
    found = _START.match(reader.data, reader.at)
    if found is None:
        raise Bad("heredoc has no name or no lines", reader.at + reader.shift)
    closing = re.compile(rb"^[ \t]*" + re.escape(found[2]) + rb"(?=[ \t\r]*(?:\n|\Z|[,)\]}]))", re.MULTILINE)
    end = closing.search(reader.data, found.end())
    if end is None:
        raise Bad(f"heredoc is not closed by {found[2].decode('utf-8', 'replace')}", reader.at + reader.shift)
    start = reader.at
    body, shift, fixed = reader.data[found.end() : end.start()], found.end() + reader.shift, reader.fixed
    if found[1]:
        stripped = _unindent(body)
        if stripped != body:
            body, fixed = stripped, fixed or reader.span(found.end(), end.start())
    inner = Reader(body, 0, shift, fixed)
    inner.depth = reader.depth
    expr = bare(inner, len(body))
    reader.at = end.end()
    span = reader.span(start)
    return Literal(span, expr.value) if isinstance(expr, Literal) else Template(span, _parts(expr))


def _parts(expr: Expr) -> tuple[Expr, ...]:
    """A heredoc is text also when it is one `${…}` alone; its last line break makes it several parts anyway."""
    return expr.parts if isinstance(expr, Template) else (expr,)


def _unindent(body: bytes) -> bytes:
    lines = body.splitlines(keepends=True)
    widths = [len(line) - len(line.lstrip(b" \t")) for line in lines if line.strip()]
    width = min(widths, default=0)
    return b"".join(line[width:] if line.strip() else line.lstrip(b" \t") for line in lines)
