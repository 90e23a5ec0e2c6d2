"""`.dockerignore`: reading it, and deciding what a build context leaves out, exactly as BuildKit does.

Sources: moby/patternmatcher (patternmatcher.go, ignorefile/ignorefile.go) for patterns, tonistiigi/fsutil filter.go for
the walk. Both have quirks that re-implementations miss (see `Pattern` and `IgnoreFile.walk`); they are kept here on
purpose, and recorded builds hold us to them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

import msgspec

from dockwright.text import SourceFile, Span
from dockwright.trees.paths import clean, parent

GO_SPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
"""White space as Go's unicode.IsSpace sees it."""
_LITERAL_IN_REGEXP = frozenset(".+()|{}$")
Kind = Literal["exact", "prefix", "suffix", "regexp"]


class Problem(msgspec.Struct, frozen=True):
    """A line the builder refuses (the whole build fails), with its message."""

    message: str
    span: Span
    line: int


class Pattern:
    """One pattern of an ignore file.

    `text` is cleaned (as Go's filepath.Clean does, without leading `/`), `negated` for `!`. Four kinds of matching:
    without wildcards the *exact* path; a `**` that comes first and alone is a plain *suffix* test (`**foo` matches
    `barfoo`); one that comes last and alone a plain *prefix* test; anything else is a *regexp* over the whole path.
    """

    __slots__ = ("_regexp", "kind", "line", "negated", "span", "text")

    def __init__(self, text: str, *, negated: bool, line: int, span: Span) -> None:
        self.text = text
        self.negated = negated
        self.line = line
        self.span = span
        self.kind, expression = _compile(text)
        self._regexp = re.compile(expression, re.DOTALL) if self.kind == "regexp" else None

    def __repr__(self) -> str:
        return f"Pattern({'!' if self.negated else ''}{self.text!r}, line {self.line})"

    def matches(self, path: str) -> bool:
        """True when the pattern matches this path itself (not one of its parents)."""
        if self.kind == "exact":
            return path == self.text
        if self.kind == "prefix":
            return path.startswith(self.text[:-2])
        if self.kind == "suffix":
            ending = self.text[2:]
            return path.endswith(ending) or (ending[:1] == "/" and path == ending[1:])
        assert self._regexp is not None
        return self._regexp.fullmatch(path) is not None


def _compile(text: str) -> tuple[Kind, str]:
    """Kind and regular expression of a pattern. Source: patternmatcher.go: Pattern.compile."""
    kind: Kind = "exact"
    out: list[str] = []
    at, first, end = 0, True, len(text)
    while at < end:
        char = text[at]
        at += 1
        if char == "*" and text[at : at + 1] == "*":
            at += 1
            if text[at : at + 1] == "/":
                at += 1  # `**/` is the same as `**`
            if at < end:
                out.append("(?:.*/)?")
                kind = "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                out.append(".*")
                kind = "regexp"
            if first:
                kind = "suffix"  # only for the very first token; a later wildcard makes it a regexp again
        elif char == "*":
            out.append("[^/]*")
            kind = "regexp"
        elif char == "?":
            out.append("[^/]")
            kind = "regexp"
        elif char == "\\":
            out.append(re.escape(text[at : at + 1]) if at < end else "\\\\")
            kind = "regexp" if at < end else kind
            at += 1
        elif char == "[":
            kind = "regexp"
            at = _character_class(text, at, out)
        elif char in _LITERAL_IN_REGEXP:
            out.append("\\" + char)
        elif char == "]":
            out.append("\\]")
            kind = "regexp"
        else:
            out.append(re.escape(char))
        first = False
    return kind, "".join(out)


def _character_class(text: str, at: int, out: list[str]) -> int:
    """Translate `[...]` for Python's `re`, which reads some characters in a class that Go's regexp does not."""
    end = at
    if text[end : end + 1] == "^":
        end += 1
    body_start = end
    while end < len(text) and (text[end] != "]" or end == body_start):
        end += 2 if text[end] == "\\" else 1
    body = text[body_start:end]
    escaped = re.sub(r"\\.|[\[&~|]", lambda found: found[0] if found[0][0] == "\\" else "\\" + found[0], body)
    out.append(f"[{'^' if body_start > at else ''}{escaped}]")
    return end + 1


def _syntax_error(text: str) -> bool:
    """True for a pattern Go's filepath.Match refuses (ErrBadPattern)."""
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        at += 1
        if char == "\\":
            if at >= end:
                return True
            at += 1
        elif char == "[":
            after = _skip_class(text, at)
            if after is None:
                return True
            at = after
    return False


def _skip_class(text: str, at: int) -> int | None:
    """Offset after a `[...]` that begins before `at`; None when it is malformed. Source: path/filepath: matchChunk."""
    if text[at : at + 1] == "^":
        at += 1
    count = 0
    while True:
        if text[at : at + 1] == "]" and count > 0:
            return at + 1
        after = _class_literal(text, at)
        if after is None:
            return None
        if text[after : after + 1] == "-":
            after = _class_literal(text, after + 1)
            if after is None:
                return None
        at = after
        count += 1


def _class_literal(text: str, at: int) -> int | None:
    if at >= len(text) or text[at] in "-]":
        return None
    if text[at] == "\\":
        at += 1
        if at >= len(text):
            return None
    return at + 1 if at + 1 < len(text) else None


class Verdict(msgspec.Struct, frozen=True):
    """Whether a path is left out, and the pattern that decided (None: none matched)."""

    ignored: bool
    pattern: Pattern | None = None


class _Walked(msgspec.Struct, frozen=True):
    """State handed from a directory to what lies in it: which patterns matched, and the last that did."""

    matched: tuple[bool, ...]
    verdict: Verdict


class IgnoreFile:
    """The patterns of one ignore file, and the walk that applies them to a tree."""

    def __init__(self, patterns: Sequence[Pattern], problems: Sequence[Problem], source: SourceFile) -> None:
        self.patterns = tuple(patterns)
        self.problems = tuple(problems)
        self.source = source
        self._states: dict[str, _Walked] = {}

    @property
    def path(self) -> str:
        return self.source.path

    @cached_property
    def _start(self) -> _Walked:
        return _Walked((False,) * len(self.patterns), Verdict(ignored=False))

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(p.text for p in self.patterns if not p.negated and p.kind == "exact")

    @cached_property
    def _inexact(self) -> tuple[Pattern, ...]:
        return tuple(p for p in self.patterns if not p.negated and p.kind != "exact")

    @cached_property
    def _last_negated(self) -> int:
        return max((index for index, pattern in enumerate(self.patterns) if pattern.negated), default=-1)

    def _untouched(self, path: str, above: _Walked) -> _Walked | None:
        """The state of a path that no pattern changes, which is that of most paths; None when it must be worked out.

        Nothing is inherited and no positive pattern matches: a negated one is then never evaluated. Or the folder
        above is left out, and no negated pattern stands after the one that decided: then so is all below it.
        """
        if above is self._start:
            if path in self._exact or any(pattern.matches(path) for pattern in self._inexact):
                return None
            return above
        if above.verdict.ignored and above.matched.index(True) > self._last_negated:
            return above
        return None

    def verdict(self, path: str) -> Verdict:
        """The verdict on a path by the walk: each directory above it is visited first, state handed down.

        This is not the same as testing the path alone: a negated pattern that was passed over at a directory (because
        nothing had excluded it yet) does not bring back what lies below. A directory that is left out comes back
        when something below it is kept (`kept`).
        """
        if not self.patterns or not path:
            return self._start.verdict
        return self._walk(path).verdict

    def _walk(self, path: str) -> _Walked:
        missing: list[str] = []
        here = path
        while here and here not in self._states:
            missing.append(here)
            here = parent(here)
        state = self._states[here] if here else self._start
        for step in reversed(missing):
            state = self._untouched(step, state) or self._step(step, state)
            self._states[step] = state
        return state

    def _step(self, path: str, above: _Walked) -> _Walked:
        """Source: patternmatcher.go: MatchesUsingParentResults."""
        matched = False
        decided: Pattern | None = None
        states = []
        for pattern, inherited in zip(self.patterns, above.matched, strict=True):
            hit = inherited
            if not hit:
                if pattern.negated != matched:
                    states.append(False)  # not evaluated counts as no match for what lies below
                    continue
                hit = pattern.matches(path)
            states.append(hit)
            if hit:
                matched = not pattern.negated
                decided = pattern
        return _Walked(tuple(states), Verdict(matched, decided))

    def kept(self, entries: Iterable[tuple[str, bool]]) -> set[str]:
        """What of `(path, is directory)` entries is sent; folders left out come back when something below is kept."""
        kept: set[str] = set()
        for path, _ in entries:
            if not self.verdict(path).ignored:
                kept.add(path)
                folder = parent(path)
                while folder and folder not in kept:
                    kept.add(folder)
                    folder = parent(folder)
        return kept


def read_ignore_file(source: SourceFile) -> IgnoreFile:
    """Read an ignore file. Source: ignorefile.go: ReadAll, and patternmatcher.go: New for what is refused."""
    patterns: list[Pattern] = []
    problems: list[Problem] = []
    data = source.data
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    for number, begin in enumerate(source.line_starts, 1):
        begin = max(begin, start)
        end = source.line_starts[number] - 1 if number < len(source.line_starts) else len(data)
        raw = data[begin:end]
        if raw.startswith(b"#"):  # only in column 0; ` # x` is a pattern
            continue
        text = raw.decode("utf-8", "surrogateescape")
        stripped = text.strip(GO_SPACE)
        if not stripped:
            continue
        lead = len(text[: len(text) - len(text.lstrip(GO_SPACE))].encode("utf-8", "surrogateescape"))
        span = Span(begin + lead, begin + lead + len(stripped.encode("utf-8", "surrogateescape")))
        made = _pattern(stripped, number, span)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            patterns.append(made)
    return IgnoreFile(patterns, problems, source)


def _pattern(text: str, line: int, span: Span) -> Pattern | Problem:
    negated = text.startswith("!")
    if negated:
        text = text[1:].strip(GO_SPACE)
        if not text:
            return Problem('illegal exclusion pattern: "!"', span, line)
    text = clean(text)
    if len(text) > 1 and text.startswith("/"):
        text = text[1:]
    if text.startswith("!") and not negated:  # a second reading by patternmatcher.New finds it after cleaning
        negated, text = True, clean(text[1:]) if text[1:] else ""
    if not text:
        return Problem('illegal exclusion pattern: "!"', span, line)
    if _syntax_error(text):
        return Problem(f"syntax error in pattern: {text}", span, line)
    try:
        return Pattern(text, negated=negated, line=line, span=span)
    except (re.error, OverflowError):
        return Problem(f"syntax error in pattern: {text}", span, line)


def parse_patterns(patterns: Iterable[str], path: str = ".dockerignore") -> IgnoreFile:
    """An ignore file of these lines."""
    return read_ignore_file(SourceFile(path, "\n".join(patterns).encode("utf-8", "surrogateescape")))
