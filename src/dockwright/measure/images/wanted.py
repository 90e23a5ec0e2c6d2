"""Which files of an image are looked into: the lists that package managers keep."""

_LISTS = frozenset({"var/lib/dpkg/status"})


def wanted(path: str, size: int) -> bool:  # noqa: ARG001 - a `Wanted` for the reader
    """Called for every file, so it must be quick."""
    return path in _LISTS
