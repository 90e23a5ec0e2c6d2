"""Taking values apart and putting them under names: subscripts, loops, comprehensions, assignment targets."""

import ast
from typing import TYPE_CHECKING

from dockwright.shell.expand import dirname
from dockwright.shell.python.values import Group, Items, Ref, Table, Value, assumed, dotted, merged_value
from dockwright.shell.values import joined, with_parts
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word

if TYPE_CHECKING:
    from dockwright.shell.python.evaluate import Evaluator


def subscript(evaluator: "Evaluator", node: ast.Subscript) -> Value:
    if isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
        return parents(evaluator, node)
    base = evaluator.value(node.value)
    index = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if isinstance(base, Items):
        if isinstance(index, int):
            option = base.options[0]
            return option[index] if -len(option) <= index < len(option) else None
        return sliced(base, node.slice) if isinstance(node.slice, ast.Slice) else None
    if isinstance(base, Group) and isinstance(index, int):
        return base.values[index] if -len(base.values) <= index < len(base.values) else None
    if isinstance(base, Table):
        return looked_up(evaluator, base, evaluator.value(node.slice), node)
    if isinstance(base, Ref):
        return Ref(f"{base.name}[]", (evaluator.value(node.slice),))
    return None


def sliced(base: Items, part: ast.Slice) -> Value:
    bounds = [item.value if isinstance(item, ast.Constant) else None for item in (part.lower, part.upper)]
    first, last = (bound if isinstance(bound, int) else None for bound in bounds)
    if part.step is not None or (part.upper is not None and last is None):
        return None
    return Items(tuple(option[first:last] for option in base.options))


def looked_up(
    evaluator: "Evaluator", base: Table, key: Value, node: ast.expr, default: Value = None
) -> Value:
    """A value of a table: by its key if that is known, else any of them."""
    if isinstance(key, Word) and key.value is not None:
        return base.entries.get(key.value, default)
    values = [value for value in base.entries.values() if value is not None]
    return assumed(evaluator.either(node, values)) if 0 < len(values) <= 16 else default


def parents(evaluator: "Evaluator", node: ast.Subscript) -> Value:
    assert isinstance(node.value, ast.Attribute), "asked only for `.parents[n]`"
    base = evaluator.value(node.value.value)
    index = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if not isinstance(base, Word) or not isinstance(index, int) or not 0 <= index < 20:
        return None
    parts = base.parts
    for _ in range(index + 1):
        parts = dirname(parts)
    return evaluator.made(node, joined(parts))


def comprehension(evaluator: "Evaluator", node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Value:
    if len(node.generators) != 1:
        return None
    outer = evaluator.env
    evaluator.env = outer.copy()
    bind(evaluator, node.generators[0].target, element(evaluator, evaluator.value(node.generators[0].iter)))
    value = evaluator.value(node.elt)
    evaluator.env = outer
    if isinstance(value, Word):
        return Items(((with_parts(value, value.parts, assumed=True, splits=True),),))
    return Items(((with_parts(evaluator.hole(node), (Hole(HoleKind.ARGUMENTS),), splits=True),),))


def element(evaluator: "Evaluator", value: Value) -> Value:
    """Any one element of a value that is iterated."""
    if isinstance(value, Items):
        words = [word for option in value.options for word in option]
        constants = tuple(dict.fromkeys(text for word in words for text in word.values))
        if not words or not constants or len(constants) > 64:
            return words[0] if len(words) == 1 else None
        parts: tuple[Part, ...] = (constants[0],) if len(constants) == 1 else (Choice("", constants),)
        return with_parts(words[0], parts, assumed=len(words) == 1 and words[0].assumed)
    if isinstance(value, Group):
        return any_of(evaluator, value.values)
    if isinstance(value, Table):
        return None
    return None


def any_of(evaluator: "Evaluator", values: list[Value]) -> Value:
    """Any one of several values: rows become columns of alternatives."""
    items = [value for value in values if isinstance(value, Items)]
    if items:
        return Items(tuple(option for value in items for option in value.options)[:24])
    groups = [value for value in values if isinstance(value, Group)]
    if groups:
        width = min(len(group.values) for group in groups)
        return Group(
            [any_of(evaluator, [group.values[column] for group in groups]) for column in range(width)]
        )
    return merged_value("", [value for value in values if value is not None])


def bind(evaluator: "Evaluator", target: ast.expr, value: Value) -> None:
    """Assign a value to a target: a name, an attribute, or a tuple of them."""
    if isinstance(target, ast.Name):
        evaluator.env[target.id] = value
    elif isinstance(target, ast.Attribute):
        name = dotted(target)
        if name:
            evaluator.env[name] = value
    elif isinstance(target, ast.Tuple | ast.List):
        bind_row(evaluator, target, value)
    elif isinstance(target, ast.Subscript):
        base = evaluator.value(target.value)
        if isinstance(base, Table) and isinstance(target.slice, ast.Constant):
            base.entries[str(target.slice.value)] = value


def bind_row(evaluator: "Evaluator", target: ast.Tuple | ast.List, value: Value) -> None:
    width = len(target.elts)
    columns: list[Value] = [None] * width
    if isinstance(value, Items) and all(len(option) == width for option in value.options):
        for column in range(width):
            words = Items((tuple(option[column] for option in value.options),))
            columns[column] = (
                element(evaluator, words) if len(value.options) > 1 else value.options[0][column]
            )
    elif isinstance(value, Group) and len(value.values) == width:
        columns = list(value.values)
    for item, column_value in zip(target.elts, columns, strict=True):
        bind(evaluator, item, column_value)
