"""Paths inside a tree: relative, with `/`, never with `.` or `..` parts; the root of the tree is the empty string.

Names that are not UTF-8 are kept as surrogate escapes (PEP 383), so every path can be turned back into its bytes.
"""


def clean(path: str) -> str:
    """The shortest equal path, by words alone; empty becomes `.`. Source: Go path/filepath: Clean (on Unix)."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            kept.append(part)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append("..")
    shortest = "/".join(kept)
    if rooted:
        return "/" + shortest
    return shortest or "."


def within(base: str, path: str) -> str | None:
    """`path`, written relative to the directory `base` of a tree, as a path of the tree.

    `""` is the root of the tree; `None` says that the path is absolute or leads out of the tree.
    """
    if path.startswith("/"):
        return None
    joined = clean(f"{base}/{path}" if base else path)
    if joined == "..":
        return None
    if joined.startswith("../"):
        return None
    return "" if joined == "." else joined.lstrip("/")


def clamped(path: str) -> str:
    """`path` as a path below a root that cannot be left: `../a`, `/a` and `a` are all `a`; the root is `""`."""
    return clean("/" + path)[1:]


def parent(path: str) -> str:
    """The directory a path lies in; `""` for those at the root."""
    return path.rpartition("/")[0]


def name(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def join(directory: str, path: str) -> str:
    """`path` below `directory`, both already clean; either may be the empty string."""
    if not directory:
        return path
    return f"{directory}/{path}" if path else directory


def decode(raw: bytes) -> str:
    """A path as git and the disk give it."""
    return raw.decode("utf-8", "surrogateescape")


def encode(path: str) -> bytes:
    """The bytes of a path, for git and the disk."""
    return path.encode("utf-8", "surrogateescape")


def is_utf8(path: str) -> bool:
    """False when some byte of the name is not UTF-8."""
    return not any("\udc80" <= char <= "\udcff" for char in path)


def shown(path: str) -> str:
    """A path for people: bytes that are not UTF-8 and control characters as `\\xNN`."""
    if path.isprintable():
        return path
    return "".join(c if c.isprintable() else "".join(f"\\x{b:02x}" for b in encode(c)) for c in path)
