"""Reading a bake file in JSON into the same form as HCL: objects under `target`, `group` … are blocks.

hashicorp/hcl json/spec.md: texts and keys are templates. Offsets are kept, which the standard reader does not do.
"""

import re

from dockwright.bake.body import Body
from dockwright.bake.expressions import Reader
from dockwright.bake.syntax import Attribute, Bad, Block, Expr, Label, Literal, Object, Tuple
from dockwright.bake.templates import bare
from dockwright.text import Span

MAX_DEPTH = 60
BLOCKS = ("variable", "target", "group", "function")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,3})?+")
_WORD = re.compile(rb"true|false|null")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_CHARACTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}


def read_json(data: bytes) -> Body:
    """Read a whole file."""
    body = Body()
    try:
        reader = _Json(data)
        root = reader.value(0)
        reader.space()
        if reader.at < len(data):
            raise Bad("found text behind the value", reader.at)
    except Bad as bad:
        body.errors.append(bad)
        return body
    if not isinstance(root, Object):
        body.errors.append(Bad("top-level value is no object", 0))
        return body
    for key, value in root.items:
        name = _key(key)
        if name in BLOCKS:
            for item in value.items if isinstance(value, Tuple) else (value,):
                _blocks(body, name, item)
        else:
            body.attributes.setdefault(name, Attribute(name, key.span, value))
    return body


def _blocks(body: Body, kind: str, value: Expr) -> None:
    if not isinstance(value, Object):
        body.errors.append(Bad(f"{kind} is no object", value.span.start, value.span.end))
        return
    for key, inner in value.items:
        for item in inner.items if isinstance(inner, Tuple) else (inner,):
            if not isinstance(item, Object):
                body.errors.append(Bad(f"{kind} {_key(key)} is no object", item.span.start, item.span.end))
                continue
            attributes: dict[str, Attribute] = {}
            for name, expr in item.items:
                attributes.setdefault(_key(name), Attribute(_key(name), name.span, expr))
            span = Span(key.span.start, item.span.end)
            body.blocks.append(Block(kind, (Label(_key(key), key.span),), attributes, (), span))


def _key(expr: Expr) -> str:
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


class _Json:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def space(self) -> None:
        found = _SPACE.match(self.data, self.at)
        self.at = found.end() if found else self.at

    def take(self, char: bytes) -> bool:
        self.space()
        if not self.data.startswith(char, self.at):
            return False
        self.at += 1
        return True

    def value(self, depth: int) -> Expr:
        self.space()
        start = self.at
        if depth > MAX_DEPTH:
            raise Bad("JSON is nested too deep", start)
        if self.take(b"{"):
            return self.object(start, depth)
        if self.take(b"["):
            return self.array(start, depth)
        if self.data.startswith(b'"', start):
            return self.string(template=True)
        found = _NUMBER.match(self.data, start) or _WORD.match(self.data, start)
        if found is None:
            raise Bad("expected a JSON value", start)
        self.at = found.end()
        span = Span(start, self.at)
        if found[0] in _WORDS:
            return Literal(span, _WORDS[found[0]])
        text = found[0].decode()
        whole = text.lstrip("-").isdigit() and len(text) < 1_000
        return Literal(span, int(text) if whole else float(text))

    def string(self, *, template: bool) -> Expr:
        found = _STRING.match(self.data, self.at)
        if found is None:
            raise Bad("expected a JSON string", self.at)
        self.at = found.end()
        raw = found[1]
        span = Span(*found.span(1))
        text = raw.decode("utf-8", "surrogateescape")
        if "\\" in text:
            text = _ESCAPE.sub(_unescape, text)
        if template and ("${" in text or "%{" in text):
            data = text.encode("utf-8", "surrogatepass")
            return bare(Reader(data, 0, span.start, None if data == raw else span), len(data))
        return Literal(span, text)

    def object(self, start: int, depth: int) -> Expr:
        items: list[tuple[Expr, Expr]] = []
        while not self.take(b"}"):
            if items and not self.take(b","):
                raise Bad("expected ',' or '}'", self.at)
            self.space()
            key = self.string(template=False)
            if not self.take(b":"):
                raise Bad("expected ':'", self.at)
            items.append((key, self.value(depth + 1)))
        return Object(Span(start, self.at), tuple(items))

    def array(self, start: int, depth: int) -> Expr:
        items: list[Expr] = []
        while not self.take(b"]"):
            if items and not self.take(b","):
                raise Bad("expected ',' or ']'", self.at)
            items.append(self.value(depth + 1))
        return Tuple(Span(start, self.at), tuple(items))


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _CHARACTERS.get(found[2], found[2])
