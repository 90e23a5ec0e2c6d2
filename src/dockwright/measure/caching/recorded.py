"""What the ledger has of a target's steps and image, for the prediction of caches."""

from dockwright.ledger.model import COMPRESSED_BYTES, IMAGE_BYTES
from dockwright.ledger.store import Ledger
from dockwright.measure.caching.predict import Measured
from dockwright.measure.trends.rule import median

NEWEST = 30
"""Runs that are looked at."""


def measured(ledger: Ledger, target: str) -> Measured:
    """The newest bytes of each step (of builds, or attributed by an image), the median of its seconds when it ran."""
    sizes: dict[tuple[str, int], int] = {}
    seconds: dict[tuple[str, int], list[float]] = {}
    for run in ledger.runs(target, outcome="ok", limit=NEWEST, newest_first=True):
        for step in run.steps:
            place = (step.path, step.line)
            if not step.line:
                continue
            if step.bytes is not None:
                sizes.setdefault(place, step.bytes)
            if step.seconds is not None and not step.cached:
                seconds.setdefault(place, []).append(step.seconds)
        for part in run.parts:
            if part.kind == "instruction" and part.line:
                sizes.setdefault((part.path, part.line), part.bytes)
    image, compressed = ledger.last_with(target, IMAGE_BYTES), ledger.last_with(target, COMPRESSED_BYTES)
    return Measured(
        sizes,
        {place: median(found) for place, found in seconds.items()},
        image.values[IMAGE_BYTES] if image is not None else None,
        compressed.values[COMPRESSED_BYTES] if compressed is not None else None,
    )
