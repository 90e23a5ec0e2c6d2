"""Words from syntax nodes: quotes off, known values in, unquoted values split."""

from typing import TYPE_CHECKING

from dockwright.lazy import lazy_regex
from dockwright.shell.expand import PARAMETER, Value, lookup, modified
from dockwright.shell.grammar import MAX_DEPTH
from dockwright.shell.quoting import ansi_c, bare, double
from dockwright.shell.values import MAX_PARTS, constant, joined
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.reader import Reader

GLOB = lazy_regex(r"[*?\[]")
_BLANKS = lazy_regex(r"[ \t\n]+")
MAX_BRACES = 64


class Draft:
    """A word (or several, when an unquoted value splits) under construction."""

    __slots__ = ("assumed", "glob", "parts", "quoted", "splits", "variables", "words")

    def __init__(self) -> None:
        self.words: list[list[Part]] = []
        self.parts: list[Part] = []
        self.quoted = self.splits = self.glob = self.assumed = False
        self.variables: list[str] = []

    def unquoted(self, parts: tuple[Part, ...]) -> None:
        """Add an expansion outside quotes: its constants are split at blanks."""
        for part in parts:
            if isinstance(part, Hole):
                self.splits = self.splits or part.kind in (
                    HoleKind.VARIABLE,
                    HoleKind.COMMAND,
                    HoleKind.ARGUMENTS,
                )
                self.parts.append(part)
                continue
            if isinstance(part, Choice):
                self.splits = self.splits or any(_BLANKS.search(value) for value in part.values)
                self.parts.append(part)
                continue
            self.glob = self.glob or GLOB.search(part) is not None
            fields = _BLANKS.split(part)
            self.parts.append(fields[0])
            for field in fields[1:]:
                self.words.append(self.parts)
                self.parts = [field]


def text_of(reader: "Reader", start: int, end: int) -> str:
    return reader.data[start:end].decode("utf-8", "surrogateescape")


def add_node(reader: "Reader", node: "Node", draft: Draft) -> None:
    """Add the value of one syntax node to a word."""
    kind = node.type
    if kind in ("string", "translated_string"):
        draft.quoted = True
        add_string(reader, node, draft)
    elif kind == "raw_string":
        draft.quoted = True
        draft.parts.append(text_of(reader, node.start_byte + 1, node.end_byte - 1))
    elif kind == "ansi_c_string":
        draft.quoted = True
        draft.parts.append(ansi_c(text_of(reader, node.start_byte + 2, node.end_byte - 1)))
    elif kind == "concatenation" or (kind == "command_name" and node.child_count):
        for child in node.children:
            add_node(reader, child, draft)
    elif kind in ("simple_expansion", "expansion"):
        value = expansion(reader, node, draft)
        draft.assumed = draft.assumed or value.assumed
        draft.unquoted(value.parts)
    elif kind == "command_substitution":
        draft.unquoted(reader.substitution(node))
    elif kind in ("process_substitution", "arithmetic_expansion"):
        draft.parts.append(other_hole(reader, node))
    else:
        add_plain(text_of(reader, node.start_byte, node.end_byte), draft)


def other_hole(reader: "Reader", node: "Node") -> Hole:
    if node.type == "process_substitution":
        reader.substitution(node)
        return Hole(HoleKind.OTHER, "", text_of(reader, node.start_byte, node.end_byte))
    return Hole(HoleKind.ARITHMETIC, "", text_of(reader, node.start_byte, node.end_byte))


def add_plain(text: str, draft: Draft) -> None:
    """Add text that stands outside quotes."""
    if GLOB.search(text):
        draft.glob = True
    if "\\" in text:
        draft.quoted = True
        text = bare(text)
    draft.parts.append(text)


def add_string(reader: "Reader", node: "Node", draft: Draft) -> None:
    """Add a double-quoted string. White space between its nodes belongs to no node, so it is read from the bytes."""
    data = reader.data
    start = data.find(b'"', node.start_byte) + 1
    end = node.end_byte - 1 if data[node.end_byte - 1 : node.end_byte] == b'"' else node.end_byte
    end = max(end, start)
    if node.child_count <= 3 and b"$" not in data[start:end] and b"`" not in data[start:end]:
        draft.parts.append(double(text_of(reader, start, end)))
        return
    position = start
    for child in node.named_children:
        kind = child.type
        if kind == "string_content":
            continue
        at = _opening(data, child.start_byte, child.end_byte)
        if position < at:
            draft.parts.append(double(text_of(reader, position, at)))
        add_quoted(reader, child, draft)
        position = child.end_byte
    if position < end:
        draft.parts.append(double(text_of(reader, position, end)))


def _opening(data: bytes, start: int, end: int) -> int:
    while start < end and data[start] in b" \t\r\n":
        start += 1
    return start


def add_quoted(reader: "Reader", node: "Node", draft: Draft) -> None:
    """Add an expansion inside double quotes: not split."""
    kind = node.type
    if kind in ("simple_expansion", "expansion"):
        value = expansion(reader, node, draft)
        draft.assumed = draft.assumed or value.assumed
        draft.parts.extend(value.parts)
    elif kind == "command_substitution":
        draft.parts.extend(reader.substitution(node))
    elif kind == "arithmetic_expansion":
        draft.parts.append(other_hole(reader, node))
    else:
        draft.parts.append(double(text_of(reader, node.start_byte, node.end_byte)))


def expansion(reader: "Reader", node: "Node", draft: Draft) -> Value:
    """The value of `$name` or `${name...}`."""
    raw = text_of(reader, node.start_byte, node.end_byte).strip()
    if not raw.startswith("${"):
        name = raw[1:]
        draft.variables.append(name)
        return lookup(reader.state, name, raw)
    match = PARAMETER.match(raw)
    if match is None:
        return Value((Hole(HoleKind.VARIABLE, "", raw),), known=False)
    name, operator, sigil = match["name"], match["operator"] or "", match["sigil"]
    draft.variables.append(name)
    if sigil == "#":
        return Value((Hole(HoleKind.ARITHMETIC, name, raw),), known=False)
    value = lookup(reader.state, name, raw)
    if sigil == "!":
        target = constant(value.parts) if value.known else None
        value = lookup(reader.state, target, raw) if target else Value((Hole(HoleKind.VARIABLE, name, raw),))
    elif match["index"] is not None and name != "BASH_SOURCE":
        value = _element(reader, name, match["index"], raw)
    if not operator:
        return value
    changed = modified(value, operator, operand(reader, node, draft), raw, name)
    if operator in (":=", "=") and changed is not value:
        word = Word(
            changed.parts,
            constant(changed.parts),
            reader.source,
            node.start_byte,
            node.end_byte,
            assumed=True,
        )
        reader.state.set(name, word)
    return changed


def _element(reader: "Reader", name: str, index: str, raw: str) -> Value:
    items = reader.state.arrays.get(name)
    if items and index.lstrip("-").isdecimal() and -len(items) <= int(index) < len(items):
        word = items[int(index)]
        return Value(word.parts, assumed=word.assumed)
    if items and index in ("@", "*"):  # inside other text: as the words joined by blanks
        parts: list[Part] = []
        for item in items[:MAX_PARTS]:
            parts.extend((" ", *item.parts) if parts else item.parts)
        return Value(joined(parts), assumed=any(item.assumed for item in items))
    kind = HoleKind.ARGUMENTS if index in ("@", "*") else HoleKind.VARIABLE
    return Value((Hole(kind, name, raw),), known=False)


def operand(reader: "Reader", node: "Node", draft: Draft) -> tuple[Part, ...]:
    """The word after the operator of `${name:-word}`, expanded."""
    if reader.depth > MAX_DEPTH:
        return (Hole(HoleKind.OTHER, "", text_of(reader, node.start_byte, node.end_byte)),)
    reader.depth += 1
    try:
        return _operand(reader, node, draft)
    finally:
        reader.depth -= 1


def _operand(reader: "Reader", node: "Node", draft: Draft) -> tuple[Part, ...]:
    children = node.children
    data = reader.data
    index = next(
        (i for i, child in enumerate(children) if not child.is_named and i > 0 and child.type != "}"), 0
    )
    if not index or index + 1 >= len(children):
        return ("",)
    inner = Draft()
    position = children[index].end_byte
    for child in children[index + 1 :]:
        if child.type == "}":
            break
        at = _opening(data, child.start_byte, child.end_byte) if child.is_named else child.start_byte
        if position < at:
            inner.parts.append(bare(text_of(reader, position, at)))
        if child.type in ("simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"):
            add_quoted(reader, child, inner)
        elif child.type == "concatenation":
            for piece in child.children:
                if piece.type in ("simple_expansion", "expansion", "command_substitution"):
                    add_quoted(reader, piece, inner)
                else:
                    add_node(reader, piece, inner)
        else:
            add_node(reader, child, inner)
        position = child.end_byte
    draft.variables.extend(inner.variables)
    return joined(inner.parts)


def single(reader: "Reader", nodes: "list[Node]", start: int, end: int) -> Word:
    """The value of an assignment or a redirection target: one word, never split."""
    draft = Draft()
    for node in nodes:
        kind = node.type
        if kind in ("simple_expansion", "expansion", "command_substitution"):
            add_quoted(reader, node, draft)
        elif kind == "concatenation":
            for child in node.children:
                if child.type in ("simple_expansion", "expansion", "command_substitution"):
                    add_quoted(reader, child, draft)
                else:
                    add_node(reader, child, draft)
        else:
            add_node(reader, node, draft)
    return finish(reader, draft, draft.parts, start, end)


def finish(reader: "Reader", draft: Draft, parts: list[Part], start: int, end: int) -> Word:
    if len(parts) == 1 and isinstance(parts[0], str):
        final: tuple[Part, ...] = (parts[0],)
        value: str | None = parts[0]
    else:
        final = joined(parts)
        if len(final) > MAX_PARTS:
            final = (Hole(HoleKind.OTHER, "", text_of(reader, start, min(end, start + 80))),)
        value = constant(final)
        if value is None and not draft.splits:
            draft.splits = any(isinstance(part, Hole) and part.kind is HoleKind.ARGUMENTS for part in final)
    return Word(
        final, value, reader.source, start, end, draft.quoted, draft.splits, draft.glob, draft.assumed,
        tuple(draft.variables),
    )  # fmt: skip


def words_of(reader: "Reader", nodes: "list[Node]", out: list[Word]) -> None:
    """Add the words that neighbouring nodes (no blank between them) make."""
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    if len(nodes) == 1:
        node = nodes[0]
        kind = node.type
        if kind == "command_name" and node.child_count == 1:
            node = node.children[0]
            kind = node.type
        if kind in ("word", "number"):
            _add_simple(reader, start, end, out)
            return
        if kind == "string" and _whole_array(reader, node, out):
            return
        if kind == "expansion" and _array_items(reader, start, end, out):
            return
    draft = Draft()
    _add_all(reader, nodes, draft)
    for parts in draft.words:
        if len(parts) > 1 or parts[0] != "":
            out.append(finish(reader, draft, parts, start, end))
    empty = len(draft.parts) <= 1 and (not draft.parts or draft.parts[0] == "")
    if not empty or draft.quoted or not (draft.variables or draft.words):
        _finish_last(reader, draft, start, end, out)


_NAME = lazy_regex(r"[A-Za-z_]\w*")


def _add_all(reader: "Reader", nodes: "list[Node]", draft: Draft) -> None:
    """Add neighbouring nodes. The grammar loses `$NAME` in `a-$X-$NAME-b`: a lone `$` and a word that begins so."""
    if len(nodes) == 1 and nodes[0].type != "concatenation":
        add_node(reader, nodes[0], draft)
        return
    pieces = [
        piece for node in nodes for piece in (node.children if node.type == "concatenation" else (node,))
    ]
    dollar = False
    for index, piece in enumerate(pieces):
        if piece.type == "$" and index + 1 < len(pieces):
            dollar = True
            continue
        if dollar and piece.type == "word":
            text = text_of(reader, piece.start_byte, piece.end_byte)
            match = _NAME.match(text)
            if match is not None:
                draft.variables.append(match[0])
                value = lookup(reader.state, match[0], "$" + match[0])
                draft.assumed = draft.assumed or value.assumed
                draft.unquoted(value.parts)
                add_plain(text[match.end() :], draft)
            else:
                add_plain("$" + text, draft)
        else:
            add_node(reader, piece, draft)
        dollar = False


def _finish_last(reader: "Reader", draft: Draft, start: int, end: int, out: list[Word]) -> None:
    word = finish(reader, draft, draft.parts, start, end)
    if reader.braces and not draft.quoted and word.value is not None and "{" in word.value:
        out.extend(_braced(word))
    else:
        out.append(word)


def _add_simple(reader: "Reader", start: int, end: int, out: list[Word]) -> None:
    text = reader.data[start:end].decode("utf-8", "surrogateescape")
    quoted = "\\" in text
    glob = "*" in text or "?" in text or "[" in text
    if quoted:
        text = bare(text)
    word = Word((text,), text, reader.source, start, end, quoted, False, glob)
    if reader.braces and "{" in text and not quoted:
        out.extend(_braced(word))
    else:
        out.append(word)


_BRACE = lazy_regex(r"\{([^{}]*,[^{}]*)\}")


def _braced(word: Word) -> list[Word]:
    """Brace expansion of a constant word (bash): `a/{b,c}` -> `a/b`, `a/c`."""
    assert word.value is not None, "only constant words reach brace expansion"
    texts = [word.value]
    while len(texts) <= MAX_BRACES:
        grown: list[str] = []
        changed = False
        for text in texts:
            match = _BRACE.search(text)
            if match is None:
                grown.append(text)
                continue
            changed = True
            grown.extend(
                text[: match.start()] + option + text[match.end() :] for option in match[1].split(",")
            )
        if not changed:
            break
        texts = grown
    else:
        return [word]
    if len(texts) == 1:
        return [word]
    return [
        Word((text,), text, word.source, word.start, word.end, word.quoted, False, word.glob)
        for text in texts
    ]


_ARRAY = lazy_regex(rb"\$(?:\{([A-Za-z_]\w*)\[[@*]\](?::-|-)?\}|\{?([@*])\}?)")


def _whole_array(reader: "Reader", node: "Node", out: list[Word]) -> bool:
    return _array_items(reader, node.start_byte + 1, node.end_byte - 1, out)


def _array_items(reader: "Reader", start: int, end: int, out: list[Word]) -> bool:
    """`"${name[@]}"` and `"$@"` become the words of the array, each standing where it was written."""
    if end - start > 80:
        return False
    match = _ARRAY.fullmatch(reader.data, start, end)
    if match is None:
        return False
    name = (match[1] or b"@").decode()
    items = reader.state.arrays.get(name)
    if items is None:
        if match[1] is None:
            hole = Hole(HoleKind.ARGUMENTS, "@", text_of(reader, start, end))
            out.append(Word((hole,), None, reader.source, start, end, True, True, variables=("@",)))
            return True
        return False
    out.extend(items)
    return True
