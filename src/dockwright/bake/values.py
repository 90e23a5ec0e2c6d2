"""Values of bake expressions, and conversions between them (zclconf/go-cty convert).

Texts, numbers (`int` where whole), truth values, None, tuples for lists, dicts for objects and maps, and `Unknown` for
what cannot be told without running bake.
"""

import operator as operators
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import TypeGuard

import msgspec

from dockwright.text import Span


class Unknown(msgspec.Struct, frozen=True):
    """A value that cannot be told: `reason` says why."""

    reason: str
    span: Span


Known = str | int | float | bool | None | tuple["Value", ...] | dict[str, "Value"]
Value = Known | Unknown


class Fail(Exception):
    """An expression that bake refuses; `can` and `try` see it."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def is_number(value: Value) -> TypeGuard[int | float]:
    """True for numbers, not for truth values."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def normal(value: float) -> int | float:
    """A whole float as an int: HCL has one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e18 else value


def to_text(value: Value) -> str | None:
    """The text a primitive converts to; None for what does not convert."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return str(normal(value)) if isinstance(normal(value), int) else repr(value)
    return None


def to_number(value: Value) -> int | float | None:
    """The number of a number or of a text that is one."""
    if is_number(value):
        return value
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            return None
        return normal(found) if found == found and abs(found) != float("inf") else None  # noqa: PLR0124  # not a NaN
    return None


def to_bool(value: Value) -> bool | None:
    """The truth value of one, or of the texts `true` and `false`."""
    if isinstance(value, bool):
        return value
    return (
        {"true": True, "false": False, "1": True, "0": False}.get(value) if isinstance(value, str) else None
    )


def arithmetic(operator: str, left: float, right: float) -> int | float | bool | None:
    """Numbers and comparisons; None where the result cannot be given exactly.

    HCL computes with 512 bits: fractions are worked out in decimal and kept while they are short.
    """
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](left, right)
    if max(abs(left), abs(right)) > 1e100 or (operator in "/%" and right == 0):
        return None
    with localcontext() as context:
        context.prec = 60
        found = _ARITHMETIC[operator](Decimal(repr(left)), Decimal(repr(right)))
    if found == found.to_integral_value():
        return int(found)
    return float(found) if len(found.normalize().as_tuple().digits) <= 15 else None


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": operators.gt, ">=": operators.ge, "<": operators.lt, "<=": operators.le,
}  # fmt: skip
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operators.add, "-": operators.sub, "*": operators.mul, "/": operators.truediv, "%": operators.mod,
}  # fmt: skip


def first_unknown(*values: Value) -> Unknown | None:
    """The first value that is not known, looking into lists and objects."""
    stack = list(reversed(values))
    while stack:
        value = stack.pop()
        if isinstance(value, Unknown):
            return value
        if isinstance(value, tuple):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.extend(reversed(list(value.values())))
    return None


def size(value: Value) -> int:
    """Rough size in characters and items, to keep values from growing without end."""
    total = 0
    stack = [value]
    while stack:
        item = stack.pop()
        total += len(item) if isinstance(item, str) else 1
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
    return total
