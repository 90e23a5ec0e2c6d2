"""Evaluating bake expressions: nothing is guessed, nothing runs for ever.

hashicorp/hcl hclsyntax (expression.go, expression_ops.go, expression_template.go). What depends on the machine or the
clock is `Unknown`, and so is everything made of it; what bake would refuse is a `Fail`.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dockwright.bake import syntax
from dockwright.bake.values import (
    Fail,
    Unknown,
    Value,
    arithmetic,
    first_unknown,
    is_number,
    size,
    to_bool,
    to_number,
    to_text,
)

if TYPE_CHECKING:
    from dockwright.text import Span

MAX_STEPS = 200_000
"""Expressions evaluated per project."""
MAX_SIZE = 1_000_000
"""Characters and items of one value."""
MAX_LEVEL = 100
"""Depth of expressions within expressions, also through variables, functions and targets."""

Lookup = Callable[[str, "Span"], Value]


class Reference:
    """`target` or `target.x` on the way to `target.x.attribute`."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: str, name: str | None = None) -> None:
        self.kind = kind
        self.name = name


class Evaluator:
    """Evaluates expressions; `lookup` gives global names, `attribute` what `target.x.y` stands for."""

    def __init__(
        self,
        lookup: Lookup,
        attribute: Callable[[str, str, str, "Span"], Value],
        functions: Mapping[str, tuple[tuple[str, ...], str | None, syntax.Expr]],
    ) -> None:
        self.lookup = lookup
        self.attribute = attribute
        self.functions = functions
        self.steps = 0
        self.level = 0

    def value(self, expr: syntax.Expr, scope: Mapping[str, Value]) -> Value:
        """The value of an expression; `scope` holds the names that are local to it."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            return Unknown("file needs too many steps to evaluate", expr.span)
        if isinstance(expr, syntax.Literal):
            return expr.value
        if self.level >= MAX_LEVEL:
            return Unknown("expressions refer to each other too deep", expr.span)
        self.level += 1
        try:
            return self.dispatch(expr, scope)
        finally:
            self.level -= 1

    def dispatch(self, expr: syntax.Expr, scope: Mapping[str, Value]) -> Value:
        """The method for a kind of expression."""
        match expr:
            case syntax.Template():
                return self.template(expr, scope)
            case syntax.Variable():
                return scope[expr.name] if expr.name in scope else self.lookup(expr.name, expr.span)
            case syntax.Call():
                return self.call(expr, scope)
            case syntax.Attr() | syntax.Index():
                return self.attr(expr, scope)
            case syntax.If():
                return self.condition(expr, scope)
            case syntax.Tuple():
                return tuple([self.value(item, scope) for item in expr.items])
            case syntax.Object():
                return self.object(expr, scope)
            case syntax.Binary():
                return self.binary(expr, scope)
            case syntax.Unary():
                return self.unary(expr, scope)
            case syntax.For():
                return self.loop(expr, scope)
            case syntax.Splat():
                return self.splat(expr, scope)
        return Unknown("expression is not evaluated here", expr.span)

    # One method per kind of expression.

    def template(self, expr: syntax.Template, scope: Mapping[str, Value]) -> Value:
        values = [self.value(part, scope) for part in expr.parts]
        if len(values) == 1:
            return values[0]
        texts: list[str] = []
        for part, value in zip(expr.parts, values, strict=True):
            if isinstance(value, Unknown):
                return value
            text = to_text(value)
            if text is None:
                raise Fail("a template cannot hold null, a list or an object", part.span)
            texts.append(text)
        return self.bounded("".join(texts), expr)

    def bounded(self, value: Value, expr: syntax.Expr) -> Value:
        """The value, unless it has grown too large."""
        return value if size(value) <= MAX_SIZE else Unknown("value is too large", expr.span)

    def condition(self, expr: syntax.If, scope: Mapping[str, Value]) -> Value:
        found = self.value(expr.condition, scope)
        if isinstance(found, Unknown):
            return found
        truth = to_bool(found)
        if truth is None:
            raise Fail("condition is neither true nor false", expr.condition.span)
        return self.value(expr.then if truth else expr.otherwise, scope)

    def accessed(self, expr: syntax.Expr, scope: Mapping[str, Value]) -> Value | Reference:
        """The value that is accessed, or a reference to a block that is not complete yet."""
        if isinstance(expr, syntax.Variable) and expr.name in ("target", "group") and expr.name not in scope:
            return Reference(expr.name)
        if isinstance(expr, syntax.Attr | syntax.Index):
            of = self.accessed(expr.of, scope)
            if isinstance(of, Reference):
                key = expr.name if isinstance(expr, syntax.Attr) else to_text(self.value(expr.key, scope))
                if key is None:
                    return Unknown("target is chosen by a value that is not known", expr.span)
                if of.name is None:
                    return Reference(of.kind, key)
                return self.attribute(of.kind, of.name, key, expr.span)
            return self.access(expr, of, scope)
        return self.value(expr, scope)

    def attr(self, expr: syntax.Attr | syntax.Index, scope: Mapping[str, Value]) -> Value:
        found = self.accessed(expr, scope)
        return (
            Unknown("whole targets are not values here", expr.span) if isinstance(found, Reference) else found
        )

    def access(self, expr: syntax.Attr | syntax.Index, of: Value, scope: Mapping[str, Value]) -> Value:
        key: Value = expr.name if isinstance(expr, syntax.Attr) else self.value(expr.key, scope)
        unknown = of if isinstance(of, Unknown) else key if isinstance(key, Unknown) else None
        if unknown is not None:
            return unknown
        if isinstance(of, dict):
            name = to_text(key)
            if name is not None and name in of:
                return of[name]
            raise Fail(f"object has no attribute {name!r}", expr.span)
        number = to_number(key)
        if isinstance(of, tuple) and isinstance(number, int):
            if 0 <= number < len(of):
                return of[number]
            raise Fail(f"list has no item {number}", expr.span)
        raise Fail("value has no attributes or items", expr.span)

    def splat(self, expr: syntax.Splat, scope: Mapping[str, Value]) -> Value:
        of = self.value(expr.of, scope)
        if isinstance(of, Unknown):
            return of
        items = of if isinstance(of, tuple) else () if of is None else (of,)
        return tuple(self.value(expr.each, {**scope, "*": item}) for item in items)

    def unary(self, expr: syntax.Unary, scope: Mapping[str, Value]) -> Value:
        of = self.value(expr.of, scope)
        if isinstance(of, Unknown):
            return of
        if expr.operator == "!":
            truth = to_bool(of)
            if truth is None:
                raise Fail("operand of ! is neither true nor false", expr.span)
            return not truth
        number = to_number(of)
        if number is None:
            raise Fail("operand of - is no number", expr.span)
        return -number

    def binary(self, expr: syntax.Binary, scope: Mapping[str, Value]) -> Value:
        left, right = self.value(expr.left, scope), self.value(expr.right, scope)
        unknown = first_unknown(left, right)
        if unknown is not None:
            return unknown
        if expr.operator in ("==", "!="):
            return same(left, right) == (expr.operator == "==")
        if expr.operator in ("&&", "||"):
            truths = to_bool(left), to_bool(right)
            if None in truths:
                raise Fail(f"operand of {expr.operator} is neither true nor false", expr.span)
            return all(truths) if expr.operator == "&&" else any(truths)
        numbers = to_number(left), to_number(right)
        if numbers[0] is None or numbers[1] is None:
            raise Fail(f"operand of {expr.operator} is no number", expr.span)
        found = arithmetic(expr.operator, numbers[0], numbers[1])
        return found if found is not None else Unknown("number is not computed exactly here", expr.span)

    def object(self, expr: syntax.Object, scope: Mapping[str, Value]) -> Value:
        found: dict[str, Value] = {}
        for key, value in expr.items:
            name = self.value(key, scope)
            if isinstance(name, Unknown):
                return name
            text = to_text(name)
            if text is None:
                raise Fail("key of an object is no text", key.span)
            found[text] = self.value(value, scope)
        return found

    def loop(self, expr: syntax.For, scope: Mapping[str, Value]) -> Value:
        of = self.value(expr.of, scope)
        if isinstance(of, Unknown):
            return of
        pairs: list[tuple[Value, Value]]
        if isinstance(of, dict):
            pairs = sorted(of.items())
        elif isinstance(of, tuple):
            pairs = list(enumerate(of))
        else:
            raise Fail("for needs a list or object", expr.of.span)
        results: list[tuple[Value, Value]] = []
        for key, item in pairs:
            names = (key, item) if len(expr.names) == 2 else (item,)
            inner = {**scope, **dict(zip(expr.names, names, strict=True))}
            wanted = self.value(expr.condition, inner) if expr.condition is not None else True
            if isinstance(wanted, Unknown):
                return wanted
            if to_bool(wanted):
                results.append(
                    (
                        self.value(expr.key, inner) if expr.key is not None else None,
                        self.value(expr.value, inner),
                    )
                )
        return self.bounded(self.collected(expr, results), expr)

    def collected(self, expr: syntax.For, results: list[tuple[Value, Value]]) -> Value:
        """The results of a for expression as text, list or object."""
        unknown = first_unknown(*(key for key, _ in results), *(value for _, value in results if expr.join))
        if unknown is not None:
            return unknown
        if expr.join:
            return "".join(to_text(value) or "" for _, value in results)
        if expr.key is None:
            return tuple(value for _, value in results)
        found: dict[str, Value] = {}
        for key, value in results:
            name = to_text(key)
            if name is None or (name in found and not expr.group):
                raise Fail("key of a for expression is no text, or there twice", expr.span)
            before = found.get(name, ())
            found[name] = (*(before if isinstance(before, tuple) else ()), value) if expr.group else value
        return found

    def call(self, expr: syntax.Call, scope: Mapping[str, Value]) -> Value:
        from dockwright.bake.functions import builtin, lazy

        special = lazy(self, expr, scope)
        if special is not None:
            return special[0]
        args = [self.value(arg, scope) for arg in expr.args]
        if expr.expand and args:
            last = args.pop()
            if isinstance(last, Unknown):
                return last
            args.extend(last if isinstance(last, tuple) else (last,))
        if expr.name in self.functions:
            return self.own_function(expr, args)
        unknown = first_unknown(*args)
        if unknown is not None:
            return unknown
        return self.bounded(builtin(expr, args), expr)

    def own_function(self, expr: syntax.Call, args: list[Value]) -> Value:
        """A function that the file defines; its body sees its parameters and the global names."""
        params, rest, result = self.functions[expr.name]
        if len(args) < len(params) or (len(args) > len(params) and rest is None):
            raise Fail(f"function {expr.name} takes {len(params)} arguments", expr.span)
        scope: dict[str, Value] = dict(zip(params, args, strict=False))
        if rest is not None:
            scope[rest] = tuple(args[len(params) :])
        return self.value(result, scope)


def same(left: Value, right: Value) -> bool:
    """HCL's equality: of one type and equal; numbers and texts are never equal."""
    if is_number(left) and is_number(right):
        return left == right
    return type(left) is type(right) and left == right
