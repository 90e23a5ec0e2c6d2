"""What a measured build is: its steps with their places, times, cache verdicts, and what was said of them beforehand.

Seconds are durations, `started` of a step is in seconds after the build began. Where an engine does not say, it is None.
"""

from enum import StrEnum

import msgspec

from dockwright.engine.faults import Fault
from dockwright.engine.protocol import Warned
from dockwright.errors import Skipped


class State(StrEnum):
    """What became of a step."""

    EXECUTED = "executed"
    CACHED = "cached"
    FAILED = "failed"
    FETCHED = "fetched"
    """A base image: whether it was there already, engines do not say reliably."""
    NOT_REACHED = "not reached"


class StepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction of the build.

    `predicted` is `hit`, `miss`, `unknown`, or "" where nothing was said; `key` is what it was said from. `network` are
    seconds the log gives for registry or mirror; `downloads` names package managers that fetched without saying so.
    """

    stage: str
    instruction: str
    text: str
    path: str
    line: int
    state: State
    name: str = ""
    started: float | None = None
    seconds: float | None = None
    bytes: int | None = None
    network: float | None = None
    downloads: tuple[str, ...] = ()
    predicted: str = ""
    key: str = ""
    error: str = ""
    log: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """`Dockerfile:12`."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def cached(self) -> bool | None:
        """Found in the cache; None for a base image and for what was not reached."""
        return {State.CACHED: True, State.EXECUTED: False, State.FAILED: False}.get(self.state)

    @property
    def agrees(self) -> bool | None:
        """What was said came true; None where nothing certain was said, or nothing became of it."""
        if self.cached is None or self.predicted not in ("hit", "miss"):
            return None
        return self.cached is (self.predicted == "hit")


class Machine(msgspec.Struct, frozen=True):
    """The machine of the engine."""

    os: str = ""
    architecture: str = ""
    cpus: int = 0
    memory: int = 0


class BuildRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One build. `arguments` are names only; `cache` stands for the cache that was used, without naming the machine."""

    target: str
    dockerfile: str
    context: str
    stage: str = ""
    arguments: tuple[str, ...] = ()
    engine: str
    engine_version: str = ""
    builder: str = ""
    machine: Machine = Machine()
    cache: str = ""
    bases: tuple[tuple[str, bool], ...] = ()
    """Images that were built on, and whether the engine told what is in them: keys go by it."""
    commit: str = ""
    dirty: bool | None = None
    branch: str = ""
    command: tuple[str, ...] = ()
    started: float
    seconds: float
    outcome: str
    """`ok`, `failed` or `cancelled`."""
    image: str = ""
    image_bytes: int | None = None
    context_bytes: int | None = None
    context_seconds: float | None = None
    registry_seconds: float | None = None
    """Base images: looking them up and fetching them."""
    export_seconds: float | None = None
    steps: tuple[StepRecord, ...] = ()
    warnings: tuple[Warned, ...] = ()
    said: tuple[str, ...] = ()
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def hits(self) -> int:
        return sum(one.cached is True for one in self.steps)

    @property
    def executed(self) -> int:
        return sum(one.state is State.EXECUTED for one in self.steps)

    @property
    def network_seconds(self) -> float | None:
        """Registry, mirrors: what the log gives of them; None where it gives nothing."""
        parts = [self.registry_seconds, *(one.network for one in self.steps)]
        known = [one for one in parts if one is not None]
        return sum(known) if known else None

    @property
    def failed_step(self) -> StepRecord | None:
        return next((one for one in self.steps if one.state is State.FAILED), None)


class Agreement(msgspec.Struct, frozen=True):
    """How what was said of steps held: certain words that came true, that did not, and steps nothing certain was said of."""

    right: int
    wrong: int
    unsaid: int

    @classmethod
    def of(cls, steps: tuple[StepRecord, ...]) -> "Agreement":
        told = [one.agrees for one in steps if one.cached is not None]
        return cls(told.count(True), told.count(False), told.count(None))
