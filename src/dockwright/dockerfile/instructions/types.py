"""The typed instructions. Each keeps its syntax node; every part that a rule may point at keeps its span.

Source of the shapes: moby/buildkit frontend/dockerfile/instructions/commands.go.
"""

from typing import TYPE_CHECKING, Literal

import msgspec

from dockwright.dockerfile.nodes import Flag, Heredoc, Problem, Word
from dockwright.text import MappedText, Span

if TYPE_CHECKING:
    from dockwright.dockerfile.syntax import Instruction

Form = Literal["json", "shell"]


class Command(msgspec.Struct, frozen=True, eq=False):
    """Base of all typed instructions."""

    node: "Instruction"

    @property
    def span(self) -> Span:
        """What to point at: keyword to last byte, heredocs included."""
        return self.node.span

    @property
    def name(self) -> str:
        """The keyword in upper case."""
        return self.node.name


class Pair(msgspec.Struct, frozen=True):
    """`key=value` of ENV or LABEL; `legacy` for the form `key value`. Both still carry quotes and variables."""

    key: Word
    value: Word
    span: Span
    legacy: bool


class Declaration(msgspec.Struct, frozen=True):
    """One variable of an ARG: its name, and its default if there is one (quotes and variables still in it)."""

    name: Word
    default: Word | None
    span: Span


class InlineFile(msgspec.Struct, frozen=True):
    """A heredoc as a source of COPY or ADD: the word that names it, the file's name, and the heredoc.

    `heredoc` is None for a word like `<<EOF` in JSON form, which is a file without content.
    """

    word: Word
    path: str
    heredoc: Heredoc | None


class MountField(msgspec.Struct, frozen=True):
    """One `key=value` (or lone `key`) of `RUN --mount`; `key` in lower case, `written` the whole as written."""

    key: str
    value: str | None
    written: str
    span: Span
    value_span: Span | None


class Mount(msgspec.Struct, frozen=True):
    """One `RUN --mount` as written. Values may hold variables; see `mounts.resolve` for the checked values."""

    flag: Flag
    fields: tuple[MountField, ...]

    def get(self, *keys: str) -> MountField | None:
        """The last field with one of these keys (BuildKit lets the last one win)."""
        found = None
        for field in self.fields:
            if field.key in keys:
                found = field
        return found

    def value(self, *keys: str) -> str:
        field = self.get(*keys)
        return (field.value or "") if field else ""

    @property
    def type(self) -> str:
        """`bind` unless said otherwise; lower case."""
        return (self.value("type") or "bind").lower()

    @property
    def source(self) -> str:
        return self.value("source", "src")

    @property
    def target(self) -> str:
        return self.value("target", "dst", "destination")

    @property
    def from_(self) -> str:
        return self.value("from")

    @property
    def id(self) -> str:
        return self.value("id")

    @property
    def sharing(self) -> str:
        return self.value("sharing").lower()


class From(Command, frozen=True, eq=False):
    """FROM: `image` as written (variables in it), the stage name as written and in lower case."""

    image: Word
    platform: Flag | None
    as_word: Word | None
    alias: Word | None
    stage_name: str


class Run(Command, frozen=True, eq=False):
    """RUN. JSON form: `words`. Shell form: `script`, the text handed to the shell, mapped to the file.

    With heredocs, `script` is the body itself if the line is only one heredoc (then `heredoc_only`), else the
    line followed by the bodies and their terminators. `interpreter` is the `#!` line of a heredoc-only script
    that is run as a file, else "".
    """

    form: Form
    words: tuple[Word, ...]
    script: MappedText
    heredocs: tuple[Heredoc, ...]
    heredoc_only: bool
    interpreter: str
    mounts: tuple[Mount, ...]
    network: Flag | None
    security: Flag | None
    devices: tuple[Flag, ...]


class Transfer(Command, frozen=True, eq=False):
    """What COPY and ADD share."""

    form: Form
    sources: tuple[Word, ...]
    inline: tuple[InlineFile, ...]
    destination: Word
    chown: Flag | None
    chmod: Flag | None
    link: bool
    excludes: tuple[Flag, ...]


class Copy(Transfer, frozen=True, eq=False):
    """COPY. `from_` is the `--from` flag."""

    from_: Flag | None
    parents: bool


class Add(Transfer, frozen=True, eq=False):
    """ADD. `unpack` and `keep_git_dir` are None if not given."""

    checksum: Flag | None
    keep_git_dir: bool | None
    unpack: bool | None


class Env(Command, frozen=True, eq=False):
    """ENV."""

    pairs: tuple[Pair, ...]


class Label(Command, frozen=True, eq=False):
    """LABEL."""

    pairs: tuple[Pair, ...]


class Arg(Command, frozen=True, eq=False):
    """ARG."""

    declarations: tuple[Declaration, ...]


class Workdir(Command, frozen=True, eq=False):
    """WORKDIR."""

    path: Word


class User(Command, frozen=True, eq=False):
    """USER: user, or user:group."""

    user: Word


class Expose(Command, frozen=True, eq=False):
    """EXPOSE: ports in the order written (BuildKit sorts them)."""

    ports: tuple[Word, ...]


class Volume(Command, frozen=True, eq=False):
    """VOLUME."""

    form: Form
    paths: tuple[Word, ...]


class ShellCommand(Command, frozen=True, eq=False):
    """What CMD and ENTRYPOINT share. JSON form: `words` are the program and its arguments; shell form: `script`."""

    form: Form
    words: tuple[Word, ...]
    script: MappedText


class Cmd(ShellCommand, frozen=True, eq=False):
    """CMD."""


class Entrypoint(ShellCommand, frozen=True, eq=False):
    """ENTRYPOINT."""


class Healthcheck(Command, frozen=True, eq=False):
    """HEALTHCHECK. `kind` is NONE or CMD as a word; durations in nanoseconds, 0 where not given."""

    kind: Word
    form: Form
    words: tuple[Word, ...]
    script: MappedText
    interval: int
    timeout: int
    start_period: int
    start_interval: int
    retries: int
    flags: tuple[Flag, ...]

    @property
    def disabled(self) -> bool:
        """True for HEALTHCHECK NONE."""
        return self.kind.value.upper() == "NONE"


class Shell(Command, frozen=True, eq=False):
    """SHELL (JSON form only)."""

    words: tuple[Word, ...]


class Stopsignal(Command, frozen=True, eq=False):
    """STOPSIGNAL."""

    signal: Word


class Onbuild(Command, frozen=True, eq=False):
    """ONBUILD: the instruction it will run in children; `expression` is its text as BuildKit stores it."""

    trigger: Command
    expression: str


class Maintainer(Command, frozen=True, eq=False):
    """MAINTAINER (deprecated)."""

    maintainer: Word


class Invalid(Command, frozen=True, eq=False):
    """An instruction BuildKit refuses, with the reason."""

    problem: Problem
