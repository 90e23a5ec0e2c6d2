"""Here-documents: which words of a line open one, and where their bodies end.

Source: moby/buildkit frontend/dockerfile/parser/parser.go: heredocsFromLine, ParseHeredoc. 0.13 differs: no blanks
between `<<` and the name.
"""

import re

import msgspec

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import expand_words, nothing, split_with_places
from dockwright.dockerfile.lexer import ExpansionError, Options
from dockwright.lazy import lazy_regex
from dockwright.text import MappedText

_OPENER = lazy_regex(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)", re.DOTALL)
_OPENER_0_13 = lazy_regex(r"([0-9]*)<<(-?)([^<]*)", re.DOTALL)
_LINE = Options(raw_quotes=True, raw_escapes=True, skip_unset=True)
_LINE_0_13 = Options(raw_quotes=True, raw_escapes=True, skip_unset=True, heredocs=False)
_NAME = Options(skip_unset=True)
_RAW_NAME = Options(raw_quotes=True, skip_unset=True)
_LEADING_TABS = lazy_regex(rb"^\t+", re.MULTILINE)


class Opener(msgspec.Struct, frozen=True):
    """A word that opens a heredoc; `[start, end)` are byte offsets into the joined line."""

    name: str
    descriptor: int
    expand: bool
    strip_tabs: bool
    start: int = 0
    end: int = 0


def parse_opener(word: str, dialect: Dialect = Dialect.LATEST) -> Opener | None:
    """The heredoc a word opens; None if it opens none or cannot be read: `MustParseHeredoc`."""
    try:
        return _parse(word, dialect)
    except ExpansionError:
        return None


def _parse(word: str, dialect: Dialect) -> Opener | None:
    """`ParseHeredoc`; raises ExpansionError with BuildKit's message."""
    if "<<" not in word:
        return None
    match = (_OPENER_0_13 if dialect is Dialect.V0_13 else _OPENER).fullmatch(word)
    if not match or not match.group(3):
        return None
    rest = match.group(3)
    plain = expand_words(rest, nothing, _NAME)
    if plain.error:
        raise ExpansionError(plain.error)
    if len(plain.words) != 1:
        return None
    raw = expand_words(rest, nothing, _RAW_NAME)
    if raw.error:
        raise ExpansionError(raw.error)
    if len(raw.words) != 1:
        raise ExpansionError(f"internal lexing of heredoc produced inconsistent results: {rest}")
    name = plain.words[0]
    descriptor = min(int(match.group(1)[:20] or 0), 2**64 - 1)
    return Opener(name, descriptor, _quotes(name) == _quotes(raw.words[0]), bool(match.group(2)))


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')


def openers(line: bytes, dialect: Dialect) -> tuple[list[Opener], str | None]:
    """All heredocs that a joined line opens, in order; none and a message if one of them cannot be read.

    A line with an unclosed quote opens none.
    """
    text = line.decode("utf-8", "surrogateescape")
    found: list[Opener] = []
    for word, (start, end) in split_with_places(text, _LINE_0_13 if dialect is Dialect.V0_13 else _LINE):
        try:
            opener = _parse(word, dialect)
        except ExpansionError as error:
            return [], str(error)
        if opener is not None:
            start, end = _byte_offset(line, text, start), _byte_offset(line, text, end)
            found.append(msgspec.structs.replace(opener, start=start, end=end))
    return found, None


def _byte_offset(line: bytes, text: str, at: int) -> int:
    if len(line) == len(text):
        return at
    return len(text[:at].encode("utf-8", "surrogateescape"))


def body_text(data: bytes, start: int, end: int, *, strip_tabs: bool) -> MappedText:
    """The body `data[start:end]` as it is used, mapped to the file."""
    raw = data[start:end]
    if not strip_tabs or b"\t" not in raw:
        return MappedText(raw, [(0, start)], end)
    parts: list[bytes] = []
    pieces: list[tuple[int, int]] = []
    length = at = 0
    for match in _LEADING_TABS.finditer(raw):
        if match.start() > at:
            parts.append(raw[at : match.start()])
            pieces.append((length, start + at))
            length += match.start() - at
        at = match.end()
    if at < len(raw) or not pieces:
        parts.append(raw[at:])
        pieces.append((length, start + at))
    return MappedText(b"".join(parts), pieces, end)


def is_only_opener(text: str, dialect: Dialect) -> bool:
    """True if a RUN's whole text is one heredoc opener, so that the body itself is the script."""
    return parse_opener(text, dialect) is not None
