"""Evaluates expressions as far as constants, lists, paths and formatting go. Nothing is ever run.

What it does not see: values from other modules, arithmetic, comprehensions with conditions that matter, mutation through
a second name.
"""

import ast
from collections.abc import Callable, Sequence

from dockwright.shell.expand import dirname, own_file
from dockwright.shell.python.functions import Program
from dockwright.shell.python.strings import formatted, join_words, percent
from dockwright.shell.python.targets import bind, comprehension, subscript
from dockwright.shell.python.values import (
    Env,
    Group,
    Items,
    Ref,
    Table,
    Value,
    assumed,
    compose,
    concat,
    dotted,
    merged_value,
    unknown,
)
from dockwright.shell.values import constant, with_parts
from dockwright.shell.words import Hole, HoleKind, Part, Word
from dockwright.text import MappedText

MAX_DEPTH = 60


class Evaluator:
    """Expressions of one file. `env` is what names mean at the place that is read."""

    def __init__(self, source: MappedText, starts: list[int], program: Program) -> None:
        self.source = source
        self.starts = starts
        self.program = program
        self.env: Env = {}
        self.globals: Env = self.env
        """Names of the module; a function's own names hide them."""
        self.depth = 0

    def lookup(self, name: str) -> Value:
        """What a name means here."""
        return self.env[name] if name in self.env else self.globals.get(name)

    # -- places

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def made(self, node: ast.expr, parts: tuple[Part, ...], *, sure: bool = True) -> Word:
        """A word of given parts that stands where `node` stands."""
        return Word(
            parts,
            constant(parts),
            self.source,
            self.start(node),
            self.end(node),
            quoted=True,
            assumed=not sure,
        )

    def hole(self, node: ast.expr, name: str = "", kind: HoleKind = HoleKind.VARIABLE) -> Word:
        name = name or dotted(node)
        return Word(
            (Hole(kind, name, name),), None, self.source, self.start(node), self.end(node), quoted=True,
            variables=(name,) if name else (),
        )  # fmt: skip

    # -- evaluation

    def value(self, node: ast.expr) -> Value:
        """What an expression is; None when nothing is known of it."""
        handler = _HANDLERS.get(type(node))
        if handler is None or self.depth > MAX_DEPTH:
            return None
        self.depth += 1
        value = handler(self, node)
        self.depth -= 1  # an error ends the reading of the file
        return value

    def word(self, node: ast.expr) -> Word:
        """An expression as a word: a hole where it is not known."""
        return self.as_word(self.value(node), node)

    def as_word(self, value: Value, node: ast.expr) -> Word:
        """The value of an expression as a word."""
        if isinstance(value, Word):
            return value
        if isinstance(value, Items) and len(value.options) == 1 and len(value.options[0]) == 1:
            return value.options[0][0]
        return self.hole(node)

    def items(self, value: Value) -> Items | None:
        return value if isinstance(value, Items) else None

    def constant(self, node: ast.Constant) -> Value:
        known = self.program.constants.get(id(node))
        if known is None:
            known = self.program.constants[id(node)] = self.new_constant(node)
        return known

    def new_constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, str):
            text = (
                value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
                if not value.isascii()
                else value
            )
            return self.made(node, (text,))
        if isinstance(value, bytes):
            return self.made(node, (value.decode("utf-8", "replace"),))
        if isinstance(value, bool) or value is None or value is Ellipsis:
            return None
        return self.made(node, (str(value),))

    def name(self, node: ast.Name) -> Value:
        value = self.lookup(node.id)
        if value is not None:
            return value if not isinstance(value, Word) else self.used(value, node.id)
        if node.id == "__file__":
            return self.made(node, own_file("__file__"))
        return None

    def used(self, word: Word, name: str) -> Word:
        """A word under its name: it stands where it was written if that is a literal, and knows the name."""
        if word.variables and name in word.variables:
            return word
        return Word(
            word.parts, word.value, word.source, word.start, word.end, word.quoted, word.splits, word.glob, word.assumed,
            (*word.variables[:7], name),
        )  # fmt: skip

    def joined_string(self, node: ast.JoinedStr) -> Value:
        parts: list[Part] = []
        words: list[Word] = []
        for piece in node.values:
            if isinstance(piece, ast.Constant):
                parts.append(str(piece.value))
            elif isinstance(piece, ast.FormattedValue):
                word = self.word(piece.value)
                words.append(word)
                parts.extend(word.parts)
        at = self.made(node, ("",))
        return compose(tuple(parts), tuple(words), at, at.start, at.end)

    def binary(self, node: ast.BinOp) -> Value:
        if isinstance(node.op, ast.Add):
            left, right = self.value(node.left), self.value(node.right)
            if isinstance(left, Items) or isinstance(right, Items):
                return self.as_items(left, node.left).plus(self.as_items(right, node.right))
            if isinstance(left, Word) or isinstance(right, Word):
                words = self.as_word(left, node.left), self.as_word(right, node.right)
                return concat(*words, self.start(node), self.end(node))
            return None
        if isinstance(node.op, ast.Div):
            return self.path_join(node, [self.word(node.left), self.word(node.right)])
        if isinstance(node.op, ast.Mod):
            return self.percent(node)
        return None

    def as_items(self, value: Value, node: ast.expr) -> Items:
        """A value as a list; something unknown is a hole that may be any number of words."""
        if isinstance(value, Items):
            return value
        hole = self.hole(node, kind=HoleKind.ARGUMENTS)
        return Items(((with_parts(hole, hole.parts, splits=True),),))

    def percent(self, node: ast.BinOp) -> Value:
        template = self.value(node.left)
        if not isinstance(template, Word):
            return None
        right = node.right
        if isinstance(right, ast.Tuple):
            return percent(template, [self.word(item) for item in right.elts], {})
        if isinstance(right, ast.Dict):
            named = {
                key.value: self.word(value)
                for key, value in zip(right.keys, right.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            return percent(template, [], named)
        return percent(template, [self.word(right)], {})

    def path_join(self, node: ast.expr, words: list[Word]) -> Word:
        """`os.path.join(a, b)`, `a / b`: an absolute constant starts over."""
        parts: list[Part] = []
        for word in words:
            first = word.parts[0]
            if isinstance(first, str) and first.startswith("/"):
                parts = []
            if parts and not (isinstance(parts[-1], str) and parts[-1].endswith("/")):
                parts.append("/")
            parts.extend(word.parts)
        at = self.made(node, ("",))
        literal = words[-1] if words and words[-1].source is self.source else at
        return compose(tuple(parts), tuple(words), literal, at.start, at.end)

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        values = [(item, self.value(item)) for item in node.elts]
        if any(
            isinstance(value, Items | Group | Table) and not isinstance(item, ast.Starred)
            for item, value in values
        ):
            return Group([value for _, value in values])
        out = Items(((),))
        for item, value in values:
            if isinstance(item, ast.Starred):
                out = out.plus(self.as_items(value, item.value))
            else:
                out = out.plus(Items(((value if isinstance(value, Word) else self.hole(item),),)))
        return out

    def starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)

    def table(self, node: ast.Dict) -> Value:
        entries: dict[str, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.value(key) if key is not None else None
            if isinstance(found, Word) and found.value is not None:
                entries[found.value] = self.value(value)
            elif isinstance(key, ast.Attribute):
                entries[dotted(key)] = self.value(value)
        return Table(entries)

    def conditional(self, node: ast.IfExp) -> Value:
        return self.either(node, [self.value(node.body), self.value(node.orelse)])

    def either(self, node: ast.expr, values: Sequence[Value]) -> Value:
        return merged_value(dotted(node), list(values))

    def boolean(self, node: ast.BoolOp) -> Value:
        values = [self.value(item) for item in node.values]
        if isinstance(node.op, ast.And):
            return values[-1]
        known = [value for value in values if value is not None]
        if len(known) == 1:
            return assumed(known[0])
        return self.either(node, known) if known else None

    def attribute(self, node: ast.Attribute) -> Value:
        name = dotted(node)
        value = self.lookup(name)
        if value is not None:
            return value if not isinstance(value, Word) else self.used(value, name)
        base = self.value(node.value)
        if isinstance(base, Ref):
            return Ref(f"{base.name}.{node.attr}", base.arguments)
        if isinstance(base, Word):
            if node.attr == "parent":
                return self.made(node, dirname(base.parts))
            if node.attr == "value":
                return base
            if node.attr == "name" and base.value is not None:
                return with_parts(base, (base.value.rpartition("/")[2],))
        return None

    def called(self, node: ast.Call) -> Value:
        from dockwright.shell.python.builtins import call_value

        return call_value(self, node)

    def walrus(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        bind(self, node.target, value)
        return value

    def awaited(self, node: ast.Await) -> Value:
        return self.value(node.value)

    def format_call(self, node: ast.Call, template: Word) -> Word:
        named = {item.arg: self.word(item.value) for item in node.keywords if item.arg}
        return formatted(template, [self.word(item) for item in node.args], named)

    def join_call(self, node: ast.Call, separator: Word) -> Value:
        if len(node.args) != 1 or separator.value is None:
            return None
        value = self.value(node.args[0])
        at = self.made(node, ("",))
        if isinstance(value, Items):
            return join_words(separator.value, value.options[0], at)
        return unknown(at, dotted(node.args[0]))


_HANDLERS: dict[type, Callable[..., Value]] = {
    ast.Constant: Evaluator.constant,
    ast.Name: Evaluator.name,
    ast.JoinedStr: Evaluator.joined_string,
    ast.BinOp: Evaluator.binary,
    ast.List: Evaluator.sequence,
    ast.Tuple: Evaluator.sequence,
    ast.Set: Evaluator.sequence,
    ast.Starred: Evaluator.starred,
    ast.Dict: Evaluator.table,
    ast.IfExp: Evaluator.conditional,
    ast.BoolOp: Evaluator.boolean,
    ast.Attribute: Evaluator.attribute,
    ast.Subscript: subscript,
    ast.ListComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.SetComp: comprehension,
    ast.Call: Evaluator.called,
    ast.NamedExpr: Evaluator.walrus,
    ast.Await: Evaluator.awaited,
}
