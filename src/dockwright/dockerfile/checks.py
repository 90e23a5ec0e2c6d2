"""The errors BuildKit finds only when it builds a stage: expansion, mounts, modes, ports, signals.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: dispatch, convert_copy.go, convert_runmount.go,
convert_ssh.go. They count only for stages that a target reaches.
"""

import posixpath
from collections.abc import Callable, Iterator

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import Expansion, needs_work
from dockwright.dockerfile.golang import parse_uint, quote
from dockwright.dockerfile.instructions.flags import RefusedError
from dockwright.dockerfile.instructions.mounts import ResolvedMount, resolve
from dockwright.dockerfile.instructions.types import (
    Add,
    Arg,
    Command,
    Copy,
    Env,
    Expose,
    Invalid,
    Label,
    Mount,
    Run,
    Stopsignal,
    Transfer,
    User,
    Volume,
    Workdir,
)
from dockwright.dockerfile.nodes import Flag, Layer, Problem, Word
from dockwright.dockerfile.ports import parse_port
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.signals import is_signal
from dockwright.dockerfile.stages import Source, Stage
from dockwright.lazy import lazy_regex
from dockwright.text import Span

_SYMBOLIC_MODE = lazy_regex(r"[augo]*(?:[+\-=][rstwXxugo]*)+(?:,[augo]*(?:[+\-=][rstwXxugo]*)+)*")
Found = Iterator[tuple[str, Span]]
"""Messages with the place they are about."""


def stage_problems(stage: Stage) -> list[Problem]:
    """All errors of a stage's instructions, in order."""
    found: list[Problem] = []
    for command in stage.commands:
        kind = type(command)
        if type(command) is Invalid:
            if command.node.parent is not None:  # a broken ONBUILD trigger fails in the child only
                found.append(command.problem)
            continue
        check = _CHECKS.get(kind) if kind is not Run or command.node.flagged else None
        if check is None or (kind in _IDLE and command.node.plain):
            continue
        lines = (command.node.first_line, command.node.last_line)
        found += [Problem(message, span, lines, Layer.BUILD) for message, span in check(stage, command)]
    return found


def mount_of(stage: Stage, command: Run, mount: Mount) -> ResolvedMount | Problem:
    """A mount as it is used, or why it cannot be."""
    try:
        return resolve(mount, _expander(stage, command), stage.build.tree.dialect)
    except RefusedError as error:
        lines = (command.node.first_line, command.node.last_line)
        return Problem(error.message, error.span or mount.flag.span, lines, Layer.BUILD)


def _expander(stage: Stage, command: Command) -> Callable[[str], tuple[str, bool]]:
    def expand(text: str) -> tuple[str, bool]:
        expansion = stage.expand(text, command)
        if expansion.error:
            raise RefusedError(expansion.error)
        return expansion.value, expansion.deferred

    return expand


def _words(stage: Stage, command: Command, words: tuple[Word, ...]) -> Found:
    for word in words:
        if needs_work(word.value) and (error := stage.expand(word.value, command).error):
            yield error, word.span


def _pairs(stage: Stage, command: Env | Label) -> Found:
    return _words(stage, command, tuple([word for pair in command.pairs for word in (pair.key, pair.value)]))


def _arg(stage: Stage, command: Arg) -> Found:
    for one in command.declarations:
        if one.default is not None and one.name.value not in stage.build.settings.args:
            # an earlier declaration of the same ARG is seen by later ones; errors do not depend on it but for `?`
            yield from _words(stage, command, (one.default,))


def _workdir(stage: Stage, command: Workdir) -> Found:
    return _words(stage, command, (command.path,))


def _user(stage: Stage, command: User) -> Found:
    return _words(stage, command, (command.user,))


def _volume(stage: Stage, command: Volume) -> Found:
    for word in command.paths:
        expansion = stage.expand(word.value, command)
        if expansion.error:
            yield expansion.error, word.span
        elif not expansion.value:
            yield "VOLUME specified can not be an empty string", word.span


def _stopsignal(stage: Stage, command: Stopsignal) -> Found:
    expansion = stage.expand(command.signal.value, command)
    if expansion.error:
        yield expansion.error, command.signal.span
    elif not expansion.deferred and not is_signal(expansion.value):
        yield f"invalid signal: {expansion.value}", command.signal.span


def _expose(stage: Stage, command: Expose) -> Found:
    for word in sorted(command.ports, key=lambda one: one.value):
        expansion = stage.expand_words(word.value, command)
        if expansion.error:
            yield expansion.error, word.span
            continue
        for text in () if expansion.deferred else expansion.words:
            parsed = parse_port(text)
            if isinstance(parsed, str):
                yield parsed, word.span


def _flag(stage: Stage, command: Command, flag: Flag) -> tuple[Expansion, Span]:
    return stage.expand(flag.value or "", command), flag.value_span or flag.span


def _transfer(stage: Stage, command: Transfer) -> Found:
    old = stage.build.tree.dialect is Dialect.V0_13
    if not command.node.plain:
        yield from _expanded(stage, command, old=old)
    if isinstance(command, Copy) and command.from_ is not None:
        yield from _copied_later(stage, command)
    if not old and command.chmod is not None:
        yield from _chmod(stage, command)
    yield from _places(stage, command)


def _expanded(stage: Stage, command: Transfer, *, old: bool) -> Found:
    flags = [command.chown, None if old else command.chmod]
    if isinstance(command, Add):
        flags.append(command.checksum)
    for flag in flags:
        if flag is not None:
            expansion, span = _flag(stage, command, flag)
            if expansion.error:
                yield expansion.error, span
    yield from _words(stage, command, (*command.sources, command.destination))
    for inline in command.inline:
        if inline.heredoc and inline.heredoc.expand:
            error = stage.expand_body(inline.heredoc.body.text, command).error
            if error:
                yield error, inline.heredoc.body_span


def _label_in(stage: Stage) -> str:
    """A stage as BuildKit names it in errors: the only stage of a file has no name there."""
    return stage.label if len(stage.build.stages) > 1 else ""


def _copied_later(stage: Stage, command: Copy) -> Found:
    for source in stage.sources_named_by(command):
        if source.stage is not None and source.stage.index > stage.index:
            current = quote(_label_in(stage))
            message = (
                f"cannot copy from stage {quote(source.name)}, it needs to be defined before current stage"
            )
            yield f"{message} {current}", source.span


def _chmod(stage: Stage, command: Transfer) -> Found:
    if command.chmod is None:
        return
    expansion, span = _flag(stage, command, command.chmod)
    mode = expansion.value
    if not mode or expansion.deferred:
        return
    number = parse_uint(mode, 8, 32)
    if number is not None and number <= 0o7777:
        return
    if number is not None or mode[0].isdigit():
        yield f"invalid chmod parameter: '{mode}'. it should be octal string and between 0 and 07777", span
    elif not _SYMBOLIC_MODE.fullmatch(mode):
        yield "invalid syntax", span


def _places(stage: Stage, command: Transfer) -> Found:
    """Rules about URLs and git repositories, and the checksum of ADD."""
    if isinstance(command, Add):
        if command.checksum is None:
            return
        places = _places_of(stage, command)
        expansion, span = _flag(stage, command, command.checksum)
        if expansion.value and len(places) != 1:
            yield "checksum can't be specified for multiple sources", span
        elif expansion.value and places[0][0] is Place.LOCAL:
            old = stage.build.tree.dialect is Dialect.V0_13
            yield (
                (
                    "checksum can't be specified for non-HTTP sources"
                    if old
                    else "checksum requires HTTP(S) or Git sources"
                ),
                span,
            )
        return
    if command.node.plain and b":" not in command.node.line.data:
        return  # all of them are paths
    for place, span in _places_of(stage, command):
        if place is Place.GIT:
            yield "source can't be a git ref for COPY", span
        elif place is Place.HTTP:
            yield "source can't be a URL for COPY", span


def _places_of(stage: Stage, command: Transfer) -> list[tuple[Place, Span]]:
    return [(place_of(stage.expand(word.value, command).value), word.span) for word in command.sources]


def _run(stage: Stage, command: Run) -> Found:
    if not command.mounts:
        return
    resolved: list[tuple[Mount, ResolvedMount]] = []
    for mount in command.mounts:
        found = mount_of(stage, command, mount)
        if isinstance(found, Problem):
            yield found.message, found.span
        else:
            resolved.append((mount, found))
    sources = {source.span: source for source in stage.sources_named_by(command)}
    for mount, found in resolved:
        field = mount.get("from")
        source = sources.get(field.value_span) if field and field.value_span else None
        yield from _mount(stage, command, mount, found, source)


def _mount(stage: Stage, command: Run, mount: Mount, found: ResolvedMount, source: Source | None) -> Found:
    span = mount.flag.span
    if found.from_ and source is not None and source.stage is not None and source.stage.index > stage.index:
        message = f"cannot mount from stage {quote(found.from_)} to {quote(found.target)}"
        yield f"{message}, stage needs to be defined before current command", source.span
    if found.type == "ssh" and found.source:
        yield "ssh does not support source", span
    if found.type in ("ssh", "secret"):
        return
    target = found.target
    if not posixpath.isabs(posixpath.normpath(target or ".")):
        workdir = stage.workdir_before(command) or ("/" if stage.config.complete else "/unknown")
        target = posixpath.normpath(posixpath.join("/", workdir, target))
    if target.rstrip("/") == "":
        field = mount.get("target", "dst", "destination")
        yield f"invalid mount target {quote('/')}", field.span if field else span


_IDLE = frozenset({Arg, Env, Label, User, Workdir})
"""Instructions of which only the expansion can fail."""
_CHECKS: dict[type[Command], Callable[..., Found]] = {
    Add: _transfer,
    Arg: _arg,
    Copy: _transfer,
    Env: _pairs,
    Expose: _expose,
    Label: _pairs,
    Run: _run,
    Stopsignal: _stopsignal,
    User: _user,
    Volume: _volume,
    Workdir: _workdir,
}
