"""The syntax node of one instruction: keyword, flags, arguments, heredocs, each with its place in the file.

Only what decides where an instruction ends is worked out while a file is read; flags and arguments are made when
asked for.
"""

import re
from collections.abc import Iterator

from dockwright.dockerfile.arguments import HEREDOC_KEYWORDS, KEYWORDS, Argument, Arguments, read_arguments
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.nodes import Comment, Flag, Heredoc, Layer, Problem, Quote, TokenKind, Word
from dockwright.dockerfile.words import FlagText, Split, split_command
from dockwright.lazy import lazy_regex, once
from dockwright.text import MappedText, SourceFile, Span

_WHOLLY_QUOTED = lazy_regex(rb"'[^']*'|\"(?:[^\"\\`]|[\\`].)*\"", re.DOTALL)
_MARKS = lazy_regex(rb"[$'\"\\`<]|\xef\xbb\xbf")
"""What expansion looks at (`expand.needs_work`, in bytes)."""

Filler = tuple[TokenKind, int, int]
"""Bytes of an instruction that are not in its joined line: kind and file offsets."""


class Instruction:
    """One instruction as written.

    `name` is the keyword in upper case (it may be unknown), `keyword` as written. `line` is the joined line, from
    the first byte that is not white space, each byte mapped to the file. `extent` is every byte of the instruction,
    line endings and comments inside included; `span` is what to point at. `first_line` and `last_line` are 1-based
    and inclusive, as BuildKit counts. `comments` are the comment lines that describe it. `empty_lines` are the
    empty lines inside a continuation, `fillers` all bytes of its lines that are not in the joined line, in file
    order. `flagged` says whether it has flags. `parent` is the ONBUILD this stands in.
    """

    __slots__ = (
        "__dict__", "_split", "dialect", "escape", "extent", "file", "fillers", "first_line", "flagged", "last_line",
        "line", "name",
    )  # fmt: skip
    extent: Span
    fillers: tuple[Filler, ...]
    first_line: int
    last_line: int
    # what few instructions have
    parent: "Instruction | None" = None
    heredocs: tuple[Heredoc, ...] = ()
    comments: tuple[Comment, ...] = ()
    empty_lines: tuple[Span, ...] = ()

    def __init__(
        self, file: SourceFile, line: MappedText, split: Split, escape: str, dialect: Dialect
    ) -> None:
        self.file = file
        self.line = line
        self._split = split
        self.flagged = bool(split.flags)
        self.escape = escape
        self.dialect = dialect
        keyword = line.data[split.start : split.keyword_end]
        self.name = _USUAL.get(keyword) or canonical_keyword(keyword)

    def __repr__(self) -> str:
        return f"<{self.name} at line {self.first_line} of {self.file.path}>"

    @once
    def span(self) -> Span:
        """What to point at: from the keyword to the last byte, heredocs included, without the line ending."""
        span = self.line.span(self._split.start, self._split.end)
        if self.heredocs:
            last = self.heredocs[-1]
            return Span(span.start, (last.end_span or last.body_span).end)
        return span

    @once
    def line_span(self) -> Span:
        """Like `span`, but of the instruction's own line only, without heredoc bodies."""
        return self.line.span(self._split.start, self._split.end)

    @once
    def plain(self) -> bool:
        """True when its words stand for themselves: no variable, quote, escape or heredoc is in the line."""
        return _MARKS.search(self.line.data) is None

    @once
    def keyword(self) -> Word:
        return self._word(self._split.start, self._split.keyword_end)

    @once
    def flags(self) -> tuple[Flag, ...]:
        """The flags in order, known or not."""
        flags = self._split.flags
        return tuple([self._flag(flag) for flag in flags]) if flags else ()

    @once
    def body(self) -> MappedText:
        """The text after keyword and flags, without surrounding white space."""
        return self.line.slice(self._split.rest, self._split.end)

    @once
    def body_span(self) -> Span:
        return self.line.span(self._split.rest, self._split.end)

    @property
    def original(self) -> str:
        """The joined line as text (BuildKit's `Original`)."""
        if self.parent is None:
            return self.line.text
        return self.line.data[self._split.start :].decode("utf-8", "surrogateescape")

    @once
    def arguments(self) -> tuple[Word, ...]:
        """The arguments as BuildKit's parser makes them. ENV and LABEL: `key=value` words, or key and value in the
        legacy form; ONBUILD has none (see `nested`).
        """
        word = self._word
        return tuple([word(item.start, item.end, item.value) for item in self._arguments.items])

    @property
    def places(self) -> tuple[Argument, ...]:
        """Where the arguments stand in the joined line, for those who need no words."""
        return self._arguments.items

    @property
    def json(self) -> bool:
        """True if the arguments are in JSON form."""
        return self._arguments.json

    @property
    def legacy(self) -> bool:
        """True for ENV and LABEL in the form `key value`."""
        return self._arguments.legacy

    @once
    def nested(self) -> "Instruction | None":
        """The instruction inside an ONBUILD."""
        if self.name != "ONBUILD" or self._split.rest >= self._split.end or self._depth >= _MAX_NESTING:
            return None
        split = split_command(
            self.line.data, self._split.rest, self._split.end, flag_escape(self.escape, self.dialect)
        )
        inner = Instruction(self.file, self.line, split, self.escape, self.dialect)
        inner.parent = self
        inner.heredocs = self.heredocs
        inner.extent = Span(self.line.offset(split.start), self.extent.end)
        inner.first_line, inner.last_line = self.first_line, self.last_line
        inner.fillers = ()
        return inner

    @property
    def takes_heredocs(self) -> bool:
        """True if `<<` may open a heredoc here: RUN, COPY, ADD, also under ONBUILD, not in JSON form."""
        node = (self.nested or self) if self.name == "ONBUILD" else self
        return node.name in HEREDOC_KEYWORDS and not node.json and node.problem is None

    @property
    def refused(self) -> bool:
        """True if there may be a `problem`: a quick look for those who ask of every instruction."""
        return self._arguments.error is not None or self.name == "ONBUILD"

    @property
    def problem(self) -> Problem | None:
        """The error BuildKit's parser layer has with the arguments."""
        if self.name == "ONBUILD":
            return self.nested.problem if self.nested else None
        error = self._arguments.error
        if error is None:
            return None
        return Problem(error, self.span, (self.first_line, self.last_line), Layer.PARSER)

    def word(self, start: int, end: int) -> Word:
        """A part `[start, end)` of the joined line as a word of its own."""
        return self._word(start, end)

    @once
    def _arguments(self) -> Arguments:
        split = self._split
        return read_arguments(self.name, self.line.data, (split.rest, split.end), self.escape, self.dialect)

    @property
    def _depth(self) -> int:
        depth, node = 0, self.parent
        while node is not None:
            depth, node = depth + 1, node.parent
        return depth

    def _word(self, start: int, end: int, value: str | None = None) -> Word:
        line = self.line
        text = line.data[start:end]
        shift = line.start if line.start is not None else line.shift(start, end)
        if shift is None:
            span = line.span(start, end)
            raw = self.file.data[span.start : span.end]
        else:
            span, raw = Span(start + shift, end + shift), text
        quote: Quote = "json"
        if value is None:
            value = text.decode("utf-8", "surrogateescape")
            quote = "" if b'"' not in text and b"'" not in text else _quoting(text)
        return Word(value, raw, span, start, end, quote)

    def _flag(self, flag: FlagText) -> Flag:
        name, equals, value = flag.text[2:].partition("=")
        span = self.line.span(flag.start, flag.end)
        name_end = flag.value_at - 1 if flag.value_at > 0 else flag.end
        return Flag(
            name=name,
            value=value if equals else None,
            text=flag.text,
            raw=self.file.data[span.start : span.end],
            span=span,
            name_span=self.line.span(flag.start, name_end),
            value_span=self.line.span(flag.value_at, flag.end) if flag.value_at > 0 else None,
            at=flag.start,
            end=flag.end,
        )

    def logical_leaves(self) -> Iterator[tuple[TokenKind, int, int]]:
        """Keyword, flags and words with the space between them: a partition of the joined line."""
        split = self._split
        marks: list[tuple[TokenKind, int, int]] = [(TokenKind.KEYWORD, split.start, split.keyword_end)]
        marks += [(TokenKind.FLAG, flag.start, flag.end) for flag in split.flags]
        inner = self.nested
        if inner is not None:
            marks += [leaf for leaf in inner.logical_leaves() if leaf[0] is not TokenKind.SPACE]
        else:
            marks += [(TokenKind.WORD, item.start, item.end) for item in self._leaf_arguments()]
        at = 0 if self.parent is None else split.start
        for kind, start, end in marks:
            if start > at:
                yield TokenKind.SPACE, at, start
            if end > start:
                yield kind, start, end
            at = max(at, end)
        stop = len(self.line.data) if self.parent is None else split.end
        if at < stop:
            yield TokenKind.SPACE, at, stop

    def _leaf_arguments(self) -> tuple[Argument, ...]:
        """Arguments as leaves; text that is no argument (unknown instructions, JSON marks) is one word."""
        split = self._split
        if self._arguments.json or not self._arguments.items:
            return (Argument(split.rest, split.end),) if split.end > split.rest else ()
        return self._arguments.items


_MAX_NESTING = 50  # ONBUILD ONBUILD is refused by the instruction layer; deeper ones need not be taken apart


_USUAL = {keyword.encode(): keyword for keyword in KEYWORDS}


def canonical_keyword(keyword: bytes) -> str:
    """The keyword in upper case; known where its lower case is, as in BuildKit (`ſ` has S as its upper case)."""
    text = keyword.decode("utf-8", "surrogateescape")
    if text.isascii():
        return text.upper()
    lower = text.lower()
    if lower.upper() in KEYWORDS and lower.isascii():
        return lower.upper()
    return text if text.upper() in KEYWORDS else text.upper()


def flag_escape(escape: str, dialect: Dialect) -> str:
    """The escape character inside flags: 0.13 always takes a backslash there."""
    return "\\" if dialect is Dialect.V0_13 else escape


def _quoting(text: bytes) -> Quote:
    if not _WHOLLY_QUOTED.fullmatch(text):
        return "mixed"
    return "'" if text[:1] == b"'" else '"'
