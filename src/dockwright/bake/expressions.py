"""Reading HCL expressions from bytes, by recursive descent with a bound on depth.

The grammar is that of hashicorp/hcl hclsyntax/spec.md. Line breaks end an expression except inside of brackets.
"""

import re

from dockwright.bake.syntax import (
    Attr,
    Bad,
    Binary,
    Call,
    Expr,
    For,
    If,
    Index,
    Literal,
    Object,
    Splat,
    Tuple,
    Unary,
    Variable,
)
from dockwright.text import Span

MAX_DEPTH = 60
"""Nesting of expressions; real files stay below ten."""

MAX_CHAIN = 50
"""Operators or accesses in a row; each is a level of the tree."""

_BLANK = re.compile(rb"(?:[ \t\r]++|(?:#|//)[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_SPACE = re.compile(rb"(?:[ \t\r\n]++|(?:#|//)[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
NAME = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff-]*+")
_NUMBER = re.compile(rb"[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?+")
_OPERATOR = re.compile(rb"\|\||&&|==|!=|>=|<=|[><+*/%]|-")
_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, ">": 4, ">=": 4, "<": 4, "<=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_WORDS = {"true": True, "false": False, "null": None}
_SPLAT = re.compile(rb"\[[ \t\r\n]*+\*[ \t\r\n]*+\]")
_OLD_INDEX = re.compile(rb"[0-9]{1,9}")
_HEREDOC = re.compile(rb"<<-?[A-Za-z_\x80-\xff]")


class Reader:
    """A place in the bytes, and how to read on from it.

    `shift` is added to offsets for spans; with `fixed`, every span is that one (for texts whose bytes are not those
    of the file).
    """

    def __init__(self, data: bytes, at: int = 0, shift: int = 0, fixed: Span | None = None) -> None:
        self.data = data
        self.at = at
        self.shift = shift
        self.fixed = fixed
        self.depth = 0
        self.inside = 0
        """How many brackets are open: inside of them line breaks are blanks."""

    def span(self, start: int, end: int | None = None) -> Span:
        """Span in the file of offsets in the bytes."""
        if self.fixed is not None:
            return self.fixed
        return Span(start + self.shift, (self.at if end is None else end) + self.shift)

    def blank(self) -> None:
        """Pass over blanks and comments, and line breaks inside of brackets."""
        found = (_SPACE if self.inside else _BLANK).match(self.data, self.at)
        if found:
            self.at = found.end()

    def peek(self, text: bytes) -> bool:
        """True when `text` stands here, behind blanks."""
        self.blank()
        return self.data.startswith(text, self.at)

    def take(self, text: bytes) -> bool:
        """Pass over `text` when it stands here."""
        if not self.peek(text):
            return False
        self.at += len(text)
        return True

    def expect(self, text: bytes) -> None:
        """Pass over `text`, which has to stand here."""
        if not self.take(text):
            raise Bad(f"expected {text.decode()!r}", self.at + self.shift)

    def name(self) -> str | None:
        """Pass over an identifier."""
        self.blank()
        found = NAME.match(self.data, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0].decode("utf-8", "surrogateescape")

    def word(self, text: str) -> bool:
        """Pass over a keyword."""
        before = self.at
        if self.name() == text:
            return True
        self.at = before
        return False

    def expression(self) -> Expr:
        """An expression, at its first byte."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Bad("expression is nested too deep", self.at + self.shift)
        self.blank()
        start = self.at
        found = self.binary(1)
        if self.take(b"?"):
            then = self.expression()
            self.expect(b":")
            otherwise = self.expression()
            found = If(self.span(start), found, then, otherwise)
        self.depth -= 1
        return found

    def binary(self, lowest: int) -> Expr:
        """Operators of at least the given precedence; equal ones group to the left."""
        self.blank()
        start = self.at
        left = self.unary()
        for _ in range(MAX_CHAIN):
            self.blank()
            found = _OPERATOR.match(self.data, self.at)
            operator = found[0].decode() if found else ""
            precedence = _PRECEDENCE.get(operator, 0)
            if found is None or precedence < lowest:
                return left
            self.at = found.end()
            right = self.binary(precedence + 1)
            left = Binary(self.span(start), operator, left, right)
        raise Bad("expression is too long", self.at + self.shift)

    def unary(self) -> Expr:
        """`!`, `-`, or a term with what is accessed of it."""
        self.blank()
        signs: list[tuple[int, str]] = []
        while self.data[self.at : self.at + 1] in (b"!", b"-"):
            signs.append((self.at, chr(self.data[self.at])))
            self.at += 1
            self.blank()
            if len(signs) > MAX_DEPTH:
                raise Bad("expression is nested too deep", self.at + self.shift)
        found = self.access(self.term())
        for at, sign in reversed(signs):
            found = Unary(self.span(at), sign, found)
        return found

    def access(self, found: Expr) -> Expr:
        """`.name`, `.0`, `[key]`, `[*]`, `.*` behind a term."""
        start = found.span.start - self.shift
        for _ in range(MAX_CHAIN):
            char = self.data[self.at : self.at + 1]
            if char == b"." and self.data[self.at + 1 : self.at + 2] == b"*":
                self.at += 2
                found = self.old_splat(found)
                continue
            if char == b"." and self.data[self.at : self.at + 3] != b"...":
                self.at += 1
                found = self.dotted(found, start)
            elif char == b"[":
                if _SPLAT.match(self.data, self.at):
                    self.at = self.data.index(b"]", self.at) + 1
                    return self.splat(found)
                key = self.bracketed()
                found = Index(self.span(start), found, key)
            else:
                return found
        raise Bad("too many accesses in one expression", self.at + self.shift)

    def dotted(self, found: Expr, start: int) -> Expr:
        number = _OLD_INDEX.match(self.data, self.at)
        if number:
            self.at = number.end()
            return Index(self.span(start), found, Literal(self.span(number.start()), int(number[0])))
        name = self.name()
        if name is None:
            raise Bad("expected a name behind '.'", self.at + self.shift)
        return Attr(self.span(start), found, name)

    def splat(self, found: Expr) -> Expr:
        start = found.span.start - self.shift
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Bad("expression is nested too deep", self.at + self.shift)
        each = self.access(Variable(self.span(self.at), "*"))
        self.depth -= 1
        return Splat(self.span(start), found, each)

    def old_splat(self, found: Expr) -> Expr:
        """`.*`: only the names behind it are taken of each element, an index is one of the result."""
        start = found.span.start - self.shift
        each: Expr = Variable(self.span(self.at), "*")
        for _ in range(MAX_CHAIN):
            if self.data[self.at : self.at + 1] != b"." or self.data[self.at : self.at + 3] == b"...":
                break
            self.at += 1
            each = self.dotted(each, start)
        return Splat(self.span(start), found, each)

    def bracketed(self) -> Expr:
        self.expect(b"[")
        self.inside += 1
        key = self.expression()
        self.expect(b"]")
        self.inside -= 1
        return key

    def term(self) -> Expr:
        """A literal, name, call, template, list, object, or an expression in parentheses."""
        self.blank()
        start = self.at
        char = self.data[start : start + 1]
        if char == b'"' or _HEREDOC.match(self.data, start):
            from dockwright.bake.templates import heredoc, quoted

            return quoted(self) if char == b'"' else heredoc(self)
        if char in (b"[", b"{", b"("):
            self.at += 1
            self.inside += 1
            found = {b"[": self.tuple, b"{": self.object, b"(": self.parentheses}[char](start)
            self.inside -= 1
            return found
        number = _NUMBER.match(self.data, start)
        if number:
            self.at = number.end()
            text = number[0].decode()
            whole = text.isdigit() and len(text) < 1_000
            return Literal(self.span(start), int(text) if whole else float(text))
        name = self.name()
        if name is None:
            raise Bad("expected an expression", start + self.shift)
        if name in _WORDS:
            return Literal(self.span(start), _WORDS[name])
        while self.data.startswith(b"::", self.at):
            self.at += 2
            name = f"{name}::{self.name()}"
        return (
            self.call(start, name)
            if self.data.startswith(b"(", self.at)
            else Variable(self.span(start), name)
        )

    def parentheses(self, start: int) -> Expr:
        del start
        found = self.expression()
        self.expect(b")")
        return found

    def call(self, start: int, name: str) -> Expr:
        self.at += 1
        self.inside += 1
        args: list[Expr] = []
        expand = False
        while not self.peek(b")"):
            args.append(self.expression())
            expand = self.take(b"...")
            if expand or not self.take(b","):
                break
        self.expect(b")")
        self.inside -= 1
        return Call(self.span(start), name, tuple(args), expand)

    def tuple(self, start: int) -> Expr:
        if self.word("for"):
            return self.loop(start, b"]")
        items: list[Expr] = []
        while not self.peek(b"]"):
            items.append(self.expression())
            if not self.take(b","):
                break
        self.expect(b"]")
        return Tuple(self.span(start), tuple(items))

    def object(self, start: int) -> Expr:
        if self.word("for"):
            return self.loop(start, b"}")
        items: list[tuple[Expr, Expr]] = []
        while not self.peek(b"}"):
            key = self.object_key()
            if not self.take(b"=") and not self.take(b":"):
                raise Bad("expected '=' behind the key", self.at + self.shift)
            open_, self.inside = self.inside, 0  # a line break ends the value
            self.blank_lines()
            value = self.expression()
            self.inside = open_
            items.append((key, value))
            self.take(b",")
        self.expect(b"}")
        return Object(self.span(start), tuple(items))

    def blank_lines(self) -> None:
        """Pass over line breaks where a value has to follow."""
        found = _SPACE.match(self.data, self.at)
        if found:
            self.at = found.end()

    def object_key(self) -> Expr:
        """A bare name is the key itself; anything else is evaluated."""
        self.blank()
        start = self.at
        name = self.name()
        if name is not None:
            end = self.at
            self.blank()
            if self.data[self.at : self.at + 1] in (b"=", b":") and self.data[self.at : self.at + 2] != b"==":
                return Literal(self.span(start, end), name)
            self.at = start
        return self.expression()

    def loop(self, start: int, closing: bytes) -> Expr:
        names = [self.name()]
        if self.take(b","):
            names.append(self.name())
        if None in names or not self.word("in"):
            raise Bad("expected names and 'in' behind 'for'", self.at + self.shift)
        of = self.expression()
        self.expect(b":")
        key: Expr | None = None
        value = self.expression()
        group = False
        if closing == b"}":
            self.expect(b"=>")
            key, value = value, self.expression()
            group = self.take(b"...")
        condition = self.expression() if self.word("if") else None
        self.expect(closing)
        return For(self.span(start), tuple(name or "" for name in names), of, key, value, condition, group)
