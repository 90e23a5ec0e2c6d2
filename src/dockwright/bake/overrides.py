"""A variable's value when one is given from outside.

docker/buildx bake/hclparser/hclparser.go: resolveValue. The text is converted to the type of the `type` attribute, or
else of the default; lists and objects without a type cannot be overridden.
"""

import csv

from dockwright.bake.syntax import Call, Expr, Variable
from dockwright.bake.values import Unknown, Value, is_number, to_number
from dockwright.text import Span

_TRUTHS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
"""Go's strconv.ParseBool."""


def overridden(given: str, default: Value, kind: Expr | None, span: Span) -> Value:
    """The given text as the variable's type."""
    if kind is not None:
        return _typed(given, kind, span)
    if isinstance(default, Unknown):
        return given
    if isinstance(default, bool):
        return _TRUTHS.get(given, Unknown(f"{given!r} is neither true nor false", span))
    if is_number(default):
        return _number(given, span)
    if isinstance(default, tuple | dict):
        return Unknown("a list or object without a type cannot be overridden", span)
    return given


def _number(given: str, span: Span) -> Value:
    found = to_number(given)
    return found if found is not None else Unknown(f"{given!r} is no number", span)


def _typed(given: str, kind: Expr, span: Span) -> Value:
    name = kind.name if isinstance(kind, Variable | Call) else ""
    if name == "string":
        return given
    if name == "bool":
        return _TRUTHS.get(given, Unknown(f"{given!r} is neither true nor false", span))
    if name == "number":
        return _number(given, span)
    if name in ("list", "set") and isinstance(kind, Call) and len(kind.args) == 1:
        rows = list(csv.reader([given], strict=False))
        return tuple(_typed(item, kind.args[0], span) for item in (rows[0] if rows else []))
    return Unknown(f"override of type {name or 'that is not read here'} is not evaluated", span)
