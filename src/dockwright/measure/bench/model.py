"""The values of a bench. Seconds are wall time of the builder's command; nothing is left out of a run."""

from enum import StrEnum

import msgspec

from dockwright.errors import Skipped
from dockwright.measure.model import Agreement, BuildRecord


class Scenario(StrEnum):
    """What is built after what."""

    COLD = "cold"
    """Every step is executed (`--no-cache`). Base images and cache mounts stay as they are: nothing is pruned."""
    NO_CHANGE = "no-change"
    """The same files again."""
    SOURCE = "source"
    """One line of one source file is another."""
    DEPENDENCY = "dependency"
    """A file that says what is installed has another content (a comment or blank: the same packages are installed)."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One build of a bench."""

    side: str
    scenario: Scenario
    round: int
    build: BuildRecord


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """The file a scenario changes, with the line of the step that takes it."""

    side: str
    scenario: Scenario
    path: str
    line: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario of one side: seconds of all runs, and the steps that ran in the median one.

    `spread` is the median distance from the median (MAD). `network` are seconds the log gives for registries and mirrors,
    median; `downloads` name package managers that fetched without saying how long.
    """

    side: str
    scenario: Scenario
    runs: int
    median: float
    low: float
    high: float
    spread: float
    executed: int
    cached: int
    network: float | None = None
    downloads: tuple[str, ...] = ()


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """How often B goes into A: over 1, B is faster. Of runs of the same round; `low` and `high` over all rounds."""

    scenario: Scenario
    median: float
    low: float
    high: float


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the things that are measured."""

    name: str
    target: str
    dockerfile: str
    context: str
    stage: str = ""
    revision: str = ""


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a bench. `failed` is the build that ended it early."""

    group: str
    engine: str
    engine_version: str
    builder: str
    machine: str
    sides: tuple[Side, ...]
    rounds: int
    edits: tuple[Edited, ...]
    runs: tuple[Run, ...]
    summary: tuple[Summary, ...]
    ratios: tuple[Ratio, ...]
    predictions: Agreement
    failed: BuildRecord | None = None
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
