"""Walks the syntax tree of a shell text and gives its commands in source order.

What it does not see: values that depend on the order of calls between functions, aliases set elsewhere, files that
are sourced. A loop body is read once.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.shell import builder, compound, functions, plain, simple
from dockwright.shell.grammar import ALONE, MAX_DEPTH, WORDS, Joint, Slot, syntax
from dockwright.shell.idioms import substitution_value
from dockwright.shell.script import Command, Dialect, Link, Nest, Scope
from dockwright.shell.values import State
from dockwright.shell.watch import TOO_LONG
from dockwright.shell.words import Part
from dockwright.text import MappedText, Span

if TYPE_CHECKING:
    from tree_sitter import Node


class Reader:
    """One pass over one text. `commands` holds a slot per command, taken in source order."""

    def __init__(self, source: MappedText, dialect: Dialect, state: State, depth: int = 0) -> None:
        self.source = source
        self.data = source.data
        self.dialect = dialect
        self.braces = dialect is Dialect.BASH
        self.state = state
        self.depth = depth
        self.commands: list[Slot] = []
        self.place: tuple[Scope, ...] = ()
        self.errors: list[Span] = []
        self.functions: dict[str, functions.Function] = {}
        self.defined: list[functions.Function] = []
        """Functions of this text, read or waiting."""
        self.truncated = ""

    def read(self) -> list[Command]:
        """Read the whole text."""
        self.read_text()
        return self.flat()

    def read_text(self) -> None:
        """Fill `commands`, which may hold lists in lists."""
        if plain.read(self):
            return
        root = syntax(self.data)
        if root is None:
            self.truncated = TOO_LONG
            return
        if root.has_error:
            self.collect_errors(root)
        self.block(root.children, ALONE)
        functions.read_functions(self)

    def flat(self) -> list[Command]:
        """The commands, those of functions and nested texts at their place."""
        out: list[Command] = []
        stack: list[Iterator[Slot]] = [iter(self.commands)]
        while stack:
            for item in stack[-1]:
                if isinstance(item, list):
                    stack.append(iter(item))
                    break
                if item is not None:
                    out.append(item)
            else:
                stack.pop()
        return out

    def collect_errors(self, root: "Node") -> None:
        """Note where the text could not be read."""
        stack = [root]
        while stack and len(self.errors) < 100:
            node = stack.pop()
            if node.type == "ERROR" or node.is_missing:
                self.errors.append(self.source.span(node.start_byte, max(node.end_byte, node.start_byte + 1)))
            elif node.has_error:
                stack.extend(node.children)

    # -- statements

    def block(self, nodes: "list[Node]", joint: Joint) -> None:
        """Statements one after the other. `joint` is how the whole block is joined to what is around it."""
        statements = [node for node in nodes if node.is_named and node.type != "comment"]
        if not statements:
            return
        background = {
            nodes[index].start_byte for index in range(len(nodes) - 1) if nodes[index + 1].type == "&"
        }  # fmt: skip
        last = len(statements) - 1
        for index, node in enumerate(statements):
            link = joint.link if index == 0 else Link.SEQUENCE
            behind = node.start_byte in background
            after = joint.after if index == last else Link.BACKGROUND if behind else Link.SEQUENCE
            self.statement(
                node, Joint(link, after, negated=joint.negated, background=behind or joint.background)
            )

    def statement(self, node: "Node", joint: Joint) -> None:
        """Read one statement of any kind."""
        if self.depth > MAX_DEPTH:
            self.truncated = f"nesting deeper than {MAX_DEPTH}"
            return
        self.depth += 1
        try:
            handler = _STATEMENTS.get(node.type)
            if handler is not None:
                handler(self, node, joint)
            elif node.type in WORDS:  # a word where a statement is expected: inside an error
                simple.simple(self, [node], joint, [], extent=node)
            else:
                self.block(node.children, joint)
        finally:
            self.depth -= 1

    def inside(self, scope: Scope, nodes: "list[Node]", joint: Joint = ALONE) -> None:
        """A block one level down."""
        outer = self.place
        self.place = (*outer, scope)
        self.block(nodes, joint)
        self.place = outer

    def apart(self, scope: Scope, nodes: "list[Node]", joint: Joint = ALONE) -> None:
        """A block in a subshell: what it sets is forgotten."""
        outer = self.state
        self.state = outer.copy()
        self.inside(scope, nodes, joint)
        self.state = outer

    def substitution(self, node: "Node") -> tuple[Part, ...]:
        """Read the commands of `$(...)` and give its output where an idiom makes it known."""
        raw = builder.text_of(self, node.start_byte, node.end_byte).strip()
        first = len(self.commands)
        outer = self.state
        self.state = outer.copy()
        if self.depth <= MAX_DEPTH:
            self.depth += 1
            self.inside(Scope(Nest.SUBSTITUTION, "", node.start_byte), node.named_children)
            self.depth -= 1
        inner, self.state = self.state, outer
        commands = [item for item in self.commands[first:] if isinstance(item, Command)]
        return substitution_value(commands, inner, raw, len(self.place) + 1)


_STATEMENTS = {
    "command": simple.command,
    "list": compound.list_,
    "pipeline": compound.pipeline,
    "negated_command": compound.negated,
    "redirected_statement": simple.redirected,
    "subshell": compound.subshell,
    "compound_statement": compound.group,
    "if_statement": compound.if_,
    "case_statement": compound.case,
    "for_statement": compound.loop,
    "while_statement": compound.loop,
    "c_style_for_statement": compound.loop,
    "function_definition": functions.function,
    "variable_assignment": simple.assignment,
    "variable_assignments": simple.assignment,
    "declaration_command": simple.declaration,
    "unset_command": simple.declaration,
    "test_command": simple.test,
}
