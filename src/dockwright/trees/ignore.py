"""`.dockerignore`: reading it, and deciding what a build context leaves out, exactly as BuildKit does.

Sources: moby/patternmatcher (patternmatcher.go, ignorefile/ignorefile.go) for patterns, tonistiigi/fsutil filter.go for
the walk. Both have quirks that re-implementations miss (see `Pattern` and `IgnoreFile.verdict`); they are kept here on
purpose, and recorded builds hold us to them.
"""

from collections.abc import Iterable, Sequence

import msgspec

from dockwright.errors import Skipped
from dockwright.text import SourceFile, Span
from dockwright.trees.paths import parent, shown
from dockwright.trees.patterns import GO_SPACE, Kind, Pattern, Problem, read_pattern
from dockwright.trees.runs import Run, runs_of

__all__ = ["IgnoreFile", "Kind", "Pattern", "Problem", "Verdict", "parse_patterns", "read_ignore_file"]

MAX_LINE = 1 << 16
"""Bytes of a line that the builder does not read any more (Go bufio.MaxScanTokenSize)."""
MAX_PATTERNS = 10_000
"""Patterns beyond which an ignore file is not read any further: none written for use comes near."""


class Verdict(msgspec.Struct, frozen=True):
    """Whether a path is left out, and the pattern that decided (None: none matched)."""

    ignored: bool
    pattern: Pattern | None = None


class IgnoreFile:
    """The patterns of one ignore file, and the walk that applies them to paths.

    The walk hands down from each directory which patterns matched. As patterns of one polarity that stand together
    take turns (once one has matched, the others are not asked), it is enough to know that of each such run: a bit in
    an integer, the first run lowest.
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        problems: Sequence[Problem],
        source: SourceFile,
        skipped: Sequence[Skipped] = (),
    ) -> None:
        self.patterns = tuple(patterns)
        self.problems = tuple(problems)
        self.source = source
        self.skipped = tuple(skipped)
        self._runs: tuple[Run, ...] = runs_of(self.patterns)
        self._last = len(self._runs) - 1
        self._final = 1 << self._last if self._runs and not self._runs[-1].negated else 0
        self._matched: dict[str, int] = {"": 0}

    @property
    def path(self) -> str:
        return self.source.path

    def ignores(self, path: str) -> bool:
        """True when a path is left out by the walk (a directory comes back if something below it is kept)."""
        if not self._runs or not path:
            return False
        return self._leaves_out(self._step(path, self._directory(parent(path))))

    def verdict(self, path: str) -> Verdict:
        """The verdict on a path by the walk: each directory above it is visited first, state handed down.

        This is not the same as testing the path alone: a negated pattern that was passed over at a directory (because
        nothing had excluded it yet) does not bring back what lies below. A directory that is left out comes back
        when something below it is kept (`kept`).
        """
        if not self._runs or not path:
            return Verdict(ignored=False)
        matched = self._step(path, self._directory(parent(path)))
        if not matched:
            return Verdict(ignored=False)
        run = matched.bit_length() - 1
        return Verdict(self._leaves_out(matched), self._decided(run, path))

    def _decided(self, run: int, path: str) -> Pattern | None:
        """The pattern of a run that matched first, at the path or at the highest directory above it."""
        at = path.find("/")
        while at >= 0 and not self._directory(path[:at]) >> run & 1:
            at = path.find("/", at + 1)
        return self._runs[run].first(path if at < 0 else path[:at])

    def _leaves_out(self, matched: int) -> bool:
        return matched != 0 and not self._runs[matched.bit_length() - 1].negated

    def _directory(self, path: str) -> int:
        """What matched at a directory, worked out once."""
        missing: list[str] = []
        while path not in self._matched:
            missing.append(path)
            path = parent(path)
        matched = self._matched[path]
        for step in reversed(missing):
            matched = self._matched[step] = self._step(step, matched)
        return matched

    def _step(self, path: str, above: int) -> int:
        """Source: patternmatcher.go: MatchesUsingParentResults."""
        if self._final and above & self._final:
            return above  # the last word has been spoken at a directory above
        matched = 0
        ignored = False
        for index, run in enumerate(self._runs):
            bit = 1 << index
            # A run that would change nothing is not asked, which counts as no match for what lies below.
            if above & bit or (run.negated == ignored and run.matches(path)):
                matched |= bit
                ignored = not run.negated
        return matched

    def kept(self, entries: Iterable[tuple[str, bool]]) -> set[str]:
        """What of `(path, is directory)` entries is sent; folders left out come back when something below is kept."""
        kept: set[str] = set()
        for path, _ in entries:
            if not self.ignores(path):
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
    begin = 0
    number = 0
    while begin < len(data) and len(patterns) < MAX_PATTERNS:
        number += 1
        after = data.find(b"\n", begin)
        end = len(data) if after < 0 else after
        if end - begin >= MAX_LINE:
            problems.append(Problem("bufio.Scanner: token too long", Span(begin, begin + MAX_LINE), number))
            break
        start = 3 if begin == 0 and data.startswith(b"\xef\xbb\xbf") else begin
        if not data.startswith(b"#", start):  # only in column 0; ` # x` is a pattern
            made = _line(data[start:end], start, number)
            if isinstance(made, Problem):
                # A negated pattern is asked about a path that an earlier one leaves out; with none it never is.
                if not (made.late and data.startswith(b"!", start) and all(one.negated for one in patterns)):
                    problems.append(made)
            elif made is not None:
                patterns.append(made)
        begin = end + 1
    skipped = []
    if len(patterns) >= MAX_PATTERNS and begin < len(data):
        reason = f"more than {MAX_PATTERNS} patterns; those after line {number} were not read"
        skipped.append(Skipped(shown(source.path), reason))
    return IgnoreFile(patterns, problems, source, skipped)


def _line(raw: bytes, start: int, number: int) -> Pattern | Problem | None:
    text = raw.decode("utf-8", "surrogateescape")
    stripped = text.strip(GO_SPACE)
    if not stripped:
        return None
    lead = len(text[: len(text) - len(text.lstrip(GO_SPACE))].encode("utf-8", "surrogateescape"))
    length = len(stripped.encode("utf-8", "surrogateescape"))
    return read_pattern(stripped, number, Span(start + lead, start + lead + length))


def parse_patterns(patterns: Iterable[str], path: str = ".dockerignore") -> IgnoreFile:
    """An ignore file of these lines."""
    return read_ignore_file(SourceFile(path, "\n".join(patterns).encode("utf-8", "surrogateescape")))
