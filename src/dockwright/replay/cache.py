"""A builder that never forgets: everything that was built before, at whatever commit, is found again.

Source: moby/buildkit solver/cachemanager.go: keys live in a database, not in "the build before". A real builder drops
what it has not used for long; this is the most that a cache can do.
"""

from collections.abc import Sequence

from dockwright.replay.shape import HIT, MISS, UNKNOWN, Codes, Shape


class SharedCache:
    """The cache of one Dockerfile over all commits, in the order in which they are built."""

    def __init__(self) -> None:
        self._exact: set[int] = set()
        self._loose: set[int] = set()

    def build(self, shape: Shape, sums: Sequence[int]) -> Codes:
        """The verdicts on a build, which is then remembered."""
        keys = shape.keys(sums)
        codes = bytearray()
        for step, (exact, loose) in zip(shape.steps, keys, strict=True):
            if step.counted:
                codes.append(HIT if exact in self._exact else UNKNOWN if loose in self._loose else MISS)
        for exact, loose in keys:
            self._exact.add(exact)
            if loose != exact:
                self._loose.add(loose)
        return bytes(codes)


def against(shape: Shape, sums: Sequence[int], before: Shape, before_sums: Sequence[int]) -> Codes:
    """The verdicts when another definition was built just before, and nothing else."""
    cache = SharedCache()
    cache.build(before, before_sums)
    return cache.build(shape, sums)
