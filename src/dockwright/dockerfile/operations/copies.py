"""COPY and ADD as file operations.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert_copy.go: dispatchCopy. 0.13 differs: variables in
`--chmod` are not expanded, and a mode that is no octal number is ignored.
"""

import posixpath
from collections.abc import Callable

import msgspec

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import parse_int, parse_uint
from dockwright.dockerfile.instructions.types import Add, InlineFile, Transfer
from dockwright.dockerfile.instructions.types import Copy as CopyCommand
from dockwright.dockerfile.nodes import Layer, Problem, Word
from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    Action,
    Copy,
    FileBody,
    Mkfile,
    Owner,
    SourceBody,
)
from dockwright.dockerfile.operations.paths import below_root, destination
from dockwright.dockerfile.operations.remotes import git_source, http_source, parse_git
from dockwright.dockerfile.operations.vertices import Vertex
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.stages import Stage
from dockwright.trees.globs import has_wildcard

Replace = msgspec.structs.replace


class RefusedSourceError(Exception):
    """A source that BuildKit refuses; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def owners(text: str) -> tuple[Owner | None, Owner | None]:
    """User and group of `--chown` or USER: `root`, a number, or a name. Source: client/llb/fileop.go: WithUser."""
    user, colon, group = text.partition(":")
    return (_owner(user), _owner(group) if colon else None) if text else (None, None)


def _owner(text: str) -> Owner:
    if text == "root":
        return Owner(0)
    number = parse_int(text, 32)
    return Owner(number & 0xFFFFFFFF) if isinstance(number, int) else Owner(name=text)


class CopyMaker:
    """Makes the file operation of one COPY or ADD.

    `source` is the vertex that local paths are taken from, None for scratch; `base` what is copied onto; `named` makes
    vertices of files that lie elsewhere, with the name of this instruction.
    """

    def __init__(
        self, stage: Stage, command: Transfer, workdir: str, named: Callable[[SourceBody], Vertex]
    ) -> None:
        self._stage = stage
        self._command = command
        self._named = named
        self._old = stage.build.tree.dialect is Dialect.V0_13
        target = stage.expand(command.destination.value, command).value
        user, group = owners(self._flag("chown"))
        mode, symbolic = self._mode()
        self._common = Copy(
            src="/",
            dest=destination(workdir, target, keep_dot=not self._old),
            user=user,
            group=group,
            mode=mode,
            symbolic_mode=symbolic,
            exclude=tuple(flag.value or "" for flag in command.excludes),
        )
        self._copies: list[tuple[Copy, Vertex | None]] = []

    @property
    def mode_given(self) -> bool:
        """True if `--chmod` is not empty: then `--link` has no effect."""
        return bool(self._flag("chmod", raw=self._old))

    def _flag(self, name: str, *, raw: bool = False) -> str:
        flag = getattr(self._command, name)
        if flag is None:
            return ""
        return (flag.value or "") if raw else self._stage.expand(flag.value or "", self._command).value

    def _mode(self) -> tuple[int, str]:
        text = self._flag("chmod", raw=self._old)
        number = parse_uint(text, 8, 32) if text else None
        if number is not None:
            return number, ""
        return -1, "" if self._old else text

    def copies(self, source: Vertex | None) -> list[tuple[Copy, Vertex | None]]:
        """Each copy with the vertex it takes from; `source` is that of local paths."""
        for word in self._command.sources:
            text = self._stage.expand(word.value, self._command).value
            place = place_of(text)
            if place is Place.GIT:
                self._git(text, word)
            elif place is Place.HTTP:
                self._http(text)
            else:
                self._copies.append((self._local(text), source))
        for inline in self._command.inline:
            self._inline(inline)
        return self._copies

    def _local(self, text: str) -> Copy:
        command = self._command
        unpack = isinstance(command, Add)
        if isinstance(command, Add) and command.unpack is not None:
            unpack = command.unpack
        include: tuple[str, ...] = ()
        required: tuple[str, ...] = ()
        if isinstance(command, CopyCommand) and command.parents:
            folder, pivot, pattern = text.partition("/./")
            folder, pattern = (folder, pattern) if pivot else ("/", text)
            pattern = _joined(pattern)
            include = (pattern.removeprefix("/"),)
            if not self._old and not has_wildcard(folder) and not has_wildcard(pattern):
                required = (below_root(f"{folder}/{pattern}"),)
            text = folder
        return Replace(
            self._common,
            src=below_root(text),
            follow=True,
            contents=True,
            unpack=unpack,
            wildcard=True,
            include=include,
            required=required,
        )

    def _git(self, text: str, word: Word) -> None:
        found = parse_git(text, self._stage.build.tree.dialect)
        if isinstance(found, str):
            lines = (self._command.node.first_line, self._command.node.last_line)
            raise RefusedSourceError(Problem(found, word.span, lines, Layer.BUILD))
        keep = found.keep_git_dir
        checksum = ""
        if isinstance(self._command, Add):
            keep = keep if keep is not None else self._command.keep_git_dir
            checksum = self._flag("checksum")
        body = git_source(found, checksum, keep_git_dir=bool(keep))
        self._copies.append((self._common, self._named(body)))

    def _http(self, text: str) -> None:
        body, name = http_source(text, self._flag("checksum") if isinstance(self._command, Add) else "")
        unpack = isinstance(self._command, Add) and bool(self._command.unpack)
        self._copies.append((Replace(self._common, src=f"/{name}", unpack=unpack), self._named(body)))

    def _inline(self, inline: InlineFile) -> None:
        heredoc = inline.heredoc
        data = heredoc.body.text if heredoc else ""
        if heredoc and heredoc.expand:
            data = self._stage.expand_body(data, self._command).value
        self._copies.append(
            (Replace(self._common, src=below_root(inline.path)), made_file(inline.path, data))
        )


def _joined(path: str) -> str:
    """`NormalizePath("/", path)`: an absolute path stays as written."""
    return path if path.startswith("/") else posixpath.normpath(f"/{path}")


def made_file(name: str, data: str, mode: int = 0o644) -> Vertex:
    """The vertex of a heredoc's file."""
    what = Mkfile(below_root(name), data, mode)
    return Vertex(
        FileBody((Action(what, NO_INPUT, NO_INPUT, last=True),)), name="[internal] preparing inline document"
    )


def file_vertex(base: Vertex | None, copies: list[tuple[Copy, Vertex | None]]) -> Vertex:
    """All copies of one instruction onto `base`, one after the other."""
    slots: list[Vertex | None] = [] if base is None else [base]
    places: dict[int, int] = {} if base is None else {id(base): 0}
    sources: list[int] = []
    for _, source in copies:
        if source is None:
            sources.append(NO_INPUT)
            continue
        if id(source) not in places:
            places[id(source)] = len(slots)
            slots.append(source)
        sources.append(places[id(source)])
    actions = []
    for number, ((what, _), source_at) in enumerate(zip(copies, sources, strict=True)):
        first = NO_INPUT if base is None else 0
        target = first if number == 0 else len(slots) + number - 1
        actions.append(Action(what, target, source_at, last=number == len(copies) - 1))
    visits = [base, *(source for _, source in reversed(copies))]
    return Vertex(FileBody(tuple(actions)), slots, visits=visits)
