"""What a COPY or ADD source finds in a build context: the values, apart from the looking."""

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from dockwright.trees.ignore import Pattern


class Found(StrEnum):
    """What a COPY or ADD source finds in the context."""

    FILES = "files"
    """Files or folders that are sent (some below a folder may be left out)."""
    NOTHING = "nothing"
    """A wildcard that matches nothing. BuildKit accepts it, but where the wildcard stands in a folder (`dist/*.whl`) of
    which nothing else is sent, the build fails, as the folder is not there (moby/buildkit #2933)."""
    MISSING = "missing"
    """No such path; for a wildcard, no such folder to look in."""
    HIDDEN = "hidden"
    """It exists, but the ignore file leaves all of it out."""
    LOOP = "loop"
    """A loop of links."""


class Selection(msgspec.Struct, frozen=True):
    """What a source selects. `paths` are files in the tree, sorted; empty folders select none.

    `hidden_by` is the pattern that hides a HIDDEN source; `left_out` counts files below it that are not sent.
    `untracked` says that a clean clone has none of it, `not_in_clone` which of `paths` it lacks; `near` are paths that
    differ from the source only in case.
    """

    found: Found
    paths: tuple[str, ...] = ()
    hidden_by: "Pattern | None" = None
    left_out: int = 0
    untracked: bool = False
    near: tuple[str, ...] = ()
    not_in_clone: tuple[str, ...] = ()
