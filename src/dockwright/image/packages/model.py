"""An installed package as its manager records it."""

import msgspec


class Package(msgspec.Struct, frozen=True):
    """One package. `files` are paths relative to the root; `requires` and `provides` are names in the manager's own terms.

    `requires` has a tuple per requirement: any of its names will do.
    """

    manager: str
    name: str
    version: str
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Directories that are its own with all that is in them, but for a `node_modules` below (npm)."""
    requires: tuple[tuple[str, ...], ...] = ()
    recommends: tuple[tuple[str, ...], ...] = ()
    provides: tuple[str, ...] = ()
    asked_for: bool | None = None
    """True when somebody asked for it by name, False when another package brought it, None when that is not recorded."""
    listed_in: str = ""
    """The file that says it is there, for managers with one per package (pip)."""
    place: str = ""
    """Where it is installed, for managers that install a name several times (pip, npm)."""
