"""`.env` and `env_file` files, read as compose reads them, each assignment with its place.

Source of the rules: compose-spec/compose-go dotenv/parser.go and godotenv.go. `KEY=value`, `KEY: value`,
`export KEY=value`, `KEY` alone (taken from the environment). Unquoted values end at ` #` or the line's end and know no
backslash escapes; single quotes are literal; double quotes know escapes and may, like single ones, span lines; what
follows a closing quote is the next statement. Variables are expanded outside single quotes, the environment before
the file's own earlier lines. Compose stops at the first error; here the rest of the file is read too, and `problems`
says that compose would not load it. A last line of one bare word without a line break names nothing in compose-go (it
lands under an empty name) and is left out.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from functools import cached_property

from dockwright.compose.interpolate import Resolved, Template
from dockwright.compose.yaml.nodes import Problem
from dockwright.lazy import lazy_regex
from dockwright.record import Record
from dockwright.source_file import SourceFile, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.text import Span

_START = lazy_regex(r"(?:\s++|#[^\n]*+)*+")
_EXPORT = lazy_regex(r"export(?=\s)[\t\v\f\r \x85\xa0]*+")
_SPACES = lazy_regex(r"[\t\v\f\r \x85\xa0]*+")
_KEY = lazy_regex(r"[\w.\-\[\]\t\v\f\r \x85\xa0]*+")
_QUOTED = {
    "'": lazy_regex(r"(?:[^'\\]++|\\.)*+'", re.DOTALL),
    '"': lazy_regex(r'(?:[^"\\]++|\\.)*+"', re.DOTALL),
}
_ESCAPE = lazy_regex(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_CHARACTERS = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    '"': '"',
    "\\": "\\",
}


class Assignment(Record):
    """One statement. `text` is the value before expansion, None for a name alone; `quote` is "", "'" or '"'."""

    name: str
    text: str | None
    quote: str
    key_at: tuple[int, int]
    value_at: tuple[int, int]
    """Byte offsets of the value with its quotes; empty, behind the name, for a name alone."""

    @property
    def key_span(self) -> Span:
        """The name."""
        return span_of(*self.key_at)

    @property
    def value_span(self) -> Span:
        """The value."""
        return span_of(*self.value_at)

    @property
    def span(self) -> Span:
        """From the name to the end of the value."""
        return span_of(self.key_at[0], self.value_at[1])

    @property
    def template(self) -> Template:
        """The value taken apart; single-quoted values use no variables."""
        text = self.text or ""
        return Template(text, (text,)) if self.quote == "'" else Template.parse(text)


class Values(Record):
    """What a file sets: `values`; names of `unset` variables it used; `errors` that keep compose from loading it."""

    values: dict[str, str]
    unset: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class DotEnv:
    """One env file, read."""

    def __init__(
        self, source: SourceFile, assignments: tuple[Assignment, ...], problems: tuple[Problem, ...]
    ) -> None:
        self.source = source
        self.path = source.path
        self.assignments = assignments
        self.problems = problems
        self.nameless: Assignment | None = None
        """A bare word that ends the file without a line break: compose-go sets the empty name to it."""

    @cached_property
    def by_name(self) -> dict[str, Assignment]:
        """The assignment that holds for each name: the last."""
        return {found.name: found for found in self.assignments}

    def values(
        self, env: Mapping[str, str] | None = None, earlier: Mapping[str, str] | None = None
    ) -> Values:
        """The variables the file sets under an environment; `earlier` are those of env files read before it."""
        env = env or {}
        out: dict[str, str] = dict(earlier or {})
        known: ChainMap[str, str] = ChainMap(dict(env), out)
        unset: list[str] = []
        errors: list[str] = [problem.message for problem in self.problems]
        for assignment in self.assignments:
            if assignment.text is None:
                if assignment.name in env:
                    out[assignment.name] = env[assignment.name]
                continue
            found: Resolved = assignment.template.resolved(known)
            unset.extend(found.unset)
            errors.extend(found.errors)
            out[assignment.name] = found.filled
        return Values(out, tuple(dict.fromkeys(unset)), tuple(errors))


def parse(data: bytes, path: str = ".env") -> DotEnv:
    """Read an env file; never raises."""
    return _Reader(SourceFile(path, data)).read()


class _Reader:
    """Reads statements one after the other; offsets are characters, spans are made in order as bytes."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.text = source.data.decode("utf-8", "surrogateescape")
        self.ascii = len(self.text) == len(source.data)
        self.at = 1 if self.text.startswith("\ufeff") else 0
        self.assignments: list[Assignment] = []
        self.problems: list[Problem] = []
        self.nameless: Assignment | None = None
        self._mark = (0, 0)

    def read(self) -> DotEnv:
        while True:
            start = _START.match(self.text, self.at)
            self.at = start.end() if start else self.at
            if self.at >= len(self.text):
                break
            self.statement()
        found = DotEnv(self.source, tuple(self.assignments), tuple(self.problems))
        found.nameless = self.nameless
        return found

    def bytes_of(self, start: int, end: int) -> tuple[int, int]:
        """Byte offsets of characters; `start` is never before the last one asked for."""
        if self.ascii:
            return start, end
        chars, size = self._mark
        size += len(self.text[chars:start].encode("utf-8", "surrogateescape"))
        self._mark = (start, size)
        return size, size + len(self.text[start:end].encode("utf-8", "surrogateescape"))

    def fail(self, message: str, start: int, end: int) -> None:
        """Note an error and go on at the next line."""
        span = span_of(*self.bytes_of(start, max(end, start)))
        self.problems.append(Problem("syntax", message, span))
        newline = self.text.find("\n", max(start, self.at))
        self.at = len(self.text) if newline < 0 else newline

    def statement(self) -> None:
        """One assignment, at its first character."""
        text = self.text
        exported = _EXPORT.match(text, self.at)
        start = exported.end() if exported else self.at
        key = _KEY.match(text, start)
        end = key.end() if key else start
        if end >= len(text):
            self.at = end
            word = text[start:end].rstrip()
            if word:
                here = self.bytes_of(start, start + len(word))
                self.nameless = Assignment("", word, "", (here[0], here[0]), here)
            return
        name = text[start:end].rstrip()
        if text[end] not in "=:\n":
            self.fail(f"unexpected character {text[end]!r} in variable name {name[:60]!r}", end, end + 1)
        elif " " in name:
            self.fail(f"variable name {name[:60]!r} holds a space", start, start + len(name))
        elif text[end] == "\n":
            here = self.bytes_of(start, start + len(name))
            self.at = end
            if name:
                self.assignments.append(Assignment(name, None, "", here, (here[1], here[1])))
        else:
            self.value(name, start, end + 1)

    def value(self, name: str, start: int, at: int) -> None:
        """The value behind `=`, from `at`."""
        text = self.text
        spaces = _SPACES.match(text, at)
        at = spaces.end() if spaces else at
        quote = text[at] if at < len(text) and text[at] in "'\"" else ""
        if quote:
            closed = _QUOTED[quote].match(text, at + 1)
            if closed is None:
                self.fail("quoted value is not closed", at, at + 1)
                return
            end = closed.end()
            value = _unquote(text[at + 1 : end - 1], quote)
            self.at = end
        else:
            newline = text.find("\n", at)
            self.at = len(text) if newline < 0 else newline
            comment = text.find(" #", at, self.at)
            value = text[at : self.at if comment < 0 else comment].rstrip()
            end = at + len(value)
        key_span = self.bytes_of(start, start + len(name))
        self.assignments.append(Assignment(name, value, quote, key_span, self.bytes_of(at, end)))


def _unquote(text: str, quote: str) -> str:
    text = text.replace("\\" + quote, quote) if "\\\\" not in text else _unescape_quote(text, quote)
    return _ESCAPE.sub(_escape, text) if quote == '"' else text


def _unescape_quote(text: str, quote: str) -> str:
    r"""A backslash that a backslash stands before does not escape the quote (parser.go: extractVarValue)."""
    return re.sub(r"\\(.)", lambda found: quote if found[1] == quote else found[0], text, flags=re.DOTALL)


def _escape(found: re.Match[str]) -> str:
    r"""One escape of a double-quoted value; `\c` stays, octals need exactly three digits behind `\0` (Go's rule)."""
    body = found[0][1:]
    if body == "$":
        return "$$"
    if body.startswith("0"):
        digits = body[1:]
        value = int(digits, 8) if len(digits) == 3 and not set(digits) & set("89") else 256
        return chr(value) if value < 256 else found[0]
    return _CHARACTERS.get(body, found[0])
