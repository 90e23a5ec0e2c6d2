"""The YAML parser: one pass over the bytes with an explicit stack, so that neither depth nor size can hurt.

It accepts and refuses what go-yaml v3 does (scannerc.go, parserc.go), except where the tests of this package list it.
Where the text is broken it notes a `Problem`, drops the rest of the line and goes on at the next line that stands at
the column of a collection that is still open, so that the rest of the file can be read all the same.

Why not tree-sitter-yaml: its scanner keeps lines in 16 bits and its indentation stack in 1,024 bytes, so files over
32,767 lines come out broken and nesting beyond some 240 levels ends the process.
"""

from __future__ import annotations

from dockwright.compose.yaml import block, flow, lines, scan
from dockwright.compose.yaml.encoding import encoding_problem
from dockwright.compose.yaml.file import Document, YamlFile
from dockwright.compose.yaml.frames import EXPLICIT, IDLE, INDENTLESS, KEYED, MAP, ROOT, WANT, Frame
from dockwright.compose.yaml.scan import Bad
from dockwright.compose.yaml.state import State
from dockwright.lazy import lazy_regex
from dockwright.source_file import SourceFile, span_of

_DIRECTIVE = lazy_regex(
    rb"%(?:YAML[ \t]+1\.[0-9]+|TAG[ \t]+(!(?:[0-9A-Za-z_-]*!)?)[ \t]+\S+)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)"
)
_LINE_END = lazy_regex(rb"[^\r\n]*+")


def parse(source: SourceFile) -> YamlFile:
    """Read a whole stream."""
    state = State(source)
    problem = encoding_problem(source.data)
    if problem is not None:
        state.file.problems.append(problem)
        if problem.kind == "unreadable":
            return state.file
    while True:
        try:
            while _step(state):
                pass
            break
        except Bad as bad:
            _recover(state, bad)
    state.file.complete(state.comments, state.mappings)
    return state.file


def _step(state: State) -> bool:
    """Read one token of the block context; False at the end of the stream."""
    start = state.pos
    pattern = scan.GAP_PLAIN if state.after_plain else scan.GAP if state.key_allowed else scan.GAP_TABS
    state.after_plain = False
    gap = pattern.match(state.data, start)
    at = gap.end() if gap else start
    if at != start:
        state.passed(start, at)
        state.pos = at
    if at >= state.size:
        _end_document(state)
        if state.directives:
            state.problem("syntax", "did not find expected document start", at, at)
        return False
    if state.fresh:
        state.fresh = False
        if at == state.line_start and _document_token(state, at):
            return True
        if state.document is None:
            _open_document(state, at, explicit=False)
        if not _line(state, at):
            return True
        top = state.top
        if (
            top.state == IDLE
            and top.indent == at - state.line_start
            and not state.props
            and lines.read(state, at)
        ):
            return True
    elif state.document is None:
        _open_document(state, at, explicit=False)
    block.token(state, at)
    return True


def _line(state: State, at: int) -> bool:
    """The first token of a line: end what is indented deeper, and complete what waits at this column."""
    column = at - state.line_start
    while state.top.indent > column:
        state.close()
    top = state.top
    char = state.data[at]
    dash = char == 0x2D and scan.BLANK_NEXT.match(state.data, at + 1) is not None
    if (
        top.indent == column and char not in b"|>"
    ):  # libyaml lets a block scalar stand at the column of its key
        if top.kind == INDENTLESS and not dash:
            state.close()
            top = state.top
        if top.kind == MAP:
            _complete_entry(state, at, dash)
        else:
            state.settle()
    _stray_props(state)
    if state.lost:
        if top.kind == ROOT or top.indent == column:
            state.lost = False
        else:
            state.pos = _line_end(state, at)
            return False
    return True


def _stray_props(state: State) -> None:
    """Properties at the column of a mapping can only be those of a key, on its line."""
    if state.props and state.top.kind == MAP and state.top.state == IDLE:
        raise Bad("could not find expected ':'", state.props[0].start, state.props[-1].end)


def _complete_entry(state: State, at: int, dash: bool) -> None:
    """A token at the column of a mapping: unless it is a dash, an entry that waits for its value has none."""
    top = state.top
    if top.state == WANT and not dash:
        state.settle()
    elif top.state == EXPLICIT and not dash:
        state.attach(state.empty())
    if top.state == KEYED and not (state.data[at] == 0x3A and scan.BLANK_NEXT.match(state.data, at + 1)):
        state.settle()


def _document_token(state: State, at: int) -> bool:
    """`---`, `...` or a directive at the start of a line."""
    data = state.data
    if data[at] == 0x25:
        _end_document(state)
        return _directive(state, at)
    if data[at] not in b"-." or not scan.DOCUMENT_MARK.match(data, at):
        return False
    if not state.file.documents and data[at] == 0x2E:
        raise Bad("did not find expected node content", at, at + 3)
    _end_document(state)
    state.pos = at + 3
    state.lost = state.key_allowed = False
    if data[at] == 0x2D:
        _open_document(state, at, explicit=True)
    else:
        line = _LINE_END.match(data, at + 3)
        rest = data[at + 3 : line.end()].strip() if line else b""
        if rest and not rest.startswith(b"#"):
            raise Bad("did not find expected document start", at + 3)
    return True


def _directive(state: State, at: int) -> bool:
    found = _DIRECTIVE.match(state.data, at)
    if found is None:
        raise Bad("found a directive that is neither %YAML 1.x nor %TAG", at)
    if found[1]:
        state.handles.add(found[1].decode())
    state.directives.append(span_of(at, found.end()))
    state.pos = found.end()
    return True


def _open_document(state: State, at: int, *, explicit: bool) -> None:
    if not explicit and (state.file.documents or state.directives):
        state.problem("syntax", "did not find expected document start", at, at + 1)
    state.document = Document(at)
    state.document.directives = state.directives
    state.file.documents.append(state.document)
    state.directives = []
    state.anchors = {}
    state.top = Frame(ROOT, -1, None, WANT, at + 3 if explicit else at)


def _end_document(state: State) -> None:
    _stray_props(state)
    while state.frames:
        state.close()
    document = state.document
    if document is not None:
        if state.props and state.top.state == WANT:
            state.attach(state.empty())
        root = document.root
        end = max(root.end if root is not None else 0, state.top.mark)
        document.end = end
        state.document = None
        state.handles = set()
    state.props = []
    state.key_start = -1


def _recover(state: State, bad: Bad) -> None:
    """Note the problem and stand at the end of its line, with every open collection ready for its next entry."""
    at = max(state.pos, min(bad.at, state.size))
    outermost = flow.abandon(state, max(state.pos, bad.at))
    resume = flow.resume_line(state, at) if outermost is not None else -1
    if outermost is not None and resume >= 0:
        flow.cut_off(state, outermost, resume)
        bad = Bad("flow collection is not closed", outermost.start, outermost.start + 1)
    if not state.lost:
        end = bad.end if bad.end > bad.at else max(_line_end(state, bad.at), min(bad.at + 1, state.size))
        state.problem("syntax", bad.message, min(bad.at, state.size), end)
    state.lost = True
    state.props = []
    state.key_start = -1
    if outermost is not None and state.top.state == WANT and state.top.kind != ROOT:
        state.attach(outermost)
    elif state.top.kind != ROOT:
        _give_up_entry(state)
    state.pos = state.line_start = resume if resume >= 0 else _line_end(state, at)
    state.fresh = state.key_allowed = True


def _line_end(state: State, at: int) -> int:
    found = _LINE_END.match(state.data, min(at, state.size))
    return found.end() if found else state.size


def _give_up_entry(state: State) -> None:
    """Complete the entry the error stands in with an empty value."""
    top = state.top
    if top.state == EXPLICIT:
        top.state = IDLE
    elif top.state in (WANT, KEYED):
        state.settle()
