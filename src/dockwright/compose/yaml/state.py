"""The parser's state: what is open, what waits, and how nodes are put into the tree."""

from __future__ import annotations

from dockwright.compose.yaml import scan
from dockwright.compose.yaml.collections import Alias, Entry, Mapping, Sequence
from dockwright.compose.yaml.file import MAX_PROBLEMS, Document, YamlFile
from dockwright.compose.yaml.frames import EXPLICIT, IDLE, KEYED, ROOT, WANT, Frame
from dockwright.compose.yaml.nodes import Node, Problem, Style
from dockwright.compose.yaml.scalar import Scalar
from dockwright.compose.yaml.scan import Bad
from dockwright.record import Record
from dockwright.source_file import SourceFile, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.text import Span

MAX_DEPTH = 10_000
"""go-yaml v3 scannerc.go: max_flow_level, max_indents."""


class Property(Record):
    """A tag or anchor that waits for its node."""

    is_tag: bool
    text: str
    start: int
    end: int


class State:
    """Everything the parser knows between two tokens. Positions are byte offsets."""

    def __init__(self, source: SourceFile) -> None:
        self.file = YamlFile(source)
        self.data = source.data
        self.size = len(source.data)
        self.pos = self.line_start = 3 if source.data.startswith(b"\xef\xbb\xbf") else 0
        self.fresh = True
        """The next token is the first of its line."""
        self.key_allowed = True
        """An implicit key or a dash may stand here (libyaml: simple_key_allowed)."""
        self.after_plain = False
        """The last token was a plain scalar in block context."""
        self.key_start = -1
        """Where an implicit key would start when properties stand before it on its line; else -1."""
        self.key_allowed_there = False
        self.props: list[Property] = []
        self.frames: list[Frame] = []
        self.top = Frame(ROOT, -1, None, IDLE, self.pos)
        self.document: Document | None = None
        self.anchors: dict[str, Node] = {}
        self.handles: set[str] = set()
        self.directives: list[Span] = []
        self.comments: list[tuple[int, int]] = []
        self.mappings: list[Mapping] = []
        self.lost = False
        """After an error: lines are passed over until one stands where something is expected."""
        self.unclosed: dict[int, int] = {}
        self.flow_start = (0, 0, 0)
        """Where the flow collection that is being read starts, with the number of mappings and comments before it."""
        self.rewinds = 0

    # Blanks between tokens.

    def passed(self, start: int, at: int) -> None:
        """Take notice of the blanks, comments and line breaks between two tokens."""
        data = self.data
        last = max(data.rfind(b"\n", start, at), data.rfind(b"\r", start, at))
        if last != -1:
            self.line_start = last + 1
            self.fresh = self.key_allowed = True
            self.key_start = -1
        if data.find(b"#", start, at) != -1:
            self.comments.extend(found.span() for found in scan.COMMENT.finditer(data, start, at))

    def problem(self, kind: str, message: str, start: int, end: int, related: tuple[Span, ...] = ()) -> None:
        """Note something wrong."""
        if len(self.file.problems) < MAX_PROBLEMS:
            self.file.problems.append(Problem(kind, message, span_of(start, max(end, start)), related))

    # The stack.

    def open(self, node: Mapping | Sequence, kind: int, indent: int, state: int, mark: int) -> None:
        """Start a block collection: it takes the waiting properties and its place in its parent."""
        self.take_props(node)
        self.attach(node)
        self.push(Frame(kind, indent, node, state, mark))
        if isinstance(node, Mapping):
            self.mappings.append(node)

    def push(self, frame: Frame) -> None:
        """Put a frame on the stack."""
        if len(self.frames) >= MAX_DEPTH:
            raise Bad(f"nested deeper than {MAX_DEPTH:,} levels", self.pos)
        self.frames.append(self.top)
        self.top = frame

    def close(self) -> None:
        """End the innermost block collection."""
        self.settle()
        top = self.top
        node = top.node
        if isinstance(node, Mapping):
            last: Node | None = node.entries[-1].value if node.entries else None
        elif isinstance(node, Sequence):
            last = node.written[-1] if node.written else None
        else:
            last = None
        if node is not None:
            node.end = max(top.mark, last.end if last is not None else 0)
        self.top = self.frames.pop()

    def settle(self) -> None:
        """Put an empty value where the innermost block collection still waits for one."""
        top = self.top
        if top.state == EXPLICIT:
            self.attach(self.empty())
        if top.state == KEYED:
            top.state = WANT
        if top.state == WANT and top.kind != ROOT:
            self.attach(self.empty())

    def empty(self) -> Scalar:
        """An empty scalar behind the last indicator, or behind the properties that wait."""
        at = self.props[-1].end if self.props else self.top.mark
        node = Scalar(self.file, at, at, "empty")
        self.take_props(node)
        return node

    def attach(self, node: Node) -> None:
        """Put a node into the innermost collection, or make it the explicit key it waits for."""
        top = self.top
        owner = top.node
        node.parent = owner
        if isinstance(owner, Sequence):
            node.key = len(owner.written)
            owner.written.append(node)
            top.state = IDLE
        elif top.state == EXPLICIT:
            top.key = node
            top.state = KEYED
        elif isinstance(owner, Mapping):
            self.pair(owner, top.key, node)
            top.key = None
            top.state = IDLE
        elif self.document is not None:
            self.document.root = node
            top.state = IDLE

    def pair(self, owner: Mapping, key: Node | None, value: Node) -> None:
        """Add `key: value` to a mapping."""
        if key is None:
            key = Scalar(self.file, value.props_start, value.props_start, "empty")
        name = key.text if isinstance(key, Scalar) else key.raw
        key.parent = value.parent = owner
        key.key = value.key = name
        value.key_node = key
        owner.entries.append(Entry(name, key, value))

    # Properties.

    def prop(self, at: int) -> None:
        """Read `&anchor` or `!tag`."""
        is_tag = self.data[at] == 0x21
        found = (scan.TAG if is_tag else scan.ANCHOR).match(self.data, at)
        if found is None:
            raise Bad(
                f"{'tag' if is_tag else 'anchor'} is empty or holds a character that is not allowed", at
            )
        text = found[0].decode("utf-8", "surrogateescape")
        handle = scan.TAG_HANDLE.match(text) if is_tag else None
        if handle and handle[1] not in self.handles:
            raise Bad(f"tag handle {handle[1]} is not defined", at, found.end())
        if self.key_start < 0:
            self.key_start = at
            self.key_allowed_there = self.key_allowed
        self.props.append(Property(is_tag, text, at, found.end()))
        self.key_allowed = False
        self.pos = found.end()

    def take_props(self, node: Node) -> None:
        """Give the waiting properties to a node."""
        props = self.props
        if not props:
            return
        if isinstance(node, Alias):
            raise Bad("an alias has no tag or anchor of its own", node.start, node.end)
        if len(props) > 2 or (len(props) == 2 and props[0].is_tag == props[1].is_tag):
            raise Bad("a node has at most one tag and one anchor", props[-1].start, props[-1].end)
        self.props = []
        node.props_start = props[0].start
        for prop in props:
            if prop.is_tag:
                node.tag = prop.text
            else:
                node.anchor = prop.text[1:]
                self.anchors[node.anchor] = node
                if self.document is not None:
                    self.document.anchors.setdefault(node.anchor, []).append(node)

    # Tokens that block and flow context share.

    def alias(self, at: int) -> Alias:
        """Read `*name`; an unknown name is a problem, not an end."""
        found = scan.ANCHOR.match(self.data, at)
        if found is None:
            raise Bad("alias is empty or holds a character that is not allowed", at)
        name = found[1].decode()
        to = self.anchors.get(name)
        if to is None:
            self.problem("alias", f"unknown anchor {name}", at, found.end())
        return Alias(self.file, at, found.end(), name, to)

    def quoted(self, at: int) -> Scalar:
        """Read a quoted scalar. A quote that is never closed is looked for once, not once per line."""
        quote = self.data[at]
        if self.unclosed.get(quote, self.size) <= at:
            raise Bad("quoted scalar is not closed", at, at + 1)
        try:
            end = scan.quoted_end(self.data, at)
        except Bad as bad:
            if bad.at == at:
                self.unclosed[quote] = at
            raise
        style: Style = "double" if quote == 0x22 else "single"
        return Scalar(self.file, at, end, style)

    def plain(self, at: int, *, flow: bool) -> Scalar:
        """Read a plain scalar."""
        return Scalar(self.file, at, scan.plain_end(self.data, at, self.indent, flow), "plain")

    @property
    def indent(self) -> int:
        """Column of the innermost block collection, -1 at the root."""
        return self.top.indent

    def implicit_key(self, start: int, end: int) -> bool:
        """True when a node from `start` to `end` may be a key without `?`: one line, at most 1,024 characters."""
        if scan.has_break(self.data, start, end):
            return False
        return end - start <= 1024 or len(self.data[start:end].decode("utf-8", "replace")) <= 1024
