"""Variable expansion and word splitting, as BuildKit does it.

Source: moby/buildkit frontend/dockerfile/shell/lex.go. Kept on purpose: nested operators clear the word that is
being collected when a text is split into words (`wordsBuffer` is shared there), so `80${P:-80}` gives `80`.
Differences: nesting beyond `MAX_DEPTH` and patterns whose work would exceed `patterns.MAX_WORK` are errors here.
"""

import re
from collections.abc import Callable
from functools import cache

import msgspec

from dockwright.dockerfile.golang import SPACES, quote
from dockwright.dockerfile.patterns import PatternError, replace, trim_prefix, trim_suffix

Lookup = Callable[[str], str | None]
"""Value of a variable, None if it is not set."""

MAX_DEPTH = 100
_EOF = ""
_SPECIAL = "@*#?-$!0"
_ASCII_NAME = re.compile(r"[A-Za-z0-9_]+")
_NOT_SPACE = re.compile(rf"[^{SPACES}]+|[{SPACES}]+")
_NEEDS_WORK = re.compile(r"[$'\"\\`<\ufeff]")


class Expansion(msgspec.Struct, frozen=True):
    """The result of an expansion.

    `value` is the text (for words: see `words`). `used` are the variables read that were set, `unset` those that
    were not, each once, in order of reading. `error` is BuildKit's message; then `value` is empty.
    """

    value: str = ""
    words: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    error: str | None = None


class ExpansionError(Exception):
    """Ends an expansion from within; never leaves this package."""


class Options(msgspec.Struct, frozen=True):
    """The switches of BuildKit's `shell.Lex`."""

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    skip_quotes: bool = False
    skip_unset: bool = False


_PLAIN = Options()
_BACKTICK = Options(escape="`")
HEREDOC_BODY = Options(skip_quotes=True)
"""How unquoted heredoc bodies of COPY and ADD are expanded: variables only, always with a backslash."""


def options_for(escape: str) -> Options:
    return _PLAIN if escape == "\\" else _BACKTICK


def nothing(_: str) -> str | None:
    """A lookup in which no variable is set."""
    return None


def expand(word: str, lookup: Lookup, options: Options = _PLAIN) -> Expansion:
    """Expand variables and take off quotes: BuildKit's `ProcessWord`."""
    if not _NEEDS_WORK.search(word):
        return Expansion(value=word)
    lexer = _Lexer(word, lookup, options)
    try:
        value = lexer.until(_EOF, raw_escapes=options.raw_escapes)
    except ExpansionError as error:
        return lexer.failed(str(error))
    return Expansion(value=value, used=tuple(lexer.used), unset=tuple(lexer.unset))


def expand_words(text: str, lookup: Lookup, options: Options = _PLAIN) -> Expansion:
    """Expand, then split at white space outside quotes: BuildKit's `ProcessWords`."""
    lexer = _Lexer(text, lookup, options, collect=True)
    try:
        value = lexer.until(_EOF, raw_escapes=options.raw_escapes)
    except ExpansionError as error:
        return lexer.failed(str(error))
    lexer.flush()
    words = tuple(word for word, _ in lexer.words)
    return Expansion(value=value, words=words, used=tuple(lexer.used), unset=tuple(lexer.unset))


def split_with_places(text: str, options: Options) -> list[tuple[str, tuple[int, int]]]:
    """The words of a text with the range of characters each came from; empty on any error."""
    lexer = _Lexer(text, nothing, options, collect=True)
    try:
        lexer.until(_EOF, raw_escapes=options.raw_escapes)
    except ExpansionError:
        return []
    lexer.flush()
    return lexer.words


@cache
def _plain_run(escape: str, stop: str, quotes: bool, collect: bool) -> re.Pattern[str]:
    special = "$" + escape + stop + ("'\"" if quotes else "") + ("<" if collect else "")
    return re.compile("[^" + re.escape(special) + "]+")


class _Lexer:
    """One pass over one text."""

    __slots__ = (
        "_buffer", "_collect", "_depth", "_end", "_in_word", "_lookup", "_options", "_raw_escapes", "_start",
        "at", "text", "unset", "used", "words",
    )  # fmt: skip

    def __init__(self, text: str, lookup: Lookup, options: Options, *, collect: bool = False) -> None:
        self.text = text
        self.at = 1 if text.startswith("\ufeff") else 0  # text/scanner drops a leading byte order mark
        self.used: dict[str, None] = {}
        self.unset: dict[str, None] = {}
        self.words: list[tuple[str, tuple[int, int]]] = []
        self._lookup = lookup
        self._options = options
        self._raw_escapes = options.raw_escapes
        self._depth = 0
        self._collect = collect
        self._buffer: list[str] = []
        self._in_word = False
        self._start = self._end = 0

    def failed(self, message: str) -> Expansion:
        return Expansion(
            used=tuple(self.used),
            unset=tuple(self.unset),
            error=f"failed to process {quote(self.text)}: {message}",
        )

    # -- collecting words (only at the outermost level; deeper levels merely clear the buffer, see module docstring)

    def flush(self) -> None:
        if self._buffer:
            self.words.append(("".join(self._buffer), (self._start, self._end)))
            self._buffer.clear()
            self._in_word = False

    def _add_raw(self, piece: str, start: int) -> None:
        if not self._buffer:
            self._start = start
        if piece:
            self._buffer.append(piece)
        self._end = self.at
        self._in_word = True

    def _add(self, piece: str, start: int, *, literal: bool) -> None:
        """Add text that is split at white space. `literal`: its characters stand in the source from `start` on."""
        for match in _NOT_SPACE.finditer(piece):
            run = match.group()
            if run[0].isspace() and run[0] not in "\x1c\x1d\x1e\x1f":
                if self._in_word:
                    self.flush()
                continue
            if not self._buffer:
                self._start = start + match.start() if literal else start
            self._buffer.append(run)
            self._end = start + match.end() if literal else self.at
            self._in_word = True

    # -- the grammar

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else _EOF

    def _next(self) -> str:
        char = self._peek()
        self.at += 1 if char else 0
        return char

    def until(self, stop: str, *, raw_escapes: bool) -> str:
        """Process up to `stop` (or the end): Go's `processStopOn`."""
        outer = self._depth == 0
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpansionError("substitutions are nested too deeply")
        saved, self._raw_escapes = self._raw_escapes, raw_escapes
        if not outer:
            self._buffer.clear()
        try:
            return self._until(stop, collect=outer and self._collect)
        finally:
            self._raw_escapes = saved
            self._depth -= 1

    def _until(self, stop: str, *, collect: bool) -> str:
        options = self._options
        run = _plain_run(options.escape, stop, not options.skip_quotes, collect)
        text = self.text
        result: list[str] = []
        while self.at < len(text):
            start = self.at
            if match := run.match(text, start):
                self.at = match.end()
                result.append(match.group())
                if collect:
                    self._add(match.group(), start, literal=True)
                continue
            char = text[start]
            if char == stop:
                self.at += 1
                return "".join(result)
            if char == options.escape:
                piece = self._escaped(collect=collect)
            else:
                piece = self._special(char)
                if collect and char == "$":
                    self._add(piece, start, literal=False)
                elif collect:
                    self._add_raw(piece, start)
            result.append(piece)
        if stop:
            raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
        return "".join(result)

    def _escaped(self, *, collect: bool) -> str:
        """The escape character outside quotes: the next character stands for itself."""
        start = self.at
        self.at += 1
        piece = (self._options.escape if self._raw_escapes else "") + self._next()
        if collect and piece:
            self._add_raw(piece, start)
        return piece

    def _special(self, char: str) -> str:
        if char == "$":
            return self._dollar()
        if char == "'":
            return self._single_quoted()
        if char == '"':
            return self._double_quoted()
        return self._possible_heredoc()

    def _possible_heredoc(self) -> str:
        start = self.at
        self.at += 1
        if self._peek() == "<":
            self.at += 1
            while self._peek() and self._peek() in "\t\r ":
                self.at += 1
        return self.text[start : self.at]

    def _single_quoted(self) -> str:
        start = self.at
        end = self.text.find("'", start + 1)
        if end < 0:
            self.at = len(self.text)
            raise ExpansionError("unexpected end of statement while looking for matching single-quote")
        self.at = end + 1
        return self.text[start : end + 1] if self._options.raw_quotes else self.text[start + 1 : end]

    def _double_quoted(self) -> str:
        options = self._options
        mark = '"' if options.raw_quotes else ""
        run = _plain_run(options.escape, '"', False, False)
        result = [mark]
        self.at += 1
        while self.at < len(self.text):
            if match := run.match(self.text, self.at):
                self.at = match.end()
                result.append(match.group())
                continue
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                result.append(mark)
                return "".join(result)
            result.append(self._dollar() if char == "$" else self._escaped_in_quotes())
        raise ExpansionError("unexpected end of statement while looking for matching double-quote")

    def _escaped_in_quotes(self) -> str:
        escape = self._options.escape
        self.at += 1
        kept = escape if self._raw_escapes else ""
        following = self._peek()
        if not following:
            return kept
        if following in ('"', "$", escape):
            self.at += 1
            return kept + following
        return kept + escape

    def _name(self) -> str:
        """A variable's name, a run of digits, or one special parameter: Go's `processName`."""
        first = self._peek()
        if first.isdecimal():
            start = self.at
            while self._peek().isdecimal():
                self.at += 1
            return self.text[start : self.at]
        if first and first in _SPECIAL:
            self.at += 1
            return first
        start = self.at
        while True:
            if match := _ASCII_NAME.match(self.text, self.at):
                self.at = match.end()
            char = self._peek()
            if not (char.isalpha() or char.isdecimal()):
                return self.text[start : self.at]
            self.at += 1

    def _get(self, name: str) -> str | None:
        value = self._lookup(name)
        (self.unset if value is None else self.used).setdefault(name)
        return value

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            if not name:
                return "$"
            value = self._get(name)
            if value is None:
                return "$" + name if self._options.skip_unset else ""
            return value
        self.at += 1
        following = self._peek()
        if not following:
            raise ExpansionError("syntax error: missing '}'")
        if following in "{}:":
            raise ExpansionError("syntax error: bad substitution")
        return self._braced(self._name())

    def _braced(self, name: str) -> str:
        operator = self._next()
        if operator == "}":
            value = self._get(name)
            if value is None:
                return f"${{{name}}}" if self._options.skip_unset else ""
            return value
        if operator == "/":
            return self._replacement(name)
        colon = operator == ":"
        if colon:
            operator = self._next()
        shown = (":" if colon else "") + (operator or "\ufffd")
        trims = operator in ("#", "%")
        if not colon and not (trims or operator in ("+", "-", "?")):
            raise ExpansionError(f"unsupported modifier ({shown}) in substitution")
        if colon and trims:
            raise ExpansionError(f"unsupported modifier ({shown}) in substitution")
        word = self._operand("}", "syntax error: missing '}'", raw_escapes=trims)
        value = self._get(name)
        if value is None and self._options.skip_unset:
            return f"${{{name}{shown}{word}}}"
        return self._operate(name, operator, shown, word, value, colon=colon)

    def _operand(self, stop: str, missing: str, *, raw_escapes: bool) -> str:
        try:
            return self.until(stop, raw_escapes=raw_escapes)
        except ExpansionError as error:
            if self.at >= len(self.text) and self._depth < MAX_DEPTH:
                raise ExpansionError(missing) from error
            raise

    def _operate(
        self, name: str, operator: str, shown: str, word: str, value: str | None, *, colon: bool
    ) -> str:
        absent = value is None or (colon and value == "")
        if operator == "-":
            return word if absent else value or ""
        if operator == "+":
            return "" if absent else word
        if operator == "?":
            if absent:
                state = "unset" if value is None else "empty"
                raise ExpansionError(f"{name}: {word or f'is not allowed to be {state}'}")
            return value or ""
        if operator not in ("#", "%"):
            raise ExpansionError(f"unsupported modifier ({shown}) in substitution")
        greedy = word[:1] == operator
        pattern = word[1:] if greedy else word
        trim = trim_prefix if operator == "#" else trim_suffix
        try:
            return trim(pattern, value or "", greedy=greedy)
        except PatternError as error:
            raise ExpansionError(f"invalid pattern ({error.pattern}) in substitution: {error}") from error

    def _replacement(self, name: str) -> str:
        everywhere = self._peek() == "/"
        if everywhere:
            self.at += 1
        pattern = self._operand("/", "syntax error: missing '/' in ${}", raw_escapes=True)
        replacement = self._operand("}", "syntax error: missing '}'", raw_escapes=True)
        value = self._get(name)
        if value is None and self._options.skip_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        try:
            return replace(pattern, value or "", replacement, everywhere=everywhere)
        except PatternError as error:
            raise ExpansionError(f"invalid pattern ({error.pattern}) in substitution: {error}") from error
