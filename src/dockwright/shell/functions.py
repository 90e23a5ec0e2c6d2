"""Functions of a script: remembered where they are defined, read when their callers have been."""

from typing import TYPE_CHECKING

from dockwright.shell import builder
from dockwright.shell.assignments import foreseen
from dockwright.shell.grammar import ALONE, BODIES, Joint, Slot
from dockwright.shell.script import Command, Nest, Scope
from dockwright.shell.values import State
from dockwright.shell.wrappers import CONTAINER_TOOLS

if TYPE_CHECKING:
    from tree_sitter import Node

    from dockwright.shell.reader import Reader


MAX_FUNCTIONS = 2000
MAX_NESTED = 20
"""Deepest nesting of a function that is read: each level looks at all below it."""
MAX_CALLS = 32
"""Most calls of one function whose arguments are told apart."""
MAX_INLINED = 2000
"""Longest function body, in bytes, that is read again for each call."""


class Call:
    """One call of a function: what is known there, and the slot for commands that only this call makes."""

    __slots__ = ("place", "slot", "state")

    def __init__(self, state: State, place: tuple[Scope, ...], slot: "list[Slot]") -> None:
        self.state = state
        self.place = place
        self.slot = slot


class Function:
    """A function definition, read when its callers have been."""

    __slots__ = ("calls", "home", "node", "place", "runner")

    def __init__(self, node: "Node", place: tuple[Scope, ...], home: "list[Slot]", body: bytes) -> None:
        self.node = node
        self.place = place
        self.home = home
        self.calls: list[Call] = []
        self.runner = b'"$@"' in body or b"$*" in body or b" $@" in body
        """Its body runs its own arguments, so a call of it is a wrapper."""


def function(reader: "Reader", node: "Node", _joint: Joint) -> None:
    """Remember a function; a slot keeps its place among the commands."""
    if len(reader.place) > MAX_NESTED:
        reader.truncated = f"functions nested deeper than {MAX_NESTED}"
        return
    name_node = next((child for child in node.children if child.type == "word"), None)
    name = (
        builder.text_of(reader, name_node.start_byte, name_node.end_byte)
        if name_node
        else f"<{node.start_byte}>"
    )
    home: list[Slot] = []
    reader.commands.append(home)
    body = reader.data[node.start_byte : node.end_byte]
    made = Function(node, (*reader.place, Scope(Nest.FUNCTION, name, node.start_byte)), home, body)
    reader.functions[name] = made
    reader.defined.append(made)
    foreseen(reader, node)


def read_functions(reader: "Reader") -> None:
    """Read function bodies, callers first, each with what is known where it is called."""
    done: set[int] = set()
    while True:
        waiting = [item for item in reader.defined if id(item) not in done]
        if not waiting or len(done) >= MAX_FUNCTIONS:
            return
        following = next((item for item in waiting if item.calls), waiting[0])
        done.add(id(following))
        _read_function(reader, following)


def _read_function(reader: "Reader", function: Function) -> None:
    state = reader.state.copy()
    states = [call.state for call in function.calls]
    differing = len({id(words) for words in (item.arrays.get("@") for item in states)}) > 1
    if states:
        state.merge(states)
    if differing or not states:
        state.drop_array("@")
    _read_body(reader, function, function.home, function.place, state)
    if differing and function.runner:
        for call in function.calls:
            _read_call(reader, function, call)


def _read_body(reader: "Reader", function: Function, into: "list[Slot]", place: tuple[Scope, ...],
               state: State) -> None:  # fmt: skip
    outer = reader.commands, reader.place, reader.state
    reader.commands, reader.place, reader.state = into, place, state
    reader.block([child for child in function.node.children if child.type in BODIES], ALONE)
    reader.commands, reader.place, reader.state = outer


def _read_call(reader: "Reader", function: Function, call: Call) -> None:
    """`dc up -d` where `dc` runs `docker compose -f x "$@"`: the container tool calls this call makes of its words."""
    words = call.state.arrays.get("@", ())
    if not words or reader.truncated or function.node.end_byte - function.node.start_byte > MAX_INLINED:
        return
    given = {id(word) for word in words}
    body: list[Slot] = []
    _read_body(reader, function, body, (*call.place, function.place[-1]), call.state)
    call.slot.extend(
        item for item in body
        if isinstance(item, Command) and item.name in CONTAINER_TOOLS and any(id(word) in given for word in item.argv)
    )  # fmt: skip
