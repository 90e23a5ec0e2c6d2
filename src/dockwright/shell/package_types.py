"""Values that say what a package manager's command does."""

from enum import StrEnum

import msgspec

from dockwright.shell.script import Command
from dockwright.shell.words import Word


class Action(StrEnum):
    """What a verb of a package manager does."""

    INSTALL = "install"
    REMOVE = "remove"
    REFRESH = "refresh"
    """Fetches the index (`apt-get update`)."""
    UPGRADE = "upgrade"
    CLEAN = "clean"
    """Empties the cache."""
    RUN = "run"
    """Fetches and runs a package without installing it (`npx`, `uvx`)."""
    BUILD = "build"
    """Builds the project, fetching what it needs (`cargo build`, `mvn package`)."""
    OTHER = "other"


class Package(msgspec.Struct, frozen=True):
    """One thing to install. `kind`: registry, url, git, path, file, group, virtual (`apk add -t`),
    conflict (`!name`), unknown.
    """

    name: str
    word: Word
    version: str = ""
    """Version or constraint as written, without its operator; empty when none is given."""
    operator: str = ""
    kind: str = "registry"
    extras: tuple[str, ...] = ()

    @property
    def pinned(self) -> bool:
        """True when the word fixes one version (`=`, `==`, `@1.2.3`), not a range or a moving tag."""
        return bool(self.version) and self.operator in ("=", "==", "===", "@", "-", ":")


class Manifest(msgspec.Struct, frozen=True):
    """A file the command reads: `role` is manifest, lock, requirements, constraints or config."""

    path: str
    role: str
    word: Word | None = None
    """The word that names it; None when the manager looks for it in the working directory by itself."""
    optional: bool = False
    """Read only where it exists."""


class Install(msgspec.Struct, frozen=True):
    """A command of a package manager."""

    manager: str
    """Key in `knowledge.packages`: apt, apk, dnf, pip, npm …"""
    verb: str
    action: Action
    command: Command
    packages: tuple[Package, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    flags: tuple[Word, ...] = ()
    no_cache: bool = False
    """A flag or variable of this command keeps it from caching."""
    non_interactive: bool = True
    """It will not ask."""
    frozen: bool = False
    """Installs exactly what the lock file says."""
    production: bool = False
    """Leaves development dependencies out."""
    no_deps: bool = False
    editable: bool = False
    recommends: bool = False
    """Also installs recommended packages."""
    refreshes_index: bool = False
    """Fetches the index itself (`apk add --no-cache`)."""
    cache_dirs: tuple[str, ...] = ()
    """Directories it caches in, as knowledge has them."""
    index_dirs: tuple[str, ...] = ()
    """Directories it keeps the package index in (`/var/lib/apt/lists`)."""
