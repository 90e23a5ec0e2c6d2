"""What the ledger holds: a `Run` is one build, one bench round or one measured image, with its steps and parts.

A run has named values (`Value`): `seconds` for durations, names ending in `_bytes` for sizes, other names for counts.
Nothing secret belongs here: arguments are kept by name only, texts are redacted when they are written (`rows`).
"""

from datetime import UTC, datetime

import msgspec

KINDS = ("build", "bench", "image", "import")
"""A build that was asked for, a round of a bench, a measured image, something from elsewhere."""

OUTCOMES = ("ok", "failed", "cancelled")
OTHER_SIDE = "B"
"""The side of a comparison that stands beside the target: it is no point of the target's own line."""

SECONDS = "seconds"
IMAGE_BYTES = "image_bytes"
"""Unpacked bytes of all layers (shipped)."""
COMPRESSED_BYTES = "compressed_bytes"
DEAD_BYTES = "dead_bytes"
COMPRESSED_HERE = "dockwright image --compressed"
"""The source of a run whose compressed bytes are what a compressor of ours made of plain layers."""
CONTEXT_BYTES = "context_bytes"
"""What the build was sent."""
STEPS = "steps"
CACHED_STEPS = "cached_steps"
NETWORK_SECONDS = "network_seconds"
LAYERS = "layers"


class Machine(msgspec.Struct, frozen=True):
    """The class of machine that did the work, so that only like is compared with like. No name of a host.

    `memory` is the total rounded to a power of two, as `8 GiB`; empty where it is not known. `arch` is as Docker says
    it (`amd64`, `arm64`).
    """

    cores: int = 0
    memory: str = ""
    arch: str = ""

    def __str__(self) -> str:
        parts = (f"{self.cores} cores" if self.cores else "", self.memory, self.arch)
        return ", ".join(part for part in parts if part) or "unknown"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a build. `started` is in seconds after the build began; None is: not known.

    `key_predicted` is what the cache model says, `key_real` what the engine named; each is only comparable with its
    own kind. `line` 0 is: not known.
    """

    name: str
    stage: str = ""
    path: str = ""
    line: int = 0
    started: float | None = None
    seconds: float | None = None
    network: float | None = None
    """The part of `seconds` that a registry or mirror took, where the log tells."""
    cached: bool | None = None
    bytes: int | None = None
    """What the step added to the image, unpacked."""
    key_predicted: str = ""
    key_real: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What bytes of an image or context belong to.

    `kind` is `instruction`, `layer`, `file` or `package` for shipped bytes (each kind by itself adds up to all of them or
    a part), `dead` for the dead bytes of an instruction.
    """

    kind: str
    name: str
    bytes: int
    path: str = ""
    line: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One build, bench round or measured image.

    `target` is what the user calls it: a Dockerfile, compose service or bake target. `at` is when it began, with a time
    zone. `dirty` tells whether the files were those of `commit` (None: not known). `group` joins runs of one bench or
    one bake; `scenario` is `cold`, `no-change`, `source`, `dependency` of a bench, `side` A or B of a comparison.
    `notes` are small texts for later commands (not shown, redacted as all texts).
    """

    kind: str
    target: str
    at: datetime
    values: dict[str, float] = {}
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    outcome: str = "ok"
    """`ok`, `failed` or `cancelled`."""
    commit: str = ""
    dirty: bool | None = None
    branch: str = ""
    engine: str = ""
    engine_version: str = ""
    machine: Machine = Machine()
    platform: str = ""
    dockerfile: str = ""
    context: str = ""
    stage: str = ""
    arguments: tuple[str, ...] = ()
    """Names of build arguments; never values."""
    image: str = ""
    """The digest or id of what was made."""
    group: str = ""
    scenario: str = ""
    side: str = ""
    round: int = 0
    source: str = ""
    """Where it comes from: the command, or the kind of file that was imported."""
    notes: dict[str, str] = {}
    uid: str = ""
    """Names the run in all ledgers; made from its content where it is empty."""
    number: int = 0
    """Its row in this ledger; set by reading."""


class Point(msgspec.Struct, frozen=True):
    """One value of a series: when, how much, and of which run."""

    at: datetime
    value: float
    run: int
    commit: str = ""
    dirty: bool | None = None


def utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for one without a time zone, which would mean another moment elsewhere."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone cannot be recorded")
    return moment.astimezone(UTC)
