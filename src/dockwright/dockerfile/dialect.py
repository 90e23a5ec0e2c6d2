"""Frontend versions: which Dockerfile language a file is read in."""

from enum import Enum


class Dialect(Enum):
    """A version of BuildKit's Dockerfile frontend. Differences are listed where they are made."""

    LATEST = "latest"
    """moby/buildkit HEAD (dockerfile 1.2x)."""
    V0_13 = "0.13"
    """BuildKit 0.13, the frontend built into Docker 26.1."""


LATEST = Dialect.LATEST
