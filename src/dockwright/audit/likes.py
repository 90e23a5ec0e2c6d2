"""From the overlaps to the likeness the proposal works with."""

from itertools import chain

from dockwright.audit.proposal.likeness import Alike, Likeness
from dockwright.overlap.model import Overlaps


def likeness(overlaps: Overlaps) -> Likeness:
    """Dockerfiles by the share of equal instructions, compose files by the share of equal settings.

    Equal copies are wholly alike, and each is as like to others as the file it equals.
    """
    same = [(copies.original, path) for copies in overlaps.copies for path in copies.paths[1:]]
    dockerfiles = [Alike(pair.a, pair.b, pair.sequence.value) for pair in overlaps.pairs]
    copied = [
        Alike(path, pair.b if pair.a == original else pair.a, pair.share)
        for original, path in same
        for pair in dockerfiles
        if original in {pair.a, pair.b}
    ]
    equal = [Alike(original, path, 1.0) for original, path in same]
    composes = [
        Alike(pair.a, pair.b, pair.total.value, pair.only_a, pair.only_b) for pair in overlaps.compose
    ]

    def differ(a: str, b: str) -> list[str]:
        if a in overlaps.details.files and b in overlaps.details.files:
            rows = overlaps.difference(a, b).rows
            return [
                " ".join(part for part in (row.aspect, f"`{row.name}`" if row.name else "") if part)
                for row in rows
            ]
        if a in overlaps.details.stacks and b in overlaps.details.stacks:
            return [f"`{row.service_a}.{row.path}`" for row in overlaps.settings(a, b)]
        return []

    return Likeness(chain(equal, dockerfiles, copied, composes), differ)
