"""The tree of one Dockerfile: lossless syntax, and everything that is worked out from it when asked for."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.directives import Reference, detect_check, detect_syntax
from dockwright.dockerfile.nodes import (
    BlankLine,
    Comment,
    Directive,
    ParserWarning,
    Problem,
    Token,
    TokenKind,
    Unread,
)
from dockwright.dockerfile.reader import Node, Reader
from dockwright.dockerfile.syntax import Instruction
from dockwright.lazy import once
from dockwright.text import SourceFile, Span

if TYPE_CHECKING:
    from dockwright.dockerfile.build import Build
    from dockwright.dockerfile.graph import Target
    from dockwright.dockerfile.instructions.types import Arg, Command, From
    from dockwright.dockerfile.parts import Parts
    from dockwright.dockerfile.settings import Settings
    from dockwright.dockerfile.stages import Stage
    from dockwright.dockerfile.template import Template


class Dockerfile:
    """A Dockerfile as written. `nodes` cover every byte of the file in order; nothing here ever raises on input."""

    def __init__(self, file: SourceFile, dialect: Dialect, reader: Reader) -> None:
        self.file = file
        self.dialect = dialect
        self.nodes: tuple[Node, ...] = tuple(reader.nodes)
        self.instructions: tuple[Instruction, ...] = tuple(reader.instructions)
        self.escape = reader.escape
        self.warnings: tuple[ParserWarning, ...] = tuple(reader.warnings)
        self._reading_problems = tuple(reader.problems)
        self._last_problem = reader.last_problem

    def __repr__(self) -> str:
        return f"Dockerfile({self.file.path!r}, {len(self.instructions)} instructions)"

    @property
    def source(self) -> bytes:
        """The file put together from the leaves of the tree."""
        data = self.file.data
        return b"".join(data[token.span.start : token.span.end] for token in self.tokens())

    def tokens(self) -> Iterator[Token]:
        """The leaves in order: every byte of the file is in exactly one."""
        for node in self.nodes:
            yield from _leaves(node, self.file.data)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Comment lines outside instructions."""
        return tuple(node for node in self.nodes if isinstance(node, Comment))

    @property
    def directives(self) -> tuple[Directive, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Directive))

    @once
    def syntax(self) -> Reference | None:
        """The frontend image the file asks for (`# syntax=`)."""
        return detect_syntax(self.file.data, bom=self.dialect is not Dialect.V0_13)

    @once
    def check(self) -> Reference | None:
        """The settings for BuildKit's own linter (`# check=`)."""
        return detect_check(self.file.data, bom=self.dialect is not Dialect.V0_13)

    @once
    def template_evidence(self) -> "Template | None":
        """What shows that the file is the template of a Dockerfile, None if it is a Dockerfile."""
        from dockwright.dockerfile.template import detect

        return detect(self.file.path, self.file.data, self.nodes)

    @property
    def template(self) -> str | None:
        """The template language the file is written in, None for a Dockerfile. A template's problems are no faults."""
        return self.template_evidence.language if self.template_evidence else None

    @once
    def parser_problems(self) -> tuple[Problem, ...]:
        """Errors of BuildKit's parser layer, in file order; the first is the one BuildKit reports."""
        found = list(self._reading_problems)
        found += [problem for node in self.instructions if node.refused and (problem := node.problem)]
        found.sort(key=lambda problem: problem.lines[0])
        return (*found, self._last_problem) if self._last_problem else tuple(found)

    # -- typed instructions

    @once
    def commands(self) -> "tuple[Command, ...]":
        """Every instruction typed, in file order; `Invalid` where BuildKit refuses one."""
        from dockwright.dockerfile.instructions.read import read_command

        return tuple(read_command(node) for node in self.instructions)

    @once
    def _parts(self) -> "Parts":
        from dockwright.dockerfile.parts import split_stages

        return split_stages(self.commands)

    @property
    def global_args(self) -> "tuple[Arg, ...]":
        """The ARGs before the first FROM."""
        return self._parts.global_args

    @property
    def stage_parts(self) -> "tuple[tuple[From, tuple[Command, ...]], ...]":
        """Each FROM with the instructions after it."""
        return self._parts.stages

    @once
    def problems(self) -> tuple[Problem, ...]:
        """All errors of the file itself, in the order in which BuildKit would meet them; the first is its own.

        What depends on how the file is built (variables, missing stages) is in `Target.problems`.
        """
        return self.parser_problems + self._parts.problems

    # -- meaning

    @once
    def default_build(self) -> "Build":
        """The build without arguments or contexts, for linux/amd64."""
        return self.build()

    @property
    def stages(self) -> "tuple[Stage, ...]":
        """The stages of the default build."""
        return self.default_build.stages

    def build(self, settings: "Settings | None" = None) -> "Build":
        """The file as it is built under `settings`."""
        from dockwright.dockerfile.build import Build
        from dockwright.dockerfile.settings import Settings

        return Build(self, settings or Settings())

    def target(self, name: str = "", args: Mapping[str, str] | None = None) -> "Target | Problem":
        """What building stage `name` (the last one if "") with build arguments `args` takes."""
        from dockwright.dockerfile.settings import Settings

        build = self.build(Settings(args=args or {}, target=name)) if args or name else self.default_build
        return build.target(name)


def _leaves(node: Node, data: bytes) -> Iterator[Token]:
    if isinstance(node, Instruction):
        yield from _instruction_leaves(node)
    elif isinstance(node, Unread):
        yield Token(TokenKind.UNREAD, node.extent)
    else:
        start = node.extent.start
        if start == 0 and node.extent.end >= 3 and data.startswith(b"\xef\xbb\xbf"):
            yield Token(TokenKind.BOM, Span(0, 3))
            start = 3
        kind = TokenKind.DIRECTIVE if isinstance(node, Directive) else TokenKind.COMMENT
        span = node.span
        if span.start > start:
            yield Token(TokenKind.SPACE, Span(start, span.start))
        if not isinstance(node, BlankLine):
            yield Token(kind, span)
        if node.extent.end > span.end:
            yield Token(TokenKind.NEWLINE, Span(span.end, node.extent.end))


def _instruction_leaves(node: Instruction) -> Iterator[Token]:
    """Leaves of the joined line, cut at its pieces, with the fillers between them."""
    at = node.extent.start
    if at == 0 and node.file.data.startswith(b"\xef\xbb\xbf"):
        yield Token(TokenKind.BOM, Span(0, 3))
        at = 3
    pieces = node.line.pieces
    first = pieces[0][1]
    if first > at:
        yield Token(TokenKind.SPACE, Span(at, first))
    fillers = list(node.fillers)
    ends = [start for start, _ in pieces[1:]] + [len(node.line.data)]
    logical = node.logical_leaves()
    leaf = next(logical, None)
    index = 0
    for (start, source), end in zip(pieces, ends, strict=True):
        while index < len(fillers) and fillers[index][1] < source:
            yield Token(fillers[index][0], Span(fillers[index][1], fillers[index][2]))
            index += 1
        place = start
        while leaf is not None and place < end:
            kind, _, leaf_end = leaf
            stop = min(leaf_end, end)
            yield Token(kind, Span(source + place - start, source + stop - start))
            place = stop
            if stop == leaf_end:
                leaf = next(logical, None)
    for kind, begin, stop in fillers[index:]:
        yield Token(kind, Span(begin, stop))


def parse(data: bytes, path: str = "Dockerfile", dialect: Dialect = Dialect.LATEST) -> Dockerfile:
    """Read a Dockerfile. Any bytes give a tree; errors are in `Dockerfile.problems`."""
    file = SourceFile(path, data)
    reader = Reader(file, dialect)
    reader.read()
    return Dockerfile(file, dialect, reader)
