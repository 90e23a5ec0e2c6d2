"""Places and figures as the document shows them."""

import msgspec


class Place(msgspec.Struct, frozen=True):
    """A place in a file. Lines and columns start at 1, `end_column` is the column after the last character; line 0
    is the file as a whole. `route` names the place symbolically (`services.web.image`).
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    route: str = ""
    snippet: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class RelatedPlace(msgspec.Struct, frozen=True):
    """Another place that belongs to a finding, with a few words on why."""

    location: Place
    label: str


class FigureEntry(msgspec.Struct, frozen=True):
    """A number with its unit and what it rests on: `basis` is measured, derived, estimated or assumed."""

    name: str
    value: float
    unit: str
    basis: str
    how: str
    low: float | None = None
    high: float | None = None


class SkippedEntry(msgspec.Struct, frozen=True):
    """Something that was not looked at, and why."""

    what: str
    reason: str
