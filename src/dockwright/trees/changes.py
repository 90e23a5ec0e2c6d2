"""Changes as git streams them: what every commit did to which path, by object ids alone, without any content.

Folders are among the changes (`-t`): that one came or went matters to a build context, as the builder sees empty ones.
Values are kept as bytes and tuples, since a history has hundreds of thousands of them.
"""

from collections.abc import Iterator

import msgspec

from dockwright.trees.git_command import Git, GitError

NOTHING = b"000000"
FOLDER = b"040000"
LINK = b"120000"
MODULE = b"160000"
HEAD = b"\1"
"""Begins the field that opens a commit, in formats given to git; no raw line and no mode begins so."""
CHUNK = 1 << 20
OPTIONS = (
    "--raw",
    "-r",
    "-t",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
)

Change = tuple[bytes, bytes, bytes, bytes, bytes]
"""Path, mode and object id before, mode and object id after; `NOTHING` where it was not or is not any more."""


class CommitChanges(msgspec.Struct, frozen=True, gc=False):
    """What one commit changed against its first parent. `id` and `tree` are hex, `time` is in seconds since 1970."""

    id: bytes
    tree: bytes
    time: int
    changes: list[Change]


def fields(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The texts between zero bytes."""
    rest = b""
    for chunk in stream:
        parts = (rest + chunk).split(b"\0")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest


def read_changes(stream: Iterator[bytes]) -> Iterator[CommitChanges]:
    """Commits of `git log -z` with `HEAD%H %T %ct` as format; folders that only changed inside are left out."""
    waiting = fields(stream)
    opened: CommitChanges | None = None
    for field in waiting:
        start = field.lstrip(b"\n")
        if start.startswith(b":"):
            path = next(waiting, b"")
            change = parse_change(start, path)
            if opened is not None and (change[1] != FOLDER or change[3] != FOLDER):
                opened.changes.append(change)
        elif start.startswith(HEAD):
            if opened is not None:
                yield opened
            name, tree, time = start[1:].split(b" ")
            opened = CommitChanges(name, tree, int(time), [])
    if opened is not None:
        yield opened


def parse_change(line: bytes, path: bytes) -> Change:
    """A line of git's raw format: `:<mode> <mode> <id> <id> <letter>`."""
    size = (len(line) - 18) // 2
    return path, line[1:7], line[15 : 15 + size], line[8:14], line[16 + size : 16 + 2 * size]


def listing(git: Git, tree: str) -> Iterator[Change]:
    """All files and folders of a commit or tree, as changes from nothing. Raises GitError."""
    stream = git.stream("ls-tree", "-r", "-t", "-z", "--full-tree", "--end-of-options", tree, chunk=CHUNK)
    for row in fields(stream):
        meta, _, path = row.partition(b"\t")
        mode, _, name = meta.split(b" ")
        yield path, NOTHING, b"0" * len(name), mode, name


def difference(git: Git, old: str, new: str) -> Iterator[Change]:
    """What lies between two commits or trees. Raises GitError."""
    stream = git.stream("diff-tree", *OPTIONS, "--end-of-options", old, new, "--", chunk=CHUNK)
    waiting = fields(stream)
    for field in waiting:
        change = parse_change(field, next(waiting, b""))
        if change[1] != FOLDER or change[3] != FOLDER:
            yield change


__all__ = [
    "CHUNK",
    "FOLDER",
    "HEAD",
    "LINK",
    "MODULE",
    "NOTHING",
    "OPTIONS",
    "Change",
    "CommitChanges",
    "GitError",
    "difference",
    "fields",
    "listing",
    "parse_change",
    "read_changes",
]
