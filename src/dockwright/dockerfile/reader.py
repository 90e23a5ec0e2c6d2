"""From bytes to the nodes of a tree: physical lines, directives, comments, continuations, heredocs.

Source: moby/buildkit frontend/dockerfile/parser/parser.go: Parse. BuildKit stops at its first error; here reading
goes on behind it, so that a file with a mistake is still seen whole, and the errors are kept in the order in which
BuildKit would meet them. Reading ends early only where BuildKit cannot read either (a line over its limit), or
where the file is plainly no Dockerfile (`MAX_UNKNOWN` unknown instructions).
"""

from dockwright.dockerfile.arguments import KEYWORDS
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.directives import BOM, MAX_LINE, NAMES, NAMES_0_13, match_line
from dockwright.dockerfile.golang import lstrip
from dockwright.dockerfile.heredoc import body_text, openers
from dockwright.dockerfile.nodes import (
    BlankLine,
    Comment,
    Directive,
    Heredoc,
    Layer,
    ParserWarning,
    Problem,
    TokenKind,
    Unread,
)
from dockwright.dockerfile.syntax import Filler, Instruction, flag_escape
from dockwright.dockerfile.words import split_line
from dockwright.text import MappedText, SourceFile, Span

Node = Instruction | Comment | BlankLine | Directive | Unread

MAX_UNKNOWN = 1000
"""Unknown instructions after which a file is taken for something else and the rest is left unread."""
_KNOWN = frozenset(KEYWORDS)
_EMPTY_LINE = "Empty continuation line found in: "


class Reader:
    """Reads one file once. After `read`, the fields hold what was found.

    `last_problem` is what ended the reading; BuildKit reports it after all others.
    """

    def __init__(self, file: SourceFile, dialect: Dialect) -> None:
        self.nodes: list[Node] = []
        self.instructions: list[Instruction] = []
        self.problems: list[Problem] = []
        self.last_problem: Problem | None = None
        self.warnings: list[ParserWarning] = []
        self.escape = "\\"
        self._file = file
        self._dialect = dialect
        self._escape_byte = b"\\"
        self._flag_escape = self.escape
        self._in_directives = True
        self._seen: set[str] = set()
        self._comments: list[Comment] = []
        self._unknown = 0
        self._lines = file.data.split(b"\n")
        self._ended = file.data.endswith(b"\n")
        if self._ended or not file.data:
            self._lines.pop()
        self._count = self._readable_lines()
        self._at = 0  # index of the next line
        self._offset = 0  # its byte offset
        self._end = len(file.data)
        self._last = len(self._lines)

    def _readable_lines(self) -> int:
        """How many lines BuildKit's scanner gets before one that is too long."""
        lines = self._lines
        if len(self._file.data) <= MAX_LINE or max(map(len, lines)) <= MAX_LINE:
            return len(lines)
        return next(index for index, line in enumerate(lines) if len(line) > MAX_LINE)

    def _take(self) -> tuple[bytes, int]:
        """The next line without its line feed, and its offset."""
        line, offset = self._lines[self._at], self._offset
        self._at += 1
        self._offset = offset + len(line) + 1 if self._at < self._last else self._end
        return line, offset

    def read(self) -> None:
        count = self._count
        while self._at < count and self._unknown < MAX_UNKNOWN:
            raw, offset = self._take()
            start = offset
            if offset == 0 and raw.startswith(BOM):
                raw, start = raw[len(BOM) :], len(BOM)
            text = raw.rstrip(b"\r")
            body = lstrip(text)
            start += len(text) - len(body)
            if body[:1] == b"#":
                self._comment(body, offset, start, text)
            elif not body:
                self._in_directives = False
                self.nodes.append(BlankLine(Span(offset, self._offset), Span(start, start), self._at))
            else:
                self._in_directives = False
                self._instruction(body, offset, start)
        self._finish()

    def _finish(self) -> None:
        end = len(self._file.data)
        lines = (self._at, self._at)
        if not self.instructions:
            self.problems.append(Problem("file with no instructions", Span(0, end), lines, Layer.PARSER))
        if self._offset >= end:
            return
        start = self._offset
        reason = "more than a thousand unknown instructions"
        if self._at >= self._count:
            reason = f"dockerfile line greater than max allowed size of {MAX_LINE}"
            line_end = start + len(self._lines[self._count])
            self.last_problem = Problem(reason, Span(start, line_end), lines, Layer.PARSER)
        self.nodes.append(Unread(Span(start, end), Span(start, end), reason, self._at + 1))

    def _comment(self, body: bytes, offset: int, start: int, text: bytes) -> None:
        extent, span = Span(offset, self._offset), Span(start, start + len(body))
        directive = self._in_directives and self._directive(body, extent, span)
        if directive and self._dialect is not Dialect.V0_13:
            return
        words = body[1:].decode("utf-8", "surrogateescape").strip()
        indented = len(text) > len(body)
        doc = body.decode("utf-8", "surrogateescape").rstrip() if indented else words
        comment = Comment(extent, span, words, doc, self._at)
        if doc:
            self._comments.append(comment)
        else:
            self._comments.clear()
        if not directive:
            self.nodes.append(comment)

    def _directive(self, body: bytes, extent: Span, span: Span) -> bool:
        found = match_line(body, names=NAMES_0_13 if self._dialect is Dialect.V0_13 else NAMES)
        if found is None:
            self._in_directives = False
            return False
        lines = (self._at - 1, self._at - 1)  # BuildKit has not counted this line yet
        if found.name in self._seen:
            message = f"only one {found.name} parser directive can be used"
            self.problems.append(Problem(message, span, lines, Layer.PARSER))
        elif found.name == "escape":
            self._set_escape(found.value, span, lines)
        self._seen.add(found.name)
        start = span.start
        name_span = Span(start + found.name_at[0], start + found.name_at[1])
        value_span = Span(start + found.value_at[0], start + found.value_at[1])
        self.nodes.append(Directive(extent, span, found.name, found.value, name_span, value_span, self._at))
        return True

    def _set_escape(self, value: str, span: Span, lines: tuple[int, int]) -> None:
        if value not in ("\\", "`"):
            message = f"invalid escape token '{value}' does not match ` or \\"
            self.problems.append(Problem(message, span, lines, Layer.PARSER))
            return
        self.escape = value
        self._escape_byte = value.encode("ascii")
        self._flag_escape = flag_escape(value, self._dialect)

    def _continues(self, text: bytes) -> int:
        """Length of the text before a continuation character at its end, -1 if there is none."""
        last = text[-1:]
        if last != self._escape_byte and last not in b" \t":
            return -1
        stripped = text.rstrip(b" \t")
        if stripped[-1:] != self._escape_byte or stripped[-2:-1] == self._escape_byte:
            return -1
        return len(stripped) - 1

    def _instruction(self, body: bytes, offset: int, start: int) -> None:
        first = self._at
        fillers: list[Filler] = []
        empty: list[Span] = []
        cut = self._continues(body)
        if cut < 0:
            line = MappedText.whole(body, start)
            if start + len(body) < self._offset:
                fillers.append((TokenKind.NEWLINE, start + len(body), self._offset))
        else:
            line = self._joined(body, start, cut, fillers, empty)
        split = split_line(line.data, self._flag_escape)
        node = Instruction(self._file, line, split, self.escape, self._dialect)
        if empty:
            message = _EMPTY_LINE + line.text
            self.warnings.append(ParserWarning(message, empty[0], self._at))
            node.empty_lines = tuple(empty)
        node.extent = Span(offset, self._offset)
        node.first_line, node.last_line = first, self._at
        if b"<<" in line.data and node.takes_heredocs:
            node.heredocs = self._heredocs(line, first, fillers)
            node.extent = Span(offset, self._offset)
            node.last_line = self._at
            node.__dict__.pop("nested", None)  # asked for before these were known
        node.fillers = tuple(fillers)
        if self._comments:
            node.comments = tuple(self._comments)
            self._comments.clear()
        self.nodes.append(node)
        self.instructions.append(node)
        if node.name not in _KNOWN:
            self._unknown += 1

    def _joined(
        self, body: bytes, start: int, cut: int, fillers: list[Filler], empty: list[Span]
    ) -> MappedText:
        """Join continuation lines; comments and empty lines between them are dropped from the text."""
        parts = [body[:cut]]
        pieces = [(0, start)]
        length = cut
        end = start + cut
        at, next_offset = self._at, self._offset
        lines, count, last = self._lines, self._count, self._last
        fillers.append((TokenKind.CONTINUATION, end, next_offset))
        while at < count:
            raw, offset = lines[at], next_offset
            at += 1
            next_offset = offset + len(raw) + 1 if at < last else self._end
            text = raw.rstrip(b"\r")
            stripped = lstrip(text)
            if stripped[:1] == b"#":
                fillers.append((TokenKind.COMMENT, offset, next_offset))
                continue
            if not stripped:
                empty.append(Span(offset, next_offset))
                fillers.append((TokenKind.SPACE, offset, next_offset))
                continue
            cut = self._continues(text)
            part = text if cut < 0 else text[:cut]
            parts.append(part)
            pieces.append((length, offset))
            length += len(part)
            end = offset + len(part)
            if end < next_offset:
                kind = TokenKind.NEWLINE if cut < 0 else TokenKind.CONTINUATION
                fillers.append((kind, end, next_offset))
            if cut < 0:
                break
        self._at, self._offset = at, next_offset
        return MappedText(b"".join(parts), pieces, end)

    def _heredocs(self, line: MappedText, first: int, fillers: list[Filler]) -> tuple[Heredoc, ...]:
        found: list[Heredoc] = []
        opening, error = openers(line.data, self._dialect)
        if error is not None:
            self.problems.append(
                Problem(error, line.span(0, len(line.data)), (first, self._at), Layer.PARSER)
            )
        for opener in opening:
            name = opener.name.encode("utf-8", "surrogateescape")
            body_start = self._offset
            body_end = end = None
            while self._at < self._count:
                raw, offset = self._take()
                text = raw.rstrip(b"\r")
                if (text.lstrip(b"\t") if opener.strip_tabs else text) == name:
                    body_end, end = offset, Span(offset, offset + len(text))
                    break
            stop = self._offset if body_end is None else body_end
            if stop > body_start:
                fillers.append((TokenKind.HEREDOC_BODY, body_start, stop))
            if end is not None:
                fillers.append((TokenKind.HEREDOC_END, end.start, end.end))
                if end.end < self._offset:
                    fillers.append((TokenKind.NEWLINE, end.end, self._offset))
            opener_span = line.span(opener.start, opener.end)
            found.append(
                Heredoc(
                    name=opener.name,
                    descriptor=opener.descriptor,
                    expand=opener.expand,
                    strip_tabs=opener.strip_tabs,
                    opener=opener_span,
                    body_span=Span(body_start, stop),
                    end_span=end,
                    body=body_text(self._file.data, body_start, stop, strip_tabs=opener.strip_tabs),
                    content=self._file.data[body_start:stop],
                    at=opener.start,
                )
            )
            if end is None:
                lines = (first, self._at)
                self.problems.append(Problem("unterminated heredoc", opener_span, lines, Layer.PARSER))
                break
        return tuple(found)
