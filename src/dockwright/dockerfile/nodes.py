"""The small values of the syntax tree: problems, words, flags, heredocs, comments, directives, blank lines.

Spans are byte spans into the file. A top-level node has two: `extent`, all bytes that are its own (the extents of
a tree's nodes cover the file without gap or overlap), and `span`, what to point at (no indentation, no line ending).
"""

from enum import Enum
from typing import Literal

import msgspec

from dockwright.text import MappedText, Span


class Layer(Enum):
    """Which part of BuildKit raises an error; all errors of one layer come before those of the next."""

    PARSER = 1
    """`parser.Parse`: bytes to nodes."""
    INSTRUCTION = 2
    """`instructions.Parse`: nodes to typed instructions and stages."""
    BUILD = 3
    """`dockerfile2llb`: resolution of stages, expansion of variables; only for what the target reaches."""


class Problem(msgspec.Struct, frozen=True):
    """An error as a value: BuildKit's own message, where it is, and the lines BuildKit names (1-based, inclusive).

    `lines` starts at 0 where BuildKit itself says line 0 (directive errors, empty files).
    """

    message: str
    span: Span
    lines: tuple[int, int]
    layer: Layer

    @property
    def text(self) -> str:
        """The whole line BuildKit prints."""
        if self.layer is Layer.INSTRUCTION and self.message not in UNPREFIXED:
            return f"dockerfile parse error on line {self.lines[0]}: {self.message}"
        return self.message


NO_STAGE = "no build stage in current context"
NO_STAGES = "dockerfile contains no stages to build"
UNPREFIXED = frozenset({NO_STAGE, NO_STAGES})
"""Messages of the instruction layer that BuildKit prints without naming a line."""


class ParserWarning(msgspec.Struct, frozen=True):
    """Something BuildKit's parser warns of (today: empty continuation lines)."""

    message: str
    span: Span
    line: int


Quote = Literal["", "'", '"', "mixed", "json"]


class Word(msgspec.Struct, frozen=True, gc=False):
    """One argument of an instruction.

    `value` is what BuildKit's parser hands on: a JSON string decoded, any other word as written with continuation
    lines joined (quotes and escapes of ENV, ARG, LABEL and others are taken off later, by expansion). `raw` is
    the bytes of the file under `span`, line continuations included. `at` and `end` are offsets into the
    instruction's joined line (`Instruction.line.data`). `quote` says how the word is quoted: not at all, wholly in
    `'` or `"`, in parts (`mixed`), or as a JSON string.
    """

    value: str
    raw: bytes
    span: Span
    at: int
    end: int
    quote: Quote = ""


class Flag(msgspec.Struct, frozen=True, gc=False):
    """A flag before the arguments: `--name` or `--name=value`, quotes and escapes taken off as BuildKit does.

    `text` is the whole word after that. `value` is None without `=`. `raw` is the bytes under `span`.
    """

    name: str
    value: str | None
    text: str
    raw: bytes
    span: Span
    name_span: Span
    value_span: Span | None
    at: int
    end: int


class Heredoc(msgspec.Struct, frozen=True):
    """A here-document: the word that opens it and its body.

    `content` is the body's bytes as they stand in the file; `body` is the text that is used: without leading tabs
    after `<<-`, each byte mapped to its place in the file. `at` is the opener's offset in the joined line. `descriptor` is the number before
    `<<` (0 if none). `expand` is False if any part of the name is quoted. `end_span` is the terminator line without
    its line ending, None if the file ends first.
    """

    name: str
    descriptor: int
    expand: bool
    strip_tabs: bool
    opener: Span
    body_span: Span
    end_span: Span | None
    body: MappedText
    content: bytes
    at: int


class Comment(msgspec.Struct, frozen=True, gc=False):
    """A comment line. `text` is without `#` and surrounding blanks.

    `doc` is what BuildKit takes it for when it describes the next instruction: it cuts the line's first byte, so
    an indented comment keeps its `#` there.
    """

    extent: Span
    span: Span
    text: str
    doc: str
    line: int


class BlankLine(msgspec.Struct, frozen=True, gc=False):
    """A line of white space only."""

    extent: Span
    span: Span
    line: int


class Directive(msgspec.Struct, frozen=True, gc=False):
    """A parser directive at the head of the file: `# syntax=`, `# escape=`, `# check=`. `name` is lower case."""

    extent: Span
    span: Span
    name: str
    value: str
    name_span: Span
    value_span: Span
    line: int


class Unread(msgspec.Struct, frozen=True, gc=False):
    """The rest of a file that is not read, and why: a line over BuildKit's limit, or no Dockerfile at all."""

    extent: Span
    span: Span
    reason: str
    line: int


class TokenKind(Enum):
    """What a leaf of the tree is."""

    BOM = "byte order mark"
    SPACE = "space"
    NEWLINE = "line ending"
    KEYWORD = "keyword"
    FLAG = "flag"
    WORD = "word"
    CONTINUATION = "continuation"
    COMMENT = "comment"
    DIRECTIVE = "directive"
    HEREDOC_BODY = "heredoc body"
    HEREDOC_END = "heredoc end"
    UNREAD = "unread"


class Token(msgspec.Struct, frozen=True, gc=False):
    """A leaf of the tree: a run of bytes of one kind. The leaves in order are the file."""

    kind: TokenKind
    span: Span
