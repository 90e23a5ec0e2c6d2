"""From a syntax node to a typed instruction, with BuildKit's checks in BuildKit's order.

Source: moby/buildkit frontend/dockerfile/instructions/parse.go. An instruction that is refused becomes `Invalid`.
"""

import re
from collections.abc import Callable

from dockwright.dockerfile.arguments import KEYWORDS
from dockwright.dockerfile.golang import did_you_mean, quote
from dockwright.dockerfile.instructions.flags import RefusedError, check_flags, flags_of
from dockwright.dockerfile.instructions.healthcheck import read_healthcheck
from dockwright.dockerfile.instructions.run import read_run
from dockwright.dockerfile.instructions.scripts import of_word
from dockwright.dockerfile.instructions.transfer import read_add, read_copy
from dockwright.dockerfile.instructions.types import (
    Arg,
    Cmd,
    Command,
    Declaration,
    Entrypoint,
    Env,
    Expose,
    Form,
    From,
    Invalid,
    Label,
    Maintainer,
    Onbuild,
    Pair,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from dockwright.dockerfile.nodes import Layer, Problem, Word
from dockwright.dockerfile.syntax import Instruction
from dockwright.lazy import lazy_regex
from dockwright.text import Span

_STAGE_NAME = lazy_regex(r"[a-z][a-z0-9\-_.]*")
_ONBUILD = lazy_regex(r"^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*", re.IGNORECASE)


def read_command(node: Instruction) -> Command:
    """The typed instruction; `Invalid` with the problem if BuildKit refuses it."""
    problem = node.problem if node.refused else None
    if problem is not None:
        return Invalid(node, problem)
    reader = _READERS.get(node.name, _unknown)
    try:
        return reader(node)
    except RefusedError as error:
        lines = (node.first_line, node.last_line)
        return Invalid(node, Problem(error.message, error.span or node.line_span, lines, Layer.INSTRUCTION))


def _unknown(node: Instruction) -> Command:
    word = node.keyword.value
    message = f"unknown instruction: {word}"
    raise RefusedError(did_you_mean(message, word, list(KEYWORDS), case_sensitive=False), node.keyword.span)


def form(node: Instruction) -> Form:
    return "json" if node.json else "shell"


def _at_least_one(node: Instruction) -> tuple[Word, ...]:
    if not node.arguments:
        raise RefusedError(f"{node.name} requires at least one argument")
    return node.arguments


def _exactly_one(node: Instruction) -> Word:
    if len(node.arguments) != 1:
        raise RefusedError(f"{node.name} requires exactly one argument")
    return node.arguments[0]


def _from(node: Instruction) -> Command:
    words = node.arguments
    name = ""
    as_word = alias = None
    if len(words) == 3 and words[1].value.casefold() == "as":
        as_word, alias = words[1], words[2]
        name = alias.value.lower()
        if not _STAGE_NAME.fullmatch(name):
            message = f"invalid name for build stage: {quote(alias.value)}, "
            raise RefusedError(message + "name can't start with a number or contain symbols", alias.span)
    elif len(words) != 1:
        raise RefusedError("FROM requires either one or three arguments")
    platform = flags_of(node).one("platform")
    return From(node, image=words[0], platform=platform, as_word=as_word, alias=alias, stage_name=name)


def _pairs(node: Instruction) -> tuple[Pair, ...]:
    check_flags(node)
    places = node.places
    if not places:
        raise RefusedError(f"{node.name} requires at least one argument")
    word = node.word
    if node.legacy:
        key, value = word(places[0].start, places[0].end), word(places[1].start, places[1].end)
        return (Pair(key, value, Span(key.span.start, value.span.end), legacy=True),)
    pairs = []
    line = node.line
    for place in places:
        start, end = place.start, place.end
        middle = line.data.index(b"=", start, end)
        span = line.span(start, end)
        if middle == start:
            raise RefusedError(f"{node.name} names can not be blank", span)
        pairs.append(Pair(word(start, middle), word(middle + 1, end), span, legacy=False))
    return tuple(pairs)


def _env(node: Instruction) -> Command:
    return Env(node, pairs=_pairs(node))


def _label(node: Instruction) -> Command:
    return Label(node, pairs=_pairs(node))


def _arg(node: Instruction) -> Command:
    declarations = []
    places = node.places
    if not places:
        raise RefusedError(f"{node.name} requires at least one argument")
    line, word = node.line, node.word
    for place in places:
        start, end = place.start, place.end
        middle = line.data.find(b"=", start, end)
        if middle < 0:
            name = word(start, end)
            declarations.append(Declaration(name, None, name.span))
            continue
        span = line.span(start, end)
        if middle == start:
            raise RefusedError("ARG names can not be blank", span)
        declarations.append(Declaration(word(start, middle), word(middle + 1, end), span))
    return Arg(node, declarations=tuple(declarations))


def _maintainer(node: Instruction) -> Command:
    word = _exactly_one(node)
    check_flags(node)
    return Maintainer(node, maintainer=word)


def _workdir(node: Instruction) -> Command:
    word = _exactly_one(node)
    check_flags(node)
    return Workdir(node, path=word)


def _user(node: Instruction) -> Command:
    word = _exactly_one(node)
    check_flags(node)
    return User(node, user=word)


def _stopsignal(node: Instruction) -> Command:
    return Stopsignal(node, signal=_exactly_one(node))  # flags are never looked at here


def _expose(node: Instruction) -> Command:
    words = _at_least_one(node)
    check_flags(node)
    return Expose(node, ports=words)


def _volume(node: Instruction) -> Command:
    words = _at_least_one(node)
    check_flags(node)
    for word in words:
        if not word.value.strip():
            raise RefusedError("VOLUME specified can not be an empty string", word.span)
    return Volume(node, form=form(node), paths=words)


def _cmd(node: Instruction) -> Command:
    check_flags(node)
    words = node.arguments
    return Cmd(node, form=form(node), words=words, script=of_word(node, () if node.json else words))


def _entrypoint(node: Instruction) -> Command:
    check_flags(node)
    words = node.arguments
    return Entrypoint(node, form=form(node), words=words, script=of_word(node, () if node.json else words))


def _shell(node: Instruction) -> Command:
    check_flags(node)
    words = _at_least_one(node)
    if not node.json:
        raise RefusedError("SHELL requires the arguments to be in JSON form", node.body_span)
    return Shell(node, words=words)


def _onbuild(node: Instruction) -> Command:
    inner = node.nested
    if inner is None:
        raise RefusedError("ONBUILD requires at least one argument")
    check_flags(node)
    trigger = inner.keyword.value.strip().upper()
    if trigger == "ONBUILD":
        message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
        raise RefusedError(message, inner.keyword.span)
    if trigger in ("MAINTAINER", "FROM"):
        raise RefusedError(f"{trigger} isn't allowed as an ONBUILD trigger", inner.keyword.span)
    expression = _ONBUILD.sub("", node.original, count=1)
    for heredoc in node.heredocs:
        expression += "\n" + heredoc.content.decode("utf-8", "surrogateescape") + heredoc.name
    return Onbuild(node, trigger=read_command(inner), expression=expression)


_READERS: dict[str, Callable[[Instruction], Command]] = {
    "ADD": read_add,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": read_copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": read_healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _onbuild,
    "RUN": read_run,
    "SHELL": _shell,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
