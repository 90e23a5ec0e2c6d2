"""The grammar the reader walks: node kinds of tree-sitter-bash, and how statements are joined."""

from functools import cache
from typing import TYPE_CHECKING, Union

from dockwright.shell.script import Command, Link
from dockwright.shell.watch import WATCH

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_DEPTH = 120
"""Deepest nesting that is read; what lies deeper is left out and said so."""
MAX_COMMANDS = 200_000

Slot = Union[Command, "list[Slot]", None]
"""A place in the list of commands: filled when the command is read; a list for a function or nested text."""


@cache
def _parser() -> "Parser":
    """The bash parser, made once and only when a shell text is met."""
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


_ASCII = bytes(range(128)) + b"x" * 128


def syntax(data: bytes) -> "Node | None":
    """The root of the syntax tree of a shell text; only its structure and offsets count, the text stays ours.

    None when finding it takes too long (see `watch`).

    Bytes outside ASCII are given to the grammar as a letter each, which is what they are to a shell: its scanner calls
    C's `isalpha` and friends with the code point, which reads outside their tables and can end the process.
    """
    if b"\0" in data:  # ends the text to the grammar, which then looks for a way out of every one of many
        data = data.replace(b"\0", b" ")
    tree = WATCH.parse(_parser(), data if data.isascii() else data.translate(_ASCII))
    return tree.root_node if tree is not None else None


class Joint:
    """How a statement is joined to its neighbours."""

    __slots__ = ("after", "background", "link", "negated")

    def __init__(self, link: Link, after: Link, *, negated: bool = False, background: bool = False) -> None:
        self.link = link
        self.after = after
        self.negated = negated
        self.background = background

    def between(self, link: Link, after: Link) -> "Joint":
        """The same with other neighbours."""
        return Joint(link, after, negated=self.negated, background=self.background)

    def turned(self) -> "Joint":
        """The same behind one more `!`."""
        return Joint(self.link, self.after, negated=not self.negated, background=self.background)


ALONE = Joint(Link.NONE, Link.NONE)
OPERATORS = {
    "&&": Link.AND,
    "||": Link.OR,
    "|": Link.PIPE,
    "|&": Link.PIPE,
    ";": Link.SEQUENCE,
    "&": Link.BACKGROUND,
}
WORDS = frozenset(
    ("word", "number", "string", "translated_string", "raw_string", "ansi_c_string", "concatenation", "expansion",
     "simple_expansion", "command_substitution", "process_substitution", "arithmetic_expansion", "brace_expression",
     "extglob_pattern", "regex", "variable_name", "special_variable_name", "test_operator", "==", "=~", "!=", "=", "$",
     "string_content", "command_name", "array", "subscript"),
)  # fmt: skip
REDIRECTS = frozenset(("file_redirect", "heredoc_redirect", "herestring_redirect"))
BODIES = frozenset(
    ("compound_statement", "subshell", "if_statement", "test_command", "for_statement", "while_statement"),
)  # fmt: skip
EXPRESSIONS = frozenset(
    ("binary_expression", "unary_expression", "parenthesized_expression", "negated_command")
)
