"""Files that differ, folded: a directory that only one side has is one row, with what it holds counted."""

from collections.abc import Iterator, Sequence

import msgspec

from dockwright.report.comparison.document import FileEntry

_ONE_SIDED = {"added": "added", "removed": "removed"}


class Row(msgspec.Struct, frozen=True):
    """One row: a path that changed, or the top of what only one side has."""

    kind: str
    """added, removed or changed."""
    path: str
    inside: int
    """Files and directories below it that are folded into the row."""
    size: int
    """Bytes of what is only on one side; of a changed file what the second side has more."""
    parts: tuple[str, ...]
    """What differs, each with both sides."""


def rows(files: Sequence[FileEntry]) -> list[Row]:
    """The rows for these files, which are in the order of their paths; the largest one-sided trees come folded."""
    found: list[Row] = []
    open_rows: list[int] = []
    for one in files:
        kind = _ONE_SIDED.get(one.details[0].what, "changed")
        while open_rows and not one.path.startswith(found[open_rows[-1]].path + "/"):
            open_rows.pop()
        if open_rows and found[open_rows[-1]].kind == kind != "changed":
            top = found[open_rows[-1]]
            size = top.size + one.size_after + one.size_before
            found[open_rows[-1]] = msgspec.structs.replace(top, inside=top.inside + 1, size=size)
            continue
        if kind != "changed":
            open_rows.append(len(found))
        found.append(_row(one, kind))
    return found


def _row(one: FileEntry, kind: str) -> Row:
    if kind != "changed":
        detail = one.details[0]
        return Row(kind, one.path, 0, one.size_before + one.size_after, (detail.before or detail.after,))
    return Row(kind, one.path, 0, one.size_after - one.size_before, tuple(_parts(one)))


def _parts(one: FileEntry) -> Iterator[str]:
    for detail in one.details:
        yield f"{detail.what} {detail.before} → {detail.after}"
