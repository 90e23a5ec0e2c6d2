"""Is a source of ADD a local path, a URL, or a git repository?

Source: moby/buildkit frontend/dockerfile/dfgitutil/git_ref.go: ParseGitRef, and convert_copy.go: isHTTPSource.
"""

from enum import Enum

from dockwright.lazy import lazy_regex


class Place(Enum):
    """Where a source of COPY or ADD lies."""

    LOCAL = "path"
    HTTP = "URL"
    GIT = "git repository"


_PROTOCOL = lazy_regex(r"([a-zA-Z0-9]+)://")
_SCP = lazy_regex(r"[a-zA-Z0-9\-_]+@[a-zA-Z0-9\-.]+:[^\n]*")


def place_of(source: str) -> Place:
    """Where BuildKit takes `source` (variables expanded) from."""
    if ":" not in source:
        return Place.LOCAL
    protocol = _PROTOCOL.match(source)
    if protocol is None:
        return Place.GIT if _SCP.fullmatch(source) else Place.LOCAL
    scheme = protocol.group(1).lower()
    if scheme in ("ssh", "git"):
        return Place.GIT
    if scheme not in ("http", "https"):
        return Place.LOCAL
    path = source[protocol.end() :].partition("#")[0].partition("?")[0]
    if path.endswith(".git") and "/" in path:
        return Place.GIT
    return Place.HTTP if source.startswith(("http://", "https://")) else Place.LOCAL
