"""What a Python expression can be, as far as starting programs is concerned."""

import ast

from dockwright.shell.values import MAX_PARTS, constant, joined, merged, with_parts
from dockwright.shell.words import Hole, HoleKind, Part, Word

MAX_OPTIONS = 8
"""Most alternative lists one name is given."""
MAX_ITEMS = 512


class Items:
    """A list or tuple of words. `options` are its alternatives where branches built it differently."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[tuple[Word, ...], ...]) -> None:
        self.options = options

    def plus(self, other: "Items") -> "Items":
        """The lists with those of `other` behind them."""
        pairs = [(*left, *right)[:MAX_ITEMS] for left in self.options for right in other.options]
        return Items(tuple(pairs[:MAX_OPTIONS]))


class Group:
    """A list whose elements are not all words: rows of a table of commands."""

    __slots__ = ("values",)

    def __init__(self, values: "list[Value]") -> None:
        self.values = values


class Table:
    """A dictionary with constant keys."""

    __slots__ = ("entries",)

    def __init__(self, entries: "dict[str, Value]") -> None:
        self.entries = entries


class Ref:
    """Something imported, or an object made by calling it: `subprocess.run`, `docker.from_env()`.

    `arguments` are the evaluated arguments of the call that made it.
    """

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: "tuple[Value, ...]" = ()) -> None:
        self.name = name
        self.arguments = arguments


Value = Word | Items | Group | Table | Ref | None
Env = dict[str, Value]


def unknown(word: Word, name: str) -> Word:
    """A hole that stands where `word` stands."""
    return Word(
        (Hole(HoleKind.VARIABLE, name, name),),
        None,
        word.source,
        word.start,
        word.end,
        variables=(name,) if name else (),
    )


def assumed(value: Value) -> Value:
    """The value, marked as one of several possible."""
    if isinstance(value, Word):
        return with_parts(value, value.parts, assumed=True, splits=value.splits)
    if isinstance(value, Items):
        return Items(tuple(tuple(_marked(word) for word in option) for option in value.options))
    return value


def _marked(word: Word) -> Word:
    return word if word.assumed else with_parts(word, word.parts, assumed=True, splits=word.splits)


def _same(left: tuple[Word, ...], right: tuple[Word, ...]) -> bool:
    return len(left) == len(right) and all(
        a is b or a.parts == b.parts for a, b in zip(left, right, strict=True)
    )


def merged_items(values: list[Items]) -> Items:
    """Lists after branches: one that others only add to becomes one list with the additions assumed."""
    options: list[tuple[Word, ...]] = []
    for value in values:
        for option in value.options:
            if not any(_same(option, other) for other in options):
                options.append(option)
    options.sort(key=len, reverse=True)
    kept: list[tuple[Word, ...]] = []
    for option in options:
        for index, longer in enumerate(kept):
            if _same(longer[: len(option)], option):
                kept[index] = (*longer[: len(option)], *(_marked(word) for word in longer[len(option) :]))
                break
        else:
            kept.append(option)
    kept.sort(key=lambda option: option[0].start if option else -1)
    return Items(tuple(kept[:MAX_OPTIONS]))


def merged_value(name: str, values: list[Value]) -> Value:
    """One name's value after branches."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    first = present[0]
    if all(value is first for value in values):
        return first
    words = [value for value in present if isinstance(value, Word)]
    if len(words) == len(present):
        return merged(name, [*words, *([None] if len(present) < len(values) else [])])
    items = [value for value in present if isinstance(value, Items)]
    if items:
        return merged_items(items)
    return first


def merge_env(env: Env, branches: list[Env]) -> None:
    """`env` becomes what holds after any one of `branches` was taken."""
    first = branches[0]
    if len(branches) == 1:
        env.clear()
        env.update(first)
        return
    others = branches[1:]
    names = dict.fromkeys(first)
    for branch in others:
        names.update(dict.fromkeys(branch))
    for name in names:
        value = first.get(name)
        for branch in others:
            if branch.get(name) is not value:
                value = merged_value(name, [branch.get(name) for branch in branches])
                break
        env[name] = value


def concat(left: Word, right: Word, start: int, end: int) -> Word:
    """Two words as one, standing at `[start, end)`."""
    return compose((*left.parts, *right.parts), (left, right), left, start, end)


def compose(parts: tuple[Part, ...], words: tuple[Word, ...], at: Word, start: int, end: int) -> Word:
    """A word of given parts with what its pieces know of defaults and variables."""
    final = joined(parts)
    if len(final) > MAX_PARTS:
        final = (Hole(HoleKind.OTHER),)
    names = tuple(name for word in words for name in word.variables)
    return Word(
        final, constant(final), at.source, start, end, quoted=True,
        assumed=any(word.assumed for word in words), variables=names[:16],
    )  # fmt: skip


def dotted(node: ast.AST) -> str:
    """`a.b.c` of names and attributes; calls and subscripts inside are left out; empty for anything else."""
    name = ""
    while True:
        if isinstance(node, ast.Name):
            return f"{node.id}.{name}" if name else node.id
        if isinstance(node, ast.Attribute):
            name = f"{node.attr}.{name}" if name else node.attr
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return name
