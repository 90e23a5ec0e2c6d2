"""Compound commands: lists, pipelines, branches, loops."""

from typing import TYPE_CHECKING

from dockwright.shell import builder
from dockwright.shell.grammar import OPERATORS, WORDS, Joint
from dockwright.shell.script import Link, Nest, Scope
from dockwright.shell.values import State, with_parts
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.reader import Reader


def list_(reader: "Reader", node: "Node", joint: Joint) -> None:
    """`a && b || c`: the left side nests, so it is unrolled without recursion."""
    chain: list[tuple[Node, Link]] = []
    while node.type == "list" and node.child_count >= 3:
        left, operator, right = node.children[0], node.children[1], node.children[2]
        chain.append((right, OPERATORS.get(operator.type, Link.SEQUENCE)))
        node = left
    chain.reverse()
    first_after = chain[0][1] if chain else joint.after
    reader.statement(node, Joint(joint.link, first_after, negated=joint.negated, background=joint.background))
    for index, (right, link) in enumerate(chain):
        after = chain[index + 1][1] if index + 1 < len(chain) else joint.after
        reader.statement(right, Joint(link, after, negated=joint.negated, background=joint.background))


def pipeline(reader: "Reader", node: "Node", joint: Joint) -> None:
    parts = [child for child in node.children if child.is_named and child.type != "comment"]
    link, last = joint.link, len(parts) - 1
    if node.child_count and node.children[0].type in ("|", "|&", "&&", "||"):
        link = OPERATORS[node.children[0].type]  # behind a heredoc: the first part stands outside
    state = reader.state
    for index, part in enumerate(parts):
        reader.state = state.copy() if len(parts) > 1 else state
        if index:
            reader.state.upstream = builder.text_of(
                reader, node.start_byte, min(part.start_byte, node.start_byte + 400)
            )
        after = joint.after if index == last else Link.PIPE
        reader.statement(part, Joint(link if index == 0 else Link.PIPE, after, negated=joint.negated,
                                   background=joint.background))  # fmt: skip
    reader.state = state


def negated(reader: "Reader", node: "Node", joint: Joint) -> None:
    inner = Joint(joint.link, joint.after, negated=not joint.negated, background=joint.background)
    for child in node.named_children:
        reader.statement(child, inner)


def subshell(reader: "Reader", node: "Node", joint: Joint) -> None:
    reader.apart(Scope(Nest.SUBSHELL, "", node.start_byte), node.children[1:-1], joint)


def group(reader: "Reader", node: "Node", joint: Joint) -> None:
    if node.child_count and node.children[0].type == "((":
        return
    reader.inside(Scope(Nest.GROUP, "", node.start_byte), node.children, joint)


def if_(reader: "Reader", node: "Node", joint: Joint) -> None:
    """`if`: every branch starts from the state before it; afterwards any of them may have been taken."""
    condition: list[Node] = []
    branch: list[Node] = []
    tails: list[Node] = []
    reached = False
    for child in node.children:
        if child.type == "then":
            reached = True
        elif child.type in ("elif_clause", "else_clause"):
            tails.append(child)
        elif reached:
            branch.append(child)
        elif child.type != "if":
            condition.append(child)
    reader.inside(Scope(Nest.CONDITION, "if", node.start_byte), condition, Joint(joint.link, Link.NONE))
    before = reader.state
    ends: list[State] = []
    reader.state = before.copy()
    reader.inside(Scope(Nest.THEN, "", node.start_byte), branch, Joint(Link.NONE, joint.after))
    ends.append(reader.state)
    complete = False
    for clause in tails:
        reader.state = before.copy()
        complete = complete or clause.type == "else_clause"
        tail(reader, clause, joint)
        ends.append(reader.state)
    if not complete:
        ends.append(before.copy())
    reader.state = before
    before.merge(ends)


def tail(reader: "Reader", node: "Node", joint: Joint) -> None:
    """An `elif` or `else` branch."""
    kinds = [child.type for child in node.children]
    body = node.children[1:]
    if "then" in kinds:
        cut = kinds.index("then")
        reader.inside(Scope(Nest.CONDITION, "elif", node.start_byte), node.children[1:cut])
        body = node.children[cut + 1 :]
    reader.inside(Scope(Nest.ELSE, "", node.start_byte), body, Joint(Link.NONE, joint.after))


def case(reader: "Reader", node: "Node", joint: Joint) -> None:
    subject = [child for child in node.children[1:2] if child.type in WORDS]
    if subject:  # its substitutions run
        builder.single(reader, subject, subject[0].start_byte, subject[0].end_byte)
    before = reader.state
    ends = [before.copy()]
    for item in node.children:
        if item.type != "case_item":
            continue
        cut = next((i for i, child in enumerate(item.children) if child.type == ")"), -1)
        label = (
            builder.text_of(reader, item.start_byte, item.children[cut].start_byte).strip(" ()")
            if cut >= 0
            else ""
        )
        reader.state = before.copy()
        reader.inside(
            Scope(Nest.CASE, label[:80], item.start_byte),
            item.children[cut + 1 :],
            Joint(Link.NONE, joint.after),
        )
        ends.append(reader.state)
    reader.state = before
    before.merge(ends)


def loop(reader: "Reader", node: "Node", joint: Joint) -> None:
    """`for`, `while`, `until`, `select`: the body is read once; its effects may or may not have happened."""
    before = reader.state
    reader.state = before.copy()
    if node.type == "for_statement":
        bind_loop(reader, node)
    body: list[Node] = []
    condition: list[Node] = []
    for child in node.children:
        if child.type in ("do_group", "compound_statement"):
            body.append(child)
        elif node.type == "while_statement" and child.type not in ("while", "until"):
            condition.append(child)
    reader.inside(Scope(Nest.CONDITION, "while", node.start_byte), condition, Joint(joint.link, Link.NONE))
    reader.inside(Scope(Nest.LOOP, "", node.start_byte), body, Joint(Link.NONE, joint.after))
    after = reader.state
    reader.state = before
    for name, word in list(after.variables.items()):
        if name in word.variables and before.variables.get(name) is not word:  # grows with each round
            after.set(name, with_parts(word, (Hole(HoleKind.VARIABLE, name, "$" + name),)))
    before.merge([before.copy(), after])


def bind_loop(reader: "Reader", node: "Node") -> None:
    """The loop variable is one of the words after `in`."""
    name = next((child for child in node.children if child.type == "variable_name"), None)
    if name is None:
        return
    words: list[Word] = []
    started = False
    for child in node.children:
        if child.type == "in":
            started = True
        elif started and child.type in WORDS:
            builder.words_of(reader, [child], words)
        elif child.type == "do_group":
            break
    text = builder.text_of(reader, name.start_byte, name.end_byte)
    values = [value for word in words for value in word.values]
    here = builder.single(reader, [], name.start_byte, name.end_byte)
    if values and len(values) <= 64:
        assumed = any(not word.values for word in words)
        parts: tuple[Part, ...] = (
            (values[0],) if len(values) == 1 else (Choice(text, tuple(dict.fromkeys(values))),)
        )
        reader.state.set(text, with_parts(here, parts, assumed=assumed))
    elif len(words) == 1:
        reader.state.set(text, with_parts(here, words[0].parts))
    else:
        reader.state.set(text, with_parts(here, (Hole(HoleKind.VARIABLE, text, "$" + text),)))
