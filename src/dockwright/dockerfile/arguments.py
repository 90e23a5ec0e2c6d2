"""How the text after keyword and flags falls into arguments, by instruction.

Source: moby/buildkit frontend/dockerfile/parser/line_parsers.go and the `dispatch` table in parser.go.
"""

from collections.abc import Callable
from functools import lru_cache

import msgspec

from dockwright.dockerfile import json_form
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import lstrip, quote
from dockwright.dockerfile.words import BLANKS, LIST_WORD, MAX_REMEMBERED, quoted_words

HEREDOC_KEYWORDS = frozenset({"RUN", "COPY", "ADD"})


class Argument(msgspec.Struct, frozen=True, gc=False):
    """One argument: `[start, end)` in the joined line; `value` only where it differs from that text (JSON)."""

    start: int
    end: int
    value: str | None = None


class Arguments(msgspec.Struct, frozen=True):
    """The arguments of an instruction. `legacy`: `KEY value` of ENV and LABEL. `error`: why they are refused."""

    items: tuple[Argument, ...] = ()
    json: bool = False
    legacy: bool = False
    error: str | None = None


_NONE = Arguments()
_Reader = Callable[[bytes, int, int, str, Dialect], Arguments]


def read_arguments(name: str, line: bytes, span: tuple[int, int], escape: str, dialect: Dialect) -> Arguments:
    """Arguments of instruction `name` (upper case) in `line[span[0]:span[1]]`; unknown instructions have none."""
    reader = _READERS.get(name)
    start, end = span
    if reader is None or start >= end:
        return _NONE
    if reader is _text or (reader is _json_or_text and line[start] != 0x5B):
        return Arguments((Argument(start, end),))
    if len(line) > MAX_REMEMBERED:
        return reader(line, start, end, escape, dialect)
    return _remembered(reader, line, start, end, escape, dialect)


@lru_cache(4096)
def _remembered(
    reader: _Reader, line: bytes, start: int, end: int, escape: str, dialect: Dialect
) -> Arguments:
    return reader(line, start, end, escape, dialect)


def _json(line: bytes, start: int, end: int, dialect: Dialect) -> Arguments | None:
    """The JSON form, None if the text is not a JSON array."""
    if line[start] != 0x5B:
        return None
    text = line if end == len(line) else line[:end]
    verdict, strings = json_form.read(text, start, trailing=dialect is Dialect.V0_13)
    if verdict is json_form.Verdict.NOT_JSON:
        return None
    if verdict is json_form.Verdict.NOT_STRINGS:
        return Arguments(error=json_form.NOT_STRINGS)
    return Arguments(tuple([Argument(one.start, one.end, one.value) for one in strings]), json=True)


def _text(_line: bytes, start: int, end: int, _escape: str, _dialect: Dialect) -> Arguments:
    return Arguments((Argument(start, end),))


def _json_or_text(line: bytes, start: int, end: int, escape: str, dialect: Dialect) -> Arguments:
    return _json(line, start, end, dialect) or _text(line, start, end, escape, dialect)


def _list(line: bytes, start: int, end: int, _escape: str, _dialect: Dialect) -> Arguments:
    return Arguments(tuple([Argument(*match.span()) for match in LIST_WORD.finditer(line, start, end)]))


def _json_or_list(line: bytes, start: int, end: int, escape: str, dialect: Dialect) -> Arguments:
    return _json(line, start, end, dialect) or _list(line, start, end, escape, dialect)


def _quoted(line: bytes, start: int, end: int, escape: str, _dialect: Dialect) -> Arguments:
    return Arguments(
        tuple([Argument(word.start, word.end) for word in quoted_words(line, start, end, escape)])
    )


def _pairs(keyword: str) -> _Reader:
    """ENV and LABEL: `parseNameVal`."""

    def read(line: bytes, start: int, end: int, escape: str, _dialect: Dialect) -> Arguments:
        words = quoted_words(line, start, end, escape)
        if not words:
            return _NONE
        if b"=" not in line[words[0].start : words[0].end]:
            blank = BLANKS.search(line, start, end)
            if not blank:
                return Arguments((Argument(start, end),), error=f"{keyword} must have two arguments")
            return Arguments((Argument(start, blank.start()), Argument(blank.end(), end)), legacy=True)
        error = None
        for word in words:
            if b"=" not in line[word.start : word.end]:
                shown = quote(line[word.start : word.end].decode("utf-8", "surrogateescape"))
                error = f"Syntax error - can't find = in {shown}. Must be of the form: name=value"
                break
        return Arguments(tuple([Argument(word.start, word.end) for word in words]), error=error)

    return read


_LATIN_SPACE = frozenset(b"\t\n\v\f\r \x85\xa0")


def _healthcheck(line: bytes, start: int, end: int, escape: str, dialect: Dialect) -> Arguments:
    """A type, then what RUN takes: `parseHealthConfig` (which walks bytes: 0x85 and 0xA0 are white space)."""
    kind_end = next((at for at in range(start, end) if line[at] in _LATIN_SPACE), end)
    if kind_end == start:
        return _NONE
    rest = next((at for at in range(kind_end, end) if line[at] not in _LATIN_SPACE), end)
    kind = Argument(start, kind_end)
    if rest == end:
        return Arguments((kind,))
    array = end - len(lstrip(line[rest:end]))  # JSON may have wider white space before it
    command = array < end and _json(line, array, end, dialect)
    command = command or _text(line, rest, end, escape, dialect)
    return Arguments((kind, *command.items), json=command.json, error=command.error)


_READERS: dict[str, _Reader] = {
    "ADD": _json_or_list,
    "ARG": _quoted,
    "CMD": _json_or_text,
    "COPY": _json_or_list,
    "ENTRYPOINT": _json_or_text,
    "ENV": _pairs("ENV"),
    "EXPOSE": _list,
    "FROM": _list,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _pairs("LABEL"),
    "MAINTAINER": _text,
    "RUN": _json_or_text,
    "SHELL": _json_or_text,
    "STOPSIGNAL": _text,
    "USER": _text,
    "VOLUME": _json_or_list,
    "WORKDIR": _text,
}

KEYWORDS = (*_READERS, "ONBUILD")
"""All instruction names."""
