"""The syntax of bake files: expressions, attributes, blocks; one form for HCL and JSON.

Every node has the span of its text in the file.
"""

from typing import NamedTuple

import msgspec

from dockwright.text import Span


class Bad(Exception):
    """The text cannot be read on as HCL or JSON at `at`; noted as a problem by the reader."""

    def __init__(self, message: str, at: int, end: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.end = max(end, at)


class Expr(msgspec.Struct, frozen=True):
    """Base of all expressions."""

    span: Span


class Literal(Expr, frozen=True):
    """A text, number, truth value or null."""

    value: str | int | float | bool | None


class Template(Expr, frozen=True):
    """`"a ${b}"` or a heredoc. Exactly one part that is no literal gives that part's value unchanged."""

    parts: tuple[Expr, ...]


class If(Expr, frozen=True):
    """`%{ if c }…%{ else }…%{ endif }` in a template, and `c ? a : b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


class Variable(Expr, frozen=True):
    """A name."""

    name: str


class Attr(Expr, frozen=True):
    """`of.name`."""

    of: Expr
    name: str


class Index(Expr, frozen=True):
    """`of[key]`, and the old `of.0`."""

    of: Expr
    key: Expr


class Splat(Expr, frozen=True):
    """`of[*].a.b`: `each` is the rest, with the variable `*` for the element."""

    of: Expr
    each: Expr


class Call(Expr, frozen=True):
    """A function call; `expand` when the last argument has `...`."""

    name: str
    args: tuple[Expr, ...]
    expand: bool = False


class Unary(Expr, frozen=True):
    """`!a` or `-a`."""

    operator: str
    of: Expr


class Binary(Expr, frozen=True):
    """`a + b` and the like."""

    operator: str
    left: Expr
    right: Expr


class Tuple(Expr, frozen=True):
    """`[a, b]`."""

    items: tuple[Expr, ...]


class Object(Expr, frozen=True):
    """`{a = b}`; a bare name as key is that text."""

    items: tuple[tuple[Expr, Expr], ...]


class For(Expr, frozen=True):
    """`[for v in c : x if d]`, `{for k, v in c : a => b...}`, and `%{ for … }` in a template (`join`)."""

    names: tuple[str, ...]
    of: Expr
    key: Expr | None
    value: Expr
    condition: Expr | None = None
    group: bool = False
    join: bool = False


class Attribute(NamedTuple):
    """`name = expression`."""

    name: str
    name_span: Span
    expr: Expr


class Label(NamedTuple):
    """A label of a block, without quotes; the span is that of the text."""

    text: str
    span: Span


class Block(msgspec.Struct, frozen=True):
    """`type "label" { … }`. Of attributes given twice the first holds (HCL refuses the second)."""

    type: str
    labels: tuple[Label, ...]
    attributes: dict[str, Attribute]
    blocks: tuple["Block", ...]
    span: Span

    @property
    def name(self) -> str:
        """The first label, `""` without one."""
        return self.labels[0].text if self.labels else ""

    @property
    def name_span(self) -> Span:
        """The first label, or the whole block."""
        return self.labels[0].span if self.labels else self.span
