"""Paths as the frontend and the client library make them.

Source: moby/buildkit util/system/path.go: NormalizePath, client/llb/fileop.go: normalizePath, on Linux.
"""

from dockwright.trees.paths import clean


def destination(workdir: str, path: str, *, keep_dot: bool) -> str:
    """Where COPY and ADD write: absolute, with the slash (and since 0.14 the `/.`) at its end kept, as it has a meaning."""
    joined = clean(path if path.startswith("/") else f"/{workdir}/{path}")
    joined = "/" + joined.lstrip("/")
    if path in ("", ".") or path.endswith("/"):
        return joined if joined.endswith("/") else joined + "/"
    if keep_dot and path.endswith("/."):
        return "/." if joined == "/" else joined + "/."
    return joined


def below_root(path: str) -> str:
    """A source path: absolute, clean, never above the root."""
    return "/" + clean("/" + path).lstrip("/")
