"""One pattern of an ignore file, compiled as moby/patternmatcher does, with its four kinds of matching.

Source: patternmatcher.go: New and Pattern.compile; what is refused: Go path/filepath: Match.
"""

import re
from functools import cached_property
from typing import Literal

import msgspec

from dockwright.text import Span
from dockwright.trees.go_match import refused_at_once
from dockwright.trees.go_regexp import BadExpression, parse
from dockwright.trees.matching import PATH_MAX, Matcher
from dockwright.trees.paths import clean

GO_SPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
"""White space as Go's unicode.IsSpace sees it."""
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ESCAPED = frozenset(".+()|{}$")
"""What patternmatcher escapes for Go's regexp; everything else it hands over as it is."""
Kind = Literal["exact", "prefix", "suffix", "regexp"]


class Problem(msgspec.Struct, frozen=True):
    """A line the builder refuses (the whole build fails), with its message.

    `late` says that it does so only once it asks the pattern about some path, which a negated one may never be.
    """

    message: str
    span: Span
    line: int
    late: bool = False


class Pattern:
    """One pattern of an ignore file.

    `text` is cleaned (as Go's filepath.Clean does, without leading `/`), `negated` for `!`. Four kinds of matching:
    without wildcards the *exact* path; a `**` that comes first and alone is a plain *suffix* test (`**foo` matches
    `barfoo`); one that comes last and alone a plain *prefix* test; anything else is a *regexp* over the whole path.
    Raises BadExpression for a regexp that Go refuses.
    """

    def __init__(self, text: str, *, negated: bool, line: int, span: Span) -> None:
        self.text = text
        self.negated = negated
        self.line = line
        self.span = span
        self.kind, self._expression = _expression(text)
        if self.kind == "regexp" and _unsafe(text):
            assert self.matcher is not None  # compiled now, so that a mistake is told now

    def __repr__(self) -> str:
        return f"Pattern({'!' if self.negated else ''}{self.text!r}, line {self.line})"

    @cached_property
    def matcher(self) -> Matcher | None:
        """What decides for a *regexp*; None for the other kinds."""
        return Matcher(parse(self._expression)) if self.kind == "regexp" else None

    def matches(self, path: str) -> bool:
        """True when the pattern matches this path itself (not one of its parents)."""
        if self.kind == "exact":
            return path == self.text
        if self.kind == "prefix":
            return path.startswith(self.text[:-2])
        if self.kind == "suffix":
            ending = self.text[2:]
            return path.endswith(ending) or (ending[:1] == "/" and path == ending[1:])
        assert self.matcher is not None
        return self.matcher.matches(path)


def _unsafe(text: str) -> bool:
    """True when Go's regexp may refuse what is made of the pattern: only brackets and backslashes lead there."""
    return "\\" in text or "[" in text


def _expression(text: str) -> tuple[Kind, str]:
    """Kind, and Go's regular expression, of a pattern. Source: patternmatcher.go: Pattern.compile."""
    kind: Kind = "exact"
    out: list[str] = []
    at, end = 0, len(text)
    while at < end:
        first = at == 0
        letter = text[at]
        at += 1
        if letter == "*" and text.startswith("*", at):
            at += 1
            if text.startswith("/", at):
                at += 1  # `**/` is the same as `**`
            if at < end:
                out.append("(.*/)?")
                kind = "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                out.append(".*")
                kind = "regexp"
            if first:
                kind = "suffix"  # only for the very first token; a later wildcard makes it a regexp again
        elif letter in "*?":
            out.append("[^/]*" if letter == "*" else "[^/]")
            kind = "regexp"
        elif letter == "\\" and at < end:
            out.append("\\" + text[at])
            at += 1
            kind = "regexp"
        elif letter in "[]":
            out.append(letter)
            kind = "regexp"
        elif letter == "\\" or letter in _ESCAPED:
            out.append("\\" + letter)
        else:
            out.append(letter)
    return kind, "".join(out)


def read_pattern(written: str, line: int, span: Span) -> Pattern | Problem:
    """A line of an ignore file, trimmed and not empty. Source: ignorefile.go: ReadAll, then patternmatcher.go: New.

    Between the two the patterns go through JSON (buildkit client/llb/source.go: ExcludePatterns), which makes U+FFFD of
    every byte that is not UTF-8: such a pattern does not match the file name it was written for.
    """
    written = _NOT_UTF8.sub("\ufffd", written)
    inverted = written.startswith("!")
    text = written[1:].strip(GO_SPACE) if inverted else written
    if text:
        text = clean(text)
        if len(text) > 1 and text.startswith("/"):
            text = text[1:]
    # patternmatcher reads it once more: `./!a` and `!/` have become something else by cleaning.
    text = clean(f"!{text}" if inverted else text)
    negated = text.startswith("!")
    if text == "!":
        return Problem('illegal exclusion pattern: "!"', span, line)
    text = text[negated:]
    if refused_at_once(text):
        return Problem(f"syntax error in pattern: {_short(text)}", span, line)
    try:
        return Pattern(text, negated=negated, line=line, span=span)
    except BadExpression as error:
        return Problem(f"syntax error in pattern: {_short(text)} ({error})", span, line, late=True)


def _short(text: str) -> str:
    return text if len(text) <= PATH_MAX else text[:100] + "…"
