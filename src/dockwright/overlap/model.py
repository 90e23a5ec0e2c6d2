"""`Overlaps`: everything that repeats in a repository, and in what the repetitions differ."""

import msgspec

from dockwright.errors import Skipped
from dockwright.overlap.blocks import Block
from dockwright.overlap.clusters import Cluster
from dockwright.overlap.copies import Copies
from dockwright.overlap.difference import Difference, difference
from dockwright.overlap.drift import Drift
from dockwright.overlap.families import Family
from dockwright.overlap.files import NormalFile
from dockwright.overlap.similarity import Alignment, Similarity, alignment
from dockwright.overlap.stacks import ComposeOverlap, SettingRow, Stack, overlap, setting_rows
from dockwright.overlap.versions import VersionGroup


class Details:
    """The files behind the results, for tables that are worked out when asked for."""

    def __init__(self, files: dict[str, NormalFile], stacks: dict[str, Stack]) -> None:
        self.files = files
        self.stacks = stacks

    def __repr__(self) -> str:
        return f"Details({len(self.files)} Dockerfiles, {len(self.stacks)} compose files)"


class Overlaps(msgspec.Struct, frozen=True, kw_only=True):
    """All results, each list in the order its maker documents.

    `pairs`, `clusters`, `families` and `blocks` are about files of different normal form: `copies` lists those that equal one of
    them. Texts are as in the files: secrets are not redacted here.
    """

    copies: tuple[Copies, ...]
    pairs: tuple[Similarity, ...]
    clusters: tuple[Cluster, ...]
    families: tuple[Family, ...]
    blocks: tuple[Block, ...]
    compose: tuple[ComposeOverlap, ...]
    versions: tuple[VersionGroup, ...]
    drifts: tuple[Drift, ...]
    skipped: tuple[Skipped, ...]
    aligned: int
    """How many pairs of Dockerfiles were aligned."""
    details: Details

    def difference(self, a: str, b: str) -> Difference:
        """In what two Dockerfiles differ, `a` on the left. KeyError for a path that was not compared."""
        one, other = self.details.files[a], self.details.files[b]
        flipped = b < a
        return difference(
            one, other, alignment(*((other, one) if flipped else (one, other))), flipped=flipped
        )

    def alignment(self, a: str, b: str) -> Alignment:
        """Which instructions of two Dockerfiles are the same. KeyError for a path that was not compared."""
        return alignment(self.details.files[a], self.details.files[b])

    def settings(self, a: str, b: str) -> list[SettingRow]:
        """In what the matched services of two compose files differ. KeyError for a path that was not compared."""
        one, other = self.details.stacks[a], self.details.stacks[b]
        return setting_rows(one, other, overlap(one, other).services)
