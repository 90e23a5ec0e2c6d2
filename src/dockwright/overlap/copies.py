"""Equal files: the same bytes, or the same normal form."""

from collections.abc import Sequence

import msgspec

from dockwright.overlap.files import NormalFile


class Copies(msgspec.Struct, frozen=True):
    """Files that are equal. `identical` are groups of two or more with the same bytes; `paths` holds them all.

    `lines` is how many lines would go if one file stayed.
    """

    paths: tuple[str, ...]
    identical: tuple[tuple[str, ...], ...]
    lines: int

    @property
    def original(self) -> str:
        """The file that stands for all in pairs, clusters and blocks: the first by path."""
        return self.paths[0]

    @property
    def byte_equal(self) -> bool:
        """True when all have the same bytes."""
        return self.identical == (self.paths,)


def group(files: Sequence[NormalFile]) -> tuple[list[NormalFile], list[Copies]]:
    """One file for each normal form, and the groups of equal ones; both by path. `files` are sorted by path.

    Files without any instruction are not taken for copies of each other unless their bytes are the same.
    """
    forms: dict[str | bytes, list[NormalFile]] = {}
    for file in files:
        forms.setdefault(file.digest if file.instructions else file.content, []).append(file)
    distinct = [members[0] for members in forms.values()]
    return distinct, [_copies(members) for members in forms.values() if len(members) > 1]


def _copies(members: list[NormalFile]) -> Copies:
    contents: dict[bytes, list[str]] = {}
    for file in members:
        contents.setdefault(file.content, []).append(file.path)
    return Copies(
        tuple(file.path for file in members),
        tuple(tuple(paths) for paths in contents.values() if len(paths) > 1),
        sum(file.source.line_count for file in members[1:]),
    )
