"""What a command line asks a container tool to do, as typed values."""

from enum import StrEnum

import msgspec

from dockwright.shell.words import Word
from dockwright.text import Span


class Flag(msgspec.Struct, frozen=True):
    """A flag as given: its canonical long name (`--file`), the word it stands in, and its value if it takes one."""

    name: str
    word: Word
    value: Word | None = None
    known: bool = True


class Pair(msgspec.Struct, frozen=True):
    """`NAME=value` given to a flag such as `--build-arg`; `value` is None when only the name is given."""

    name: str
    value: Word | None
    word: Word


class Problem(msgspec.Struct, frozen=True):
    """Something the tool would refuse or not do as meant; `kind` is a short stable name."""

    kind: str
    message: str
    word: Word


class Reach(StrEnum):
    """How far a destructive call reaches."""

    NAMED = "named"
    """Only what it names."""
    PROJECT = "project"
    """Everything of one compose project."""
    MACHINE = "machine"
    """Everything on the engine, other projects included."""


class Destruction(msgspec.Struct, frozen=True):
    """Data or state a call removes. `what`: volumes, containers, images, networks, build cache, everything."""

    what: tuple[str, ...]
    reach: Reach
    forced: bool
    """Does not ask."""
    words: tuple[Word, ...]

    @property
    def data(self) -> bool:
        """True when it removes volumes, that is data that cannot be made again."""
        return "volumes" in self.what


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a container tool: common part."""

    engine: str
    """docker (also for `docker-compose`), podman, podman-compose, buildah, nerdctl, kaniko, buildctl, gcloud …"""
    verb: str
    """The subcommand, words joined by a blank: `build`, `buildx build`, `compose up`, `volume rm`."""
    argv: tuple[Word, ...]
    flags: tuple[Flag, ...] = ()
    arguments: tuple[Word, ...] = ()
    """Positional arguments after the verb."""
    problems: tuple[Problem, ...] = ()
    destroys: Destruction | None = None
    assumed: bool = False
    """The program's name is not constant; it is a container tool by its variable's name and its verb."""

    @property
    def span(self) -> Span:
        """From the first to the last word; words brought in from elsewhere do not widen it."""
        return self.argv[0].span

    def flag(self, name: str) -> Flag | None:
        """The last flag of that canonical name."""
        for flag in reversed(self.flags):
            if flag.name == name:
                return flag
        return None


class BuildCall(Call, frozen=True, kw_only=True):
    """An image build: `docker build`, `buildx build`, `podman build`, `buildah bud`, kaniko, `gcloud builds submit`."""

    files: tuple[Word, ...] = ()
    context: Word | None = None
    target: Word | None = None
    build_args: tuple[Pair, ...] = ()
    build_contexts: tuple[Pair, ...] = ()
    tags: tuple[Word, ...] = ()
    platforms: tuple[Word, ...] = ()
    no_cache: bool = False
    pull: bool = False
    push: bool = False
    load: bool = False
    cache_from: tuple[Word, ...] = ()
    cache_to: tuple[Word, ...] = ()
    secrets: tuple[Word, ...] = ()


class ComposeCall(Call, frozen=True, kw_only=True):
    """`docker compose`, `docker-compose`, `podman-compose`, `docker stack deploy -c`; `verb` begins with `compose`."""

    files: tuple[Word, ...] = ()
    project_name: Word | None = None
    project_directory: Word | None = None
    profiles: tuple[Word, ...] = ()
    env_files: tuple[Word, ...] = ()
    subcommand: str = ""
    services: tuple[Word, ...] = ()
    command: tuple[Word, ...] = ()
    """The command given to `run` or `exec`."""
    v1: bool = False
    """Spelled `docker-compose`."""


class BakeCall(Call, frozen=True, kw_only=True):
    """`docker buildx bake`."""

    files: tuple[Word, ...] = ()
    targets: tuple[Word, ...] = ()
    sets: tuple[Pair, ...] = ()


class RunCall(Call, frozen=True, kw_only=True):
    """`docker run`, `create` and the like."""

    image: Word | None = None
    command: tuple[Word, ...] = ()
    name: Word | None = None
    ports: tuple[Word, ...] = ()
    volumes: tuple[Word, ...] = ()
    env: tuple[Pair, ...] = ()
    env_files: tuple[Word, ...] = ()
    network: Word | None = None
    rm: bool = False
    detach: bool = False
    privileged: bool = False


class OtherCall(Call, frozen=True, kw_only=True):
    """Any other call: push, pull, tag, exec, rm, ps, inspect, prune …"""
