"""Which builder is followed: BuildKit's solver, what its snapshotter can do, and options of the build command.

The frontend's version is the `Dialect` a file is parsed in; with `# syntax=` it may be newer than the solver's.
Every difference is named where it is made; this page only says from which version on it holds.
"""

import msgspec

from dockwright.dockerfile.dialect import Dialect

Version = tuple[int, int]

CHAIN_FOR_SECRETS: Version = (0, 16)
"""From here on a RUN with a secret or ssh mount is matched by its parent's key, before by the content of its whole
root file system (moby/buildkit 3c87ba1bd: such mounts had input 0)."""
WILDCARD_PATHS: Version = (0, 26)
"""From here on the names hashed for a wildcard are paths below its fixed part, before base names only
(moby/buildkit cache/contenthash/checksum.go: Checksum)."""
NEWEST_VERSION: Version = (0, 99)


class Engine(msgspec.Struct, frozen=True):
    """A builder. `merge` says that it can merge layers, without which `--link` is a plain copy (graph drivers)."""

    solver: Version = NEWEST_VERSION
    merge: bool = True
    frontend: Dialect = Dialect.LATEST

    @property
    def hashes_secret_roots(self) -> bool:
        return self.solver < CHAIN_FOR_SECRETS

    @property
    def hashes_base_names(self) -> bool:
        return self.solver < WILDCARD_PATHS


NEWEST = Engine()
DOCKER_26_1 = Engine((0, 13), merge=False, frontend=Dialect.V0_13)
"""Docker 26.1 with its own store: BuildKit 0.13, no layer merging."""


class Ulimit(msgspec.Struct, frozen=True):
    """`--ulimit name=soft:hard`."""

    name: str
    soft: int
    hard: int


class RunOptions(msgspec.Struct, frozen=True):
    """Options of the build command that every RUN gets.

    `network` is `build --network` ("" or `default`, `none`, `host`); `hosts` are the names of `--add-host` with their
    addresses; `shm_size` is in bytes, 0 where not given.
    """

    network: str = ""
    hostname: str = ""
    hosts: tuple[tuple[str, str], ...] = ()
    ulimits: tuple[Ulimit, ...] = ()
    shm_size: int = 0
    cgroup_parent: str = ""
