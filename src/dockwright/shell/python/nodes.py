"""Fast walks over a syntax tree: `ast.walk` looks at every field of every node, most of which hold nothing."""

import ast
from collections.abc import Container, Iterator
from typing import Any

_PLAIN = frozenset(
    ("ctx", "attr", "id", "op", "ops", "arg", "kind", "type_comment", "conversion", "names", "is_async", "n", "s",
     "level", "module", "simple", "asname", "rest", "lineno", "tag"),
)  # fmt: skip
FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and (kind._fields or issubclass(kind, ast.stmt))
}
"""The fields of each kind of node that may hold expressions or statements."""
FIELDS[ast.Constant] = FIELDS[ast.Name] = ()
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""Where statements hold statements."""


def nodes(tree: ast.AST, kinds: Container[type]) -> list[ast.AST]:
    """The statements and expressions of certain kinds in a tree, outer ones first."""
    found: list[ast.AST] = []
    fields_of = FIELDS.get
    stack: list[Any] = [tree]
    pop, push = stack.pop, stack.append
    while stack:
        item = pop()
        kind = type(item)
        if kind is list:
            stack.extend(item)
            continue
        fields = fields_of(kind)
        if fields is None:
            continue
        if kind in kinds:
            found.append(item)
        for field in fields:
            value = getattr(item, field)
            if value is not None:
                push(value)
    return found


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement of a file, however deep, and what holds statements (handlers, cases); outer ones first."""
    stack: list[ast.AST] = [tree]
    while stack:
        item = stack.pop()
        yield item
        for field in BLOCKS:
            stack.extend(getattr(item, field, ()))
