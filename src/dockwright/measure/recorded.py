"""What the ledger knows of each target that costs are made of. Apart from `costs`, so that these need no SQLite."""

from typing import TYPE_CHECKING

import msgspec

from dockwright.ledger.model import COMPRESSED_BYTES, SECONDS, Run

if TYPE_CHECKING:
    from dockwright.ledger.store import Ledger

NEWEST = 50
"""Builds whose seconds count."""


class Known(msgspec.Struct, frozen=True):
    """What is recorded of a target: its newest plain builds that went well, and its newest compressed size."""

    target: str
    seconds: tuple[float, ...] = ()
    image: Run | None = None


def known(ledger: "Ledger") -> list[Known]:
    """What the ledger has of every target. Benches are no builds that anybody waits for, and do not count."""
    found = []
    for target in ledger.targets():
        points = ledger.points(target, SECONDS, scenario="", kinds=("build", "import"))
        found.append(
            Known(
                target,
                tuple(point.value for point in points[-NEWEST:]),
                ledger.last_with(target, COMPRESSED_BYTES),
            )
        )
    return found
