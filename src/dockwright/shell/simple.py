"""Simple commands: words, assignments, redirections, and what they change."""

from typing import TYPE_CHECKING

from dockwright.shell import builder
from dockwright.shell.assignments import assign, declare
from dockwright.shell.effects import effects
from dockwright.shell.functions import MAX_CALLS, Call, Function
from dockwright.shell.grammar import EXPRESSIONS, MAX_COMMANDS, REDIRECTS, WORDS, Joint, Slot
from dockwright.shell.heredocs import read_redirect
from dockwright.shell.nested import read_nested
from dockwright.shell.script import Assignment, Command, Link, Redirect
from dockwright.shell.values import with_parts
from dockwright.shell.words import Hole, HoleKind, Word
from dockwright.shell.wrappers import chosen, from_container_tool, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.reader import Reader

_GAP = b"\\\n"


def redirected(reader: "Reader", node: "Node", joint: Joint) -> None:
    """A statement with redirections; those of a compound statement are read for the commands inside them only."""
    body = [child for child in node.children if child.type not in REDIRECTS]
    found = [child for child in node.children if child.type in REDIRECTS]
    while len(body) == 1 and body[0].type == "negated_command" and body[0].named_child_count == 1:
        body, joint = body[0].named_children, joint.turned()
    if len(body) == 1 and body[0].type == "command":
        command(reader, body[0], joint, found)
    elif not body:
        simple(reader, [], joint, found, extent=node)
    else:
        for child in body:
            reader.statement(child, joint)
        redirections(reader, found)


def redirections(
    reader: "Reader", nodes: "list[Node]"
) -> tuple[tuple[Redirect, ...], "list[tuple[Link, Node]]"]:
    """The redirections, and the commands that stand on the line of a heredoc."""
    out: list[Redirect] = []
    trailing: list[tuple[Link, Node]] = []
    for node in nodes:
        read_redirect(reader, node, out, trailing)
    return tuple(out), trailing


def command(reader: "Reader", node: "Node", joint: Joint, redirects: "list[Node] | None" = None) -> None:
    """A `command` node: sort its children into assignments, words and redirections."""
    words: list[Node] = []
    assigned: list[Node] = []
    inner: list[Node] = []
    for child in node.children:
        kind = child.type
        if kind == "variable_assignment":
            assigned.append(child)
        elif kind in REDIRECTS:
            inner.append(child)
        elif kind == "ERROR":
            words.extend(leaf for leaf in child.children if leaf.type in WORDS)
        elif kind != "comment":
            words.append(child)
    simple(reader, words, joint, inner + redirects if redirects else inner, assigned, extent=node)


def simple(reader: "Reader", nodes: "list[Node]", joint: Joint, redirects: "list[Node]",
           assigned: "list[Node] | tuple[()]" = (), *, extent: "Node") -> None:  # fmt: skip
    """A simple command: take its slot, build its words, finish it."""
    if len(reader.commands) >= MAX_COMMANDS:
        reader.truncated = f"more than {MAX_COMMANDS} commands"
        return
    slot = len(reader.commands)
    reader.commands.append(None)
    assignments = tuple(assign(reader, child, joint, temporary=bool(nodes)) for child in assigned)
    words = words_from(reader, nodes)
    found, trailing = redirections(reader, redirects) if redirects else ((), [])
    finish(reader, slot, words, joint, (extent.start_byte, extent.end_byte), assignments, found)
    for link, node in trailing:
        reader.statement(node, Joint(link, joint.after))


def finish(reader: "Reader", slot: int, words: list[Word], joint: Joint, place: tuple[int, int],
           assignments: tuple[Assignment, ...] = (), redirects: tuple[Redirect, ...] = ()) -> None:  # fmt: skip
    """Put a command with its words into its slot, and follow its effects. `place` is where it stands in the text."""
    argv, wrappers, extra = unwrapped(chosen(words, reader.state)) if words else ((), (), ())
    if "xargs" in wrappers and reader.state.upstream:
        argv = (
            *argv[:-1],
            with_parts(argv[-1], (Hole(HoleKind.ARGUMENTS, "stdin", reader.state.upstream),), splits=True),
        )
    if argv and (function := reader.functions.get(argv[0].value or "")):
        argv, wrappers = called(reader, function, argv, wrappers)
    made = Command(
        tuple(words), argv, reader.source, place[0], place[1], assignments + extra if extra else assignments,
        redirects, wrappers, joint.link, joint.after, joint.negated, joint.background, reader.place,
        reader.state.cwd,
    )  # fmt: skip
    reader.commands[slot] = made
    if argv:
        effects(reader.state, made)
        read_nested(reader, made)


def called(reader: "Reader", function: Function, argv: tuple[Word, ...],
           wrappers: tuple[str, ...]) -> tuple[tuple[Word, ...], tuple[str, ...]]:  # fmt: skip
    """A call of the script's own function: its arguments are known in the body.

    Where the function runs its arguments and they name a container tool, the function is looked through instead.
    """
    inner = from_container_tool(argv) if function.runner else argv
    if len(function.calls) < MAX_CALLS:
        state = reader.state.copy()
        for index, word in enumerate(argv[1:10], 1):
            state.set(str(index), word)
        if inner is argv:
            state.set_array("@", argv[1:])
        else:
            state.drop_array("@")
        slot: list[Slot] = []
        reader.commands.append(slot)
        function.calls.append(Call(state, reader.place, slot))
    if inner is not argv:
        return inner, (*wrappers, argv[0].value or "")
    return argv, wrappers


def words_from(reader: "Reader", nodes: "list[Node]") -> list[Word]:
    """The words of a command; nodes without a blank between them belong to one word."""
    out: list[Word] = []
    index, count = 0, len(nodes)
    data = reader.data
    while index < count:
        last = index + 1
        end = nodes[index].end_byte
        while last < count:
            start = nodes[last].start_byte
            if start > end and data[end:start].replace(b"\r", b"").replace(_GAP, b""):
                break
            end = nodes[last].end_byte
            last += 1
        builder.words_of(reader, nodes[index:last], out)
        index = last
    return out


def assignment(reader: "Reader", node: "Node", joint: Joint) -> None:
    """A command that only assigns."""
    children = [node] if node.type == "variable_assignment" else node.named_children
    simple(reader, [], joint, [], children, extent=node)


def declaration(reader: "Reader", node: "Node", joint: Joint) -> None:
    """`export`, `local`, `declare`, `readonly`, `unset`."""
    slot = len(reader.commands)
    reader.commands.append(None)
    words, assignments = declare(reader, node, joint)
    reader.commands[slot] = Command(
        words, words, reader.source, node.start_byte, node.end_byte, assignments, (), (), joint.link, joint.after,
        joint.negated, joint.background, reader.place, reader.state.cwd,
    )  # fmt: skip


def test(reader: "Reader", node: "Node", joint: Joint) -> None:
    """`[ ... ]` and `[[ ... ]]` as a command whose words are the leaves of the expression."""
    leaves: list[Node] = []
    stack = [node]
    while stack:
        item = stack.pop()
        if item is node or item.type in EXPRESSIONS:
            stack.extend(reversed(item.children))
        else:
            leaves.append(item)
    simple(reader, leaves, joint, [], extent=node)
