"""Flow collections: `[a, b: c]`, `{a: b, c}`; read whole, with a stack of their own on top of the block stack."""

from __future__ import annotations

from dockwright.compose.yaml import flow_line, scan
from dockwright.compose.yaml.collections import Mapping, Sequence
from dockwright.compose.yaml.frames import (
    ENTRY,
    EXPLICIT,
    FLOW_MAP,
    FLOW_SEQ,
    IDLE,
    KEYED,
    PAIR,
    WANT,
    Frame,
)
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scan import Bad
from dockwright.compose.yaml.state import State


def read(state: State, at: int) -> Node:
    """Read the flow collection that starts at `at`; the parser then stands behind its bracket.

    Its own properties, which came before it, are put aside: it may turn out to be a key.
    """
    if not state.props:
        short = flow_line.read(state, at)
        if short is not None:
            return short
    aside = state.props, state.key_start, state.key_allowed_there, state.key_allowed, state.line_start
    base = len(state.frames)
    state.flow_start = (at, len(state.mappings), len(state.comments))
    state.props = []
    _open(state, at)
    while True:
        done = _token(state)
        if done is not None and len(state.frames) == base:
            if state.line_start == aside[4]:
                state.props, state.key_start, state.key_allowed_there, state.key_allowed, _ = aside
            else:
                # A collection of several lines is no implicit key, nor are the properties before it.
                state.props, state.key_start, state.key_allowed_there, state.key_allowed = (
                    aside[0],
                    -1,
                    False,
                    False,
                )
            state.fresh = False
            return done


def _open(state: State, at: int) -> None:
    is_map = state.data[at] == 0x7B
    node: Mapping | Sequence = (Mapping if is_map else Sequence)(state.file, at, at + 1)
    node.flow = True
    outer = state.top
    state.take_props(node)
    state.push(Frame(FLOW_MAP if is_map else FLOW_SEQ, outer.indent, node, ENTRY, at + 1))
    if isinstance(node, Mapping):
        state.mappings.append(node)
    state.pos = at + 1
    state.key_start = -1


def _token(state: State) -> Node | None:
    """Read one token; the collection when it ended one."""
    data = state.data
    at = scan.GAP_FLOW.match(data, state.pos).end()  # type: ignore[union-attr]
    if at != state.pos:
        state.passed(state.pos, at)
        state.pos = at
    if at >= state.size:
        raise Bad("flow collection is not closed", state.top.node.start if state.top.node else at, at)
    char = data[at]
    if at == state.line_start and scan.DOCUMENT_MARK.match(data, at):
        raise Bad("found a document marker inside a flow collection", at, at + 3)
    if char in b"]}":
        return _close(state, at, char)
    if char == 0x2C:
        _comma(state, at)
    elif char == 0x3A and not _plain_colon(state, at):
        _colon(state, at)
    elif char == 0x3F and scan.BLANK_NEXT.match(data, at + 1):
        _question(state, at)
    elif char in b"[{":
        _expect_node(state, at)
        _open(state, at)
    elif char in b"&!":
        _expect_node(state, at)
        state.prop(at)
    else:
        _expect_node(state, at)
        _node(state, _scalar(state, at, char))
    return None


def _plain_colon(state: State, at: int) -> bool:
    """In go-yaml every colon that starts a token in flow context is an indicator."""
    del state, at
    return False


def _scalar(state: State, at: int, char: int) -> Node:
    if char in b"\"'":
        return state.quoted(at)
    if char == 0x2A:
        return state.alias(at)
    if char in b"|>@`%#" or (char == 0x2D and scan.BLANK_NEXT.match(state.data, at + 1)):
        raise Bad(f"found {chr(char)!r} that cannot start a token in a flow collection", at, at + 1)
    return state.plain(at, flow=True)


def _expect_node(state: State, at: int) -> None:
    if state.top.state not in (ENTRY, WANT, EXPLICIT):
        closing = "'}'" if state.top.kind == FLOW_MAP else "']'"
        raise Bad(f"did not find expected ',' or {closing}", at)


def _node(state: State, node: Node) -> None:
    """A complete node: key of the entry when a colon follows on its line, else a value."""
    top = state.top
    start = state.key_start if state.key_start >= 0 else node.start
    state.take_props(node)
    state.pos = node.end
    state.key_start = -1
    if top.state == ENTRY:
        colon = scan.COLON_FLOW.match(state.data, node.end)
        if colon and state.implicit_key(start, node.end):
            if top.kind == FLOW_SEQ:
                top = _pair(state, node.props_start)
            top.key = node
            top.state = WANT
            top.mark = state.pos = colon.end()
            return
        if top.kind == FLOW_MAP:
            top.key = node
            top.mark = node.end
            state.attach(state.empty())
            top.state = IDLE
            return
    state.attach(node)
    if top.kind == PAIR and top.state == IDLE:
        _end_pair(state)


def _pair(state: State, at: int) -> Frame:
    """Open the mapping of a pair that stands bare in a sequence."""
    node = Mapping(state.file, at, at)
    node.flow = True
    state.mappings.append(node)
    state.push(Frame(PAIR, state.top.indent, node, ENTRY, at))
    return state.top


def _end_pair(state: State) -> None:
    node = state.top.node
    if isinstance(node, Mapping):
        node.end = max(state.top.mark, node.entries[-1].value.end)
        state.top = state.frames.pop()
        state.attach(node)


def _finish_entry(state: State) -> None:
    """Complete the entry that waits for a value or an explicit key's colon; properties stand for an empty node."""
    top = state.top
    if top.state == EXPLICIT:
        state.attach(state.empty())
        top.state = KEYED
    if top.state == KEYED:
        top.state = WANT
        top.mark = top.key.end if top.key is not None else top.mark
    if top.state == WANT:
        state.attach(state.empty())
        if top.kind == PAIR:
            _end_pair(state)
    elif top.state == ENTRY and state.props:
        top.mark = state.props[-1].end
        _node(state, state.empty())


def _comma(state: State, at: int) -> None:
    _finish_entry(state)
    if state.top.state != IDLE:
        raise Bad("did not find expected node content", at, at + 1)
    state.top.state = ENTRY
    state.top.mark = state.pos = at + 1
    state.key_start = -1


def _question(state: State, at: int) -> None:
    top = state.top
    if top.state != ENTRY or state.props:
        raise Bad("did not find expected ',' or bracket", at, at + 1)
    if top.kind == FLOW_SEQ:
        top = _pair(state, at)
    top.state = EXPLICIT
    top.mark = state.pos = at + 1


def _colon(state: State, at: int) -> None:
    top = state.top
    if top.state == ENTRY and state.props:
        # `{!t : v}`: properties alone are an empty key
        node = state.empty()
        if top.kind == FLOW_SEQ:
            top = _pair(state, node.props_start)
        top.key = node
    elif top.state == EXPLICIT:
        state.attach(state.empty())
    elif top.state != KEYED:
        raise Bad("found ':' where no key stands before it on its line", at, at + 1)
    top.state = WANT
    top.mark = state.pos = at + 1
    state.key_start = -1


def _close(state: State, at: int, char: int) -> Node | None:
    _finish_entry(state)
    top = state.top
    if top.state not in (IDLE, ENTRY) or (char == 0x5D) != (top.kind == FLOW_SEQ):
        raise Bad("did not find expected ',' or closing bracket", at, at + 1)
    node = top.node
    if node is None:
        raise Bad("bracket closes nothing", at, at + 1)
    node.end = state.pos = at + 1
    state.top = state.frames.pop()
    if state.top.kind in (FLOW_SEQ, FLOW_MAP, PAIR):
        _node_closed(state, node)
        return None
    return node


def _node_closed(state: State, node: Node) -> None:
    """A nested collection is complete: its properties were taken when it opened."""
    state.key_start = node.props_start
    _node(state, node)


def abandon(state: State, at: int) -> Node | None:
    """After an error: close what is open in flow context; the outermost collection, as far as it was read."""
    outermost: Node | None = None
    state.props = []
    while state.top.kind in (FLOW_SEQ, FLOW_MAP, PAIR):
        top = state.top
        node = top.node
        if top.state in (WANT, KEYED, EXPLICIT) and top.key is not None:
            top.state = WANT
            state.attach(state.empty())
        state.top = state.frames.pop()
        if node is not None:
            node.end = at
            outermost = node
            if state.top.kind in (FLOW_SEQ, PAIR) or (
                state.top.kind == FLOW_MAP and state.top.key is not None
            ):
                state.top.state = WANT if state.top.kind != FLOW_SEQ else state.top.state
                state.attach(node)
    return outermost


MAX_REWINDS = 20
"""How often per file reading goes back to the lines behind a flow collection that is not closed."""


def resume_line(state: State, at: int) -> int:
    """Where to go on after an error at `at` in a flow collection that spans lines: the first line that is no deeper
    than the block around it, which by the rules of YAML 1.2 cannot belong to it; -1 when there is none.
    """
    if state.rewinds >= MAX_REWINDS:
        return -1
    for line in scan.LINE_START.finditer(state.data, state.flow_start[0], at):
        if line.end() - line.start(1) <= state.top.indent:
            state.rewinds += 1
            return line.start(1)
    return -1


def cut_off(state: State, node: Node, end: int) -> None:
    """Take out of a flow collection, and of what was noted while reading it, all that stands behind `end`."""
    _, mappings, comments = state.flow_start
    del state.mappings[mappings:]
    state.comments[comments:] = [comment for comment in state.comments[comments:] if comment[0] < end]
    if isinstance(node, Mapping):
        node.entries = [entry for entry in node.entries if entry.value.end <= end and entry.key.end <= end]
        state.mappings.append(node)
    elif isinstance(node, Sequence):
        node.written = [item for item in node.written if item.end <= end]
    node.end = node.start + len(state.data[node.start : end].rstrip())
