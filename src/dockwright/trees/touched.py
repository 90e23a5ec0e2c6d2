"""Reads `git log --name-only`: which paths each commit touches, and no more, at a fifth of the cost of whole changes."""

from collections.abc import Iterator, Sequence

from dockwright.trees.paths import decode

FORMAT = "%x00/%H/%cI"
"""A commit begins with a slash, as no path in a listing does."""

Touched = tuple[str, str, Sequence[str]]
"""Id of a commit, its date, and paths it touches. One with many paths comes in several parts."""


def read(stream: Iterator[bytes]) -> Iterator[Touched]:
    """The commits of `git log -z --name-only --format=FORMAT`, in the order of the log."""
    commit = date = ""
    headed = False
    for text in _whole_fields(stream):
        first, *others = text.split(b"\0/")
        if names := _names(first, headed=headed):
            headed = False
            yield commit, date, names
        for part in others:
            head, _, rest = part.partition(b"\0")
            commit, _, date = head.decode("ascii", "replace").partition("/")
            names = _names(rest, headed=True)
            headed = not names
            if names:
                yield commit, date, names


def _whole_fields(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The output in pieces that end behind a field, and begin with the NUL that ends the field before."""
    rest = b""
    for chunk in stream:
        data = rest + chunk
        end = max(data.rfind(b"\0"), 0)
        rest = data[end:]
        yield data[:end]
    yield rest


def _names(text: bytes, *, headed: bool) -> list[str]:
    """Paths in a piece of output; the first one after the head of a commit stands on a line of its own."""
    names = [name for name in decode(text).split("\0") if name]
    if headed and names:
        names[0] = names[0].removeprefix("\n")
    return names
