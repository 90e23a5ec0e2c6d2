"""Assignments: what they set, now or later."""

import re
from typing import TYPE_CHECKING

from dockwright.lazy import lazy_regex
from dockwright.shell import builder
from dockwright.shell.script import Assignment, Link
from dockwright.shell.values import joined, merged, with_parts
from dockwright.shell.words import Word

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.grammar import Joint
    from dockwright.shell.reader import Reader

MAX_ITEMS = 10_000


def assign(reader: "Reader", node: "Node", joint: "Joint", *, temporary: bool = False) -> Assignment:
    """Read one `name=value`; unless it stands before a command, the variable has that value from here on."""
    children = node.children
    name = builder.text_of(reader, children[0].start_byte, children[0].end_byte) if children else ""
    append = any(child.type == "+=" for child in children[:3])
    values = [child for child in children[1:] if child.is_named]
    if values and values[0].type == "array":
        return _assign_array(reader, name, values[0], append=append)
    start = values[0].start_byte if values else node.end_byte
    word = builder.single(reader, values, start, node.end_byte)
    if not temporary:
        _set(reader, name, word, append=append, sure=joint.link not in (Link.AND, Link.OR))
    return Assignment(name, word, append)


def _set(reader: "Reader", name: str, word: Word, *, append: bool, sure: bool) -> None:
    before = reader.state.variables.get(name)
    if append and before is not None:
        word = with_parts(word, joined((*before.parts, *word.parts)), assumed=before.assumed)
    if not sure:
        word = (merged(name, [before, word]) if before is not None else None) or with_parts(
            word, word.parts, assumed=True
        )
    reader.state.set(name, word)


def _assign_array(reader: "Reader", name: str, node: "Node", *, append: bool) -> Assignment:
    items: list[Word] = []
    for child in node.named_children:
        if child.type != "comment":
            builder.words_of(reader, [child], items)
    before = reader.state.arrays.get(name, ()) if append else ()
    reader.state.set_array(name, (*before, *items)[:MAX_ITEMS])
    word = builder.single(reader, [], node.start_byte, node.end_byte)
    parts = [part for item in items[:64] for part in (" ", *item.parts)][1:]
    return Assignment(name, with_parts(word, parts), append)


def declare(
    reader: "Reader", node: "Node", joint: "Joint"
) -> tuple[tuple[Word, ...], tuple[Assignment, ...]]:
    """`export`, `local`, `declare`, `readonly`, `unset`: its words and what it sets."""
    words: list[Word] = []
    assignments: list[Assignment] = []
    for index, child in enumerate(node.children):
        if child.type == "variable_assignment":
            assignments.append(assign(reader, child, joint))
            text = builder.text_of(reader, child.start_byte, child.end_byte)
            words.append(Word((text,), text, reader.source, child.start_byte, child.end_byte, quoted=True))
        elif child.type == "variable_name" or index == 0:
            text = builder.text_of(reader, child.start_byte, child.end_byte)
            words.append(Word((text,), text, reader.source, child.start_byte, child.end_byte))
            if index and node.type == "unset_command":
                reader.state.drop(text)
                reader.state.drop_array(text)
        elif child.is_named and child.type != "comment":
            builder.words_of(reader, [child], words)
    return tuple(words), tuple(assignments)


_FORESEEN = lazy_regex(
    rb"(?:^|[;{(&|]|\bthen\b|\bdo\b)[ \t]*(?:export[ \t]+|readonly[ \t]+)?([A-Za-z_]\w*)="
    rb"(?:\"([^\"$`\\\n]*)\"|'([^'\n]*)'|([\w./:@%+,-]+))[ \t]*(?=$|[;#&}\r])",
    re.MULTILINE,
)


def foreseen(reader: "Reader", node: "Node") -> None:
    """Constants a function sets for the whole script: known from its definition on, but only assumed.

    The function may run before its variables are used; its body is read after the main text.
    """
    for match in _FORESEEN.finditer(reader.data, node.start_byte, node.end_byte):
        name = match[1].decode()
        if name not in reader.state.variables:
            index = match.lastindex or 4
            text = builder.text_of(reader, match.start(index), match.end(index))
            start, end = match.span(index)
            reader.state.set(name, Word((text,), text, reader.source, start, end, assumed=True))
