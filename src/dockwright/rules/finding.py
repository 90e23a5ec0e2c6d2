"""Findings: what a rule says, where, how sure it is, and what it rests on."""

from collections.abc import Sequence
from enum import IntEnum, StrEnum

import msgspec

from dockwright.figures import Figure
from dockwright.text import SourceFile, Span


class Severity(IntEnum):
    """How much it matters when it is true."""

    NOTE = 0
    """Worth knowing; nothing is wrong."""
    LOW = 1
    """Untidy or wasteful; drift that misleads."""
    MEDIUM = 2
    """Will cost: slow, fat, fragile or unsafe in a way that someone meets."""
    HIGH = 3
    """Dangerous, or broken for somebody."""
    CRITICAL = 4
    """Broken now, or destroys data or exposes secrets."""


class Confidence(IntEnum):
    """How sure the rule is that what it says is true."""

    LOW = 0
    """Rests on knowledge about the outside (what an image holds); may be wrong."""
    MEDIUM = 1
    """Rests on a convention or an incomplete reading, or was right in less than 95% of the draws (docs/precision.md)."""
    HIGH = 2
    """Follows from the files alone; a wrong one is a bug here."""


class Category(StrEnum):
    """What kind of thing is wrong; reports group by it."""

    BROKEN = "broken"
    DANGEROUS = "dangerous"
    SECURITY = "security"
    DRIFT = "drift"
    DUPLICATION = "duplication"
    DEAD = "dead"
    SLOW = "slow"
    FAT = "fat"
    MISLEADING = "misleading"


class Location(msgspec.Struct, frozen=True):
    """A place in a file, as people and editors count it.

    Lines and columns start at 1; columns count Unicode code points; `end_column` is the column after the last
    character. `route` names the place symbolically (`services.web.image`, `stage build`), so that a finding can be
    recognised after lines have moved. A location with line 0 is the file as a whole (it may not exist).
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    route: str = ""
    snippet: str = ""

    @classmethod
    def at(cls, source: SourceFile, span: Span, route: str = "") -> "Location":
        """The location of a byte span in a file."""
        first, last = source.position(span.start), source.position(span.end)
        line = source.text(source.line_span(first.line)).strip()
        return cls(source.path, first.line, first.column, last.line, last.column, route, line[:200])

    @classmethod
    def file(cls, path: str, route: str = "") -> "Location":
        """A file as a whole, whether it exists or not."""
        return cls(path, route=route)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Related(msgspec.Struct, frozen=True):
    """Another place that belongs to a finding, with a few words on why (`declared here`)."""

    location: Location
    label: str


class Finding(msgspec.Struct, frozen=True):
    """One thing a rule found: exactly one primary location, and the other places it rests on.

    `message` starts in lower case, has no final full stop, and says what is there, not what to do. `service` and
    `environment` name what it touches where that is known. `evidence` are facts in words ("no build passes it").
    """

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    related: Sequence[Related] = ()
    figures: Sequence[Figure] = ()
    evidence: Sequence[str] = ()
    service: str = ""
    environment: str = ""
    category: Category = Category.BROKEN

    @property
    def order(self) -> tuple[int, int, str, str, int, int, str]:
        """Sort key: gravest and surest first, then by rule and place."""
        place = self.location
        return (
            -self.severity,
            -self.confidence,
            self.rule,
            place.path,
            place.line,
            place.column,
            self.message,
        )
