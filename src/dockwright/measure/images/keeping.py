"""The account of an image as the ledger keeps it: its sizes, and the parts that trends and budgets name."""

from datetime import datetime

from dockwright.figures import Basis
from dockwright.ledger.model import (
    COMPRESSED_BYTES,
    COMPRESSED_HERE,
    DEAD_BYTES,
    IMAGE_BYTES,
    LAYERS,
    Part,
    Run,
)
from dockwright.measure.images.model import ImageReport, InstructionRow
from dockwright.measure.origin import Origin

PACKAGES = 200
"""Packages that are kept, the largest."""


def run_of(report: ImageReport, target: str, at: datetime, origin: Origin) -> Run:
    """A measured image as a run of a target. Compressed bytes are there where all layers lay compressed, or were to be
    compressed to see; the source says so.
    """
    values = {
        IMAGE_BYTES: float(report.shipped),
        DEAD_BYTES: float(report.dead),
        LAYERS: float(len(report.layers)),
    }
    compressed = next((one for one in report.figures if one.name == "compressed"), None)
    if compressed is not None:
        values[COMPRESSED_BYTES] = float(compressed.value)
    packages = sorted(report.packages, key=lambda one: (-one.bytes, one.name, one.place))[:PACKAGES]
    parts = [
        *(_part("instruction", one, one.shipped) for one in report.instructions if one.shipped),
        *(_part("dead", one, one.dead) for one in report.instructions if one.dead),
        *(Part(kind="package", name=one.name, bytes=one.bytes, path=one.place) for one in packages),
    ]
    return Run(
        kind="image",
        target=target,
        at=at,
        values=values,
        parts=tuple(parts),
        commit=origin.commit,
        dirty=origin.dirty,
        branch=origin.branch,
        platform=report.platform,
        dockerfile=report.dockerfile,
        image=report.id,
        source=COMPRESSED_HERE
        if compressed is not None and compressed.basis is not Basis.MEASURED
        else "dockwright image",
    )


def _part(kind: str, one: InstructionRow, size: int) -> Part:
    place = one.place
    return Part(
        kind=kind,
        name=one.instruction,
        bytes=size,
        path=place.file if place is not None else "",
        line=place.line if place is not None else 0,
    )
