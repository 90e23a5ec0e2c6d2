"""Findings for people: one line each, `path:line:column: severity[rule] message`, with the source below on a terminal.

The first line of a finding is what editors and `grep` understand; everything that explains it is indented below.
"""

from collections.abc import Callable, Iterator, Sequence
from unicodedata import east_asian_width

from dockwright.rules.finding import Confidence, Finding, Location, Severity

SourceLine = Callable[[str, int], str | None]
"""The text of a 1-based line of a file of the repository, without its line ending; None when there is none."""
RELATED = 3

_COLOURS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.NOTE: "2",
}


class Lines:
    """Draws findings. `clean` makes texts fit to be shown (redacted, printable)."""

    def __init__(self, clean: Callable[[str], str], *, colour: bool = False, width: int = 100) -> None:
        self.clean = clean
        self.colour = colour
        self.width = max(width, 40)

    def render(self, findings: Sequence[Finding], source: SourceLine | None = None) -> Iterator[str]:
        """Lines of output; with `source` each finding is followed by its place in the file and its related places."""
        for finding in findings:
            yield self.head(finding)
            if source is not None:
                yield from self._snippet(finding.location, source)
                yield from self._related(finding)

    def head(self, finding: Finding) -> str:
        """The one line that says it."""
        place = finding.location
        where = self.clean(place.path)
        if place.line:
            where += f":{place.line}:{place.column}"
        weight = finding.severity.name.lower()
        doubt = (
            ""
            if finding.confidence is Confidence.HIGH
            else f" ({finding.confidence.name.lower()} confidence)"
        )
        mark = self._paint(_COLOURS[finding.severity], f"{weight}[{finding.rule}]")
        return f"{self._paint('1', where)}: {mark} {self.clean(finding.message)}{doubt}"

    def _related(self, finding: Finding) -> Iterator[str]:
        for one in finding.related[:RELATED]:
            yield self._paint("2", f"    {self.clean(one.label)}: {self.clean(str(one.location))}")
        if len(finding.related) > RELATED:
            yield self._paint("2", f"    and {len(finding.related) - RELATED:,} more places")

    def _snippet(self, place: Location, source: SourceLine) -> Iterator[str]:
        raw = source(place.path, place.line) if place.line else None
        if raw is None or not raw.strip():
            return
        gutter = f"{place.line:>5} | "
        shown = self.clean(raw.expandtabs(1))
        if shown != raw.expandtabs(1):  # redacted or escaped: columns no longer fit, so nothing is pointed at
            yield f"{gutter}{_cut(shown.strip(), self.width - len(gutter))}"
            return
        start = place.column - 1
        stop = place.end_column - 1 if place.end_line == place.line else len(raw)
        text, start, stop = _window(shown, start, stop, self.width - len(gutter))
        pad = "".join("  " if east_asian_width(char) in "WF" else " " for char in text[:start])
        carets = "".join(
            "^^" if east_asian_width(char) in "WF" else "^" for char in text[start:stop].rstrip()
        )
        yield f"{gutter}{text}"
        yield f"{' ' * (len(gutter) - 2)}| {pad}{self._paint('1;31', carets or '^')}"

    def _paint(self, style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self.colour else text


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _window(text: str, start: int, stop: int, width: int) -> tuple[str, int, int]:
    """The part of a line around `[start, stop)` that fits, without its indentation, and the range within it."""
    indent = min(len(text) - len(text.lstrip()), start)
    text, start, stop = text[indent:].rstrip(), start - indent, stop - indent
    stop = min(max(stop, start + 1), len(text)) if text else 0
    if len(text) <= width:
        return text, start, stop
    left = max(min(start - width // 4, len(text) - width + 2), 0)
    part = text[left : left + width - 2]
    head, tail = "…" if left else "", "…" if left + width - 2 < len(text) else ""
    return f"{head}{part}{tail}", start - left + len(head), min(stop - left, len(part)) + len(head)
