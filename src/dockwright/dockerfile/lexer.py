"""The lexer behind variable expansion: quotes, escapes, `$name`, `${name}` and its operators.

Source: moby/buildkit frontend/dockerfile/shell/lex.go. Differences: nesting beyond `MAX_DEPTH`, values beyond
`MAX_SUBSTITUTED` and patterns beyond `patterns.MAX_PATTERN` are errors here.
"""

import re
from collections.abc import Callable
from functools import cache

import msgspec

from dockwright.dockerfile.patterns import PatternError, replace, trim_prefix, trim_suffix
from dockwright.dockerfile.word_collector import WordCollector
from dockwright.lazy import lazy_regex

Lookup = Callable[[str], str | None]
"""Value of a variable, None if it is not set."""

MAX_DEPTH = 100
MAX_SUBSTITUTED = 1 << 20
"""Most characters that variables may bring into one text: `ENV A=$A$A` doubles on every line."""
END = ""
"""What `Lexer.until` stops at to read the whole text."""
_SPECIAL = "@*#?-$!0"
_ASCII_NAME = lazy_regex(r"[A-Za-z0-9_]+")


class ExpansionError(Exception):
    """Ends an expansion from within; never leaves this package."""


class Options(msgspec.Struct, frozen=True):
    """The switches of BuildKit's `shell.Lex`.

    `heredocs` is how newer versions collect words: `<<` and the name after it stay one word, and `${}` clears the
    word at hand (see `WordCollector`); 0.13 does neither.
    """

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    skip_quotes: bool = False
    skip_unset: bool = False
    heredocs: bool = True


@cache
def _plain_run(escape: str, stop: str, quotes: bool, heredocs: bool) -> re.Pattern[str]:
    special = "$" + escape + stop + ("'\"" if quotes else "") + ("<" if heredocs else "")
    return re.compile("[^" + re.escape(special) + "]+")


class Lexer:
    """One pass over one text. With `words`, the text is split into words on the way."""

    __slots__ = (
        "_depth", "_lookup", "_options", "_raw_escapes", "at", "left", "text", "unset", "used", "words",
    )  # fmt: skip

    def __init__(
        self, text: str, lookup: Lookup, options: Options, words: WordCollector | None = None
    ) -> None:
        self.text = text
        self.at = 1 if text.startswith("\ufeff") else 0  # text/scanner drops a leading byte order mark
        self.used: dict[str, None] = {}
        self.unset: dict[str, None] = {}
        self.words = words
        self.left = MAX_SUBSTITUTED
        self._lookup = lookup
        self._options = options
        self._raw_escapes = options.raw_escapes
        self._depth = 0

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else END

    def _next(self) -> str:
        char = self._peek()
        self.at += 1 if char else 0
        return char

    def until(self, stop: str, *, raw_escapes: bool) -> str:
        """Process up to `stop` (or the end): Go's `processStopOn`."""
        if self._depth >= MAX_DEPTH:
            raise ExpansionError("substitutions are nested too deeply")
        outer = self._depth == 0
        self._depth += 1
        saved, self._raw_escapes = self._raw_escapes, raw_escapes
        if self.words is not None and not outer and self._options.heredocs:
            self.words.clear()
        try:
            return self._until(stop, self.words if outer else None)
        finally:
            self._raw_escapes = saved
            self._depth -= 1

    def _until(self, stop: str, words: WordCollector | None) -> str:
        options = self._options
        run = _plain_run(
            options.escape, stop, not options.skip_quotes, words is not None and options.heredocs
        )
        text = self.text
        result: list[str] = []
        while self.at < len(text):
            start = self.at
            if match := run.match(text, start):
                self.at = match.end()
                result.append(match.group())
                if words is not None:
                    words.add(match.group(), start, self.at, literal=True)
                continue
            char = text[start]
            if char == stop:
                self.at += 1
                return "".join(result)
            piece = self._escaped() if char == options.escape else self._special(char)
            result.append(piece)
            if words is not None and char == "$":
                words.add(piece, start, self.at, literal=False)
            elif words is not None and (piece or char != options.escape):
                words.add_raw(piece, start, self.at)
        if stop:
            raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
        return "".join(result)

    def _escaped(self) -> str:
        """The escape character outside quotes: the next character stands for itself."""
        self.at += 1
        return (self._options.escape if self._raw_escapes else "") + self._next()

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
        if value is None:
            self.unset.setdefault(name)
            return None
        self.used.setdefault(name)
        self.left -= len(value)
        if self.left < 0:
            raise ExpansionError("the value is too long")
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
