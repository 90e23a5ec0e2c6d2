"""Tokens of the block context: dashes, keys, values, block scalars.

The rules are those of go-yaml v3 scannerc.go (yaml_parser_fetch_*) and parserc.go, taken together: instead of a
queue of tokens with keys put in afterwards, a node looks for its own colon when it is complete.
"""

from __future__ import annotations

from dockwright.compose.yaml import flow, scan
from dockwright.compose.yaml.collections import Mapping, Sequence
from dockwright.compose.yaml.frames import EXPLICIT, IDLE, INDENTLESS, KEYED, MAP, ROOT, SEQ, WANT
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scalar import Scalar
from dockwright.compose.yaml.scan import Bad
from dockwright.compose.yaml.state import State


def token(state: State, at: int) -> None:
    """Read the token that starts at `at`."""
    char = state.data[at]
    if char in b"-?:" and scan.BLANK_NEXT.match(state.data, at + 1):
        _INDICATORS[char](state, at)
    elif char in b"\"'":
        node(state, state.quoted(at))
    elif char in b"|>":
        _block_scalar(state, at)
    elif char in b"[{":
        node(state, flow.read(state, at))
    elif char == 0x2A:
        node(state, state.alias(at))
    elif char in b"&!":
        _slot(state, state.key_start if state.key_start >= 0 else at)
        state.prop(at)
    elif char in b"]},":
        raise Bad(f"found {chr(char)!r} where no flow collection is open", at, at + 1)
    elif char in b"@`%\t":
        what = "a tab" if char == 0x09 else repr(chr(char))
        raise Bad(f"found {what} that cannot start a token", at, at + 1)
    else:
        found = state.plain(at, flow=False)
        node(state, found)
        state.after_plain = state.pos == found.end


def node(state: State, found: Node) -> None:
    """A complete scalar, alias or flow collection: a key when a colon follows, else a value."""
    end = found.end
    colon = scan.COLON.match(state.data, end)
    if state.key_start >= 0:
        start, allowed = state.key_start, state.key_allowed_there
    else:
        start, allowed = found.start, state.key_allowed
    if colon:
        if not allowed or not state.implicit_key(start, end):
            raise Bad("mapping values are not allowed here", colon.end() - 1, colon.end())
        _key(state, found, start, colon.end())
    else:
        _slot(state, start)
        if state.top.kind == MAP and state.top.state == IDLE:
            raise Bad("could not find expected ':'", start, end)
        state.take_props(found)
        state.attach(found)
        state.pos = end
    state.key_allowed = False
    state.key_start = -1


def _key(state: State, key: Node, start: int, end: int) -> None:
    """`key` is an implicit key; its colon ends at `end`."""
    column = start - state.line_start
    inner = [prop for prop in state.props if prop.start >= start]
    if state.top.kind == MAP and state.top.state == IDLE and state.top.indent == column:
        if len(inner) != len(state.props):
            raise Bad("could not find expected ':'", state.props[0].start, state.props[0].end)
    elif state.top.state in (WANT, EXPLICIT) and state.top.indent < column:
        state.props = state.props[: len(state.props) - len(inner)]
        state.open(Mapping(state.file, start, end), MAP, column, IDLE, end)
        state.props = inner
    elif state.top.kind in (SEQ, INDENTLESS) and state.top.state == IDLE:
        raise Bad("did not find expected '-' indicator", start, end)
    else:
        raise Bad("mapping values are not allowed here", end - 1, end)
    state.take_props(key)
    state.top.key = key
    state.top.state = WANT
    state.top.mark = state.pos = end


def _slot(state: State, at: int) -> None:
    """Refuse a node where none is expected."""
    top = state.top
    if top.state in (WANT, EXPLICIT):
        return
    if top.kind == ROOT:
        raise Bad("did not find expected document start", at)
    if top.kind != MAP:
        raise Bad("did not find expected '-' indicator", at)
    if top.state != IDLE or top.indent != at - state.line_start:
        raise Bad("did not find expected key", at)


def _dash(state: State, at: int) -> None:
    column = at - state.line_start
    top = state.top
    if not state.key_allowed:
        raise Bad("sequence entries are not allowed here", at, at + 1)
    if top.kind in (SEQ, INDENTLESS) and top.indent == column and top.state == IDLE:
        top.state = WANT
        top.mark = at + 1
    elif top.state in (WANT, EXPLICIT) and (
        top.indent < column or (top.kind == MAP and top.indent == column)
    ):
        kind = INDENTLESS if top.indent == column else SEQ
        state.open(Sequence(state.file, at, at + 1), kind, column, WANT, at + 1)
    else:
        raise Bad("found a sequence entry where none is expected", at, at + 1)
    state.pos = at + 1
    state.key_start = -1


def _question(state: State, at: int) -> None:
    column = at - state.line_start
    top = state.top
    if not state.key_allowed:
        raise Bad("mapping keys are not allowed here", at, at + 1)
    if top.kind == MAP and top.indent == column and top.state == IDLE:
        top.state = EXPLICIT
        top.mark = at + 1
    elif top.state in (WANT, EXPLICIT) and top.indent < column:
        state.open(Mapping(state.file, at, at + 1), MAP, column, EXPLICIT, at + 1)
    else:
        raise Bad("did not find expected key", at, at + 1)
    state.pos = at + 1
    state.key_start = -1


def _colon(state: State, at: int) -> None:
    """`: ` with no key before it on its line: the value of an explicit key."""
    top = state.top
    if state.key_start >= 0 and state.key_allowed_there:
        # `!tag : value`: properties alone are an empty key
        _key(state, Scalar(state.file, state.pos, state.pos, "empty"), state.key_start, at + 1)
        state.key_start = -1
        return
    if not state.key_allowed:
        raise Bad("mapping values are not allowed here", at, at + 1)
    if top.kind != MAP or top.indent != at - state.line_start or top.state != KEYED:
        raise Bad("did not find expected key", at, at + 1)
    top.state = WANT
    top.mark = state.pos = at + 1
    state.key_start = -1


_INDICATORS = {0x2D: _dash, 0x3F: _question, 0x3A: _colon}


def _block_scalar(state: State, at: int) -> None:
    if state.top.state not in (WANT, EXPLICIT):
        raise Bad("did not find expected key", at)
    header = scan.block_header(state.data, at)
    if header.comment >= 0:
        state.comments.append((header.comment, header.end))
    lines = scan.block_lines(state.data, header.end, state.indent, header.increment)
    end = lines.next if header.chomp == b"+" and lines.next > header.end else lines.end
    if end == header.end and header.comment < 0:
        end = at + len(state.data[at:end].rstrip())
    found = Scalar(state.file, at, end, "folded" if header.folded else "literal")
    found.indent = lines.indent
    found.block_end = lines.next
    state.take_props(found)
    state.attach(found)
    state.pos = state.line_start = lines.next
    state.fresh = state.key_allowed = True
    state.key_start = -1
