"""Paths in compose files: which are local, and where they lead from the root of the tree.

compose-go paths/resolve.go: URLs, `git@…`, `github.com/…`, `service:…` and everything with `://` stay; `~` and absolute
paths lead out of the repository.
"""

import posixpath

from dockwright.lazy import lazy_regex

_REMOTE = lazy_regex(r"[a-zA-Z][a-zA-Z0-9+.-]*://|git@|github\.com/|service:|oci:|docker-image:|target:")
_WINDOWS = lazy_regex(r"[a-zA-Z]:[\\/]|\\\\")


def is_remote(path: str) -> bool:
    """True for what compose fetches from elsewhere, or that names no path at all."""
    return _REMOTE.match(path) is not None


def is_local(path: str) -> bool:
    """True for a path relative to the project."""
    return bool(path) and not path.startswith(("/", "~")) and not _WINDOWS.match(path) and not is_remote(path)


def join(directory: str, path: str) -> str | None:
    """The path from the root of the tree, normalised, `""` for the root itself.

    None for paths that are not local, and for those that lead out of the tree.
    """
    if not is_local(path):
        return None
    found = posixpath.normpath(posixpath.join(directory or ".", path))
    if found == "..":
        return None
    return None if found.startswith(("../", "/")) else "" if found == "." else found


def parent(path: str) -> str:
    """The directory of a file; `""` for the root of the tree."""
    return posixpath.dirname(path)
