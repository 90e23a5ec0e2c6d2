"""Redirections and heredocs."""

from typing import TYPE_CHECKING

from dockwright.shell import builder
from dockwright.shell.quoting import without_tabs
from dockwright.shell.script import Link, Redirect

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.reader import Reader

_JOINS = {
    "&&": Link.AND,
    "||": Link.OR,
    "|": Link.PIPE,
    "|&": Link.PIPE,
    ";": Link.SEQUENCE,
    "&": Link.BACKGROUND,
}
_COMMANDS = frozenset(
    ("command", "pipeline", "list", "redirected_statement", "subshell", "compound_statement", "negated_command",
     "test_command", "if_statement", "for_statement", "while_statement", "variable_assignment", "declaration_command"),
)  # fmt: skip


def read_redirect(
    reader: "Reader", node: "Node", out: list[Redirect], trailing: "list[tuple[Link, Node]]"
) -> None:
    """Add the redirections of one node to `out`; commands on the line of a heredoc go to `trailing`."""
    if node.type == "heredoc_redirect":
        _heredoc(reader, node, out, trailing)
        return
    operator, descriptor = "", ""
    targets: list[Node] = []
    for child in node.children:
        if child.type == "file_descriptor":
            descriptor = builder.text_of(reader, child.start_byte, child.end_byte)
        elif not child.is_named and not operator:
            operator = child.type
        elif child.type != "ERROR":
            targets.append(child)
    target = (
        builder.single(reader, targets[:1], targets[0].start_byte, targets[0].end_byte) if targets else None
    )
    out.append(Redirect(operator, target, descriptor))


def _heredoc(
    reader: "Reader", node: "Node", out: list[Redirect], trailing: "list[tuple[Link, Node]]"
) -> None:
    operator, delimiter, link = "<<", "", Link.NONE
    slot = len(out)
    body_node = None
    for child in node.children:
        kind = child.type
        if kind in ("<<", "<<-"):
            operator = kind
        elif kind == "heredoc_start":
            delimiter = builder.text_of(reader, child.start_byte, child.end_byte)
        elif kind == "heredoc_body":
            body_node = child
        elif kind in _JOINS:
            link = _JOINS[kind]
        elif kind in ("file_redirect", "herestring_redirect"):
            read_redirect(reader, child, out, trailing)
        elif kind in _COMMANDS:
            first = child.children[0].type if child.child_count else ""
            trailing.append((_JOINS.get(first, link or Link.PIPE), child))
    expands = not any(quote in delimiter for quote in "'\"\\")
    body = None
    if body_node is not None:
        start, end = body_node.start_byte, body_node.end_byte
        if operator == "<<-":
            body = without_tabs(reader.source, _line_start(reader.data, start), end)
        else:
            body = reader.source.slice(start, end)
        for child in body_node.named_children:
            if child.type == "command_substitution" and expands:
                reader.substitution(child)
    out.insert(slot, Redirect(operator, None, "", body, expands))


def _line_start(data: bytes, start: int) -> int:
    """Where the line of a body begins: the parser leaves out the tabs before its first character."""
    while start > 0 and data[start - 1] == 0x09:
        start -= 1
    return start
