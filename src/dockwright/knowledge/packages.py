"""Package managers: verbs, files they read, caches, flags (data/package_managers.toml)."""

from functools import cache

import msgspec

from dockwright.knowledge.tables import typed
from dockwright.lazy import lazy_regex


class ManifestFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file a manager reads from the working directory.

    `verbs` are those that read it (all, if empty); `flags` those that make it read it. `optional` files are read only
    where they exist.
    """

    path: str
    role: str
    verbs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    optional: bool = False


class CacheMount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `RUN --mount=type=cache` that keeps what the manager downloads."""

    target: str
    sharing: str = "shared"


class Manager(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One package manager. The fields are explained at the head of the data file."""

    programs: tuple[str, ...]
    kind: str
    source: str
    verbs: dict[str, tuple[str, ...]] = {}
    """Action name -> verbs."""
    valued: str = ""
    yes: str = ""
    asks: bool = True
    """It asks unless told not to (only where `yes` flags exist)."""
    pins: tuple[str, ...] = ()
    version_flags: tuple[str, ...] = ()
    no_cache_flags: tuple[str, ...] = ()
    no_cache_env: tuple[str, ...] = ()
    no_deps: tuple[str, ...] = ()
    editable: tuple[str, ...] = ()
    production: tuple[str, ...] = ()
    production_env: tuple[str, ...] = ()
    global_flags: tuple[str, ...] = ()
    frozen_flags: tuple[str, ...] = ()
    frozen_verbs: tuple[str, ...] = ()
    refresh_flags: tuple[str, ...] = ()
    virtual_flags: tuple[str, ...] = ()
    recommends: bool = False
    no_recommends: tuple[str, ...] = ()
    cache_dirs: tuple[str, ...] = ()
    index_dirs: tuple[str, ...] = ()
    mounts: tuple[CacheMount, ...] = ()
    manifests: tuple[ManifestFile, ...] = ()
    reads: dict[str, tuple[str, ...]] = {}
    default_action: str = ""
    name: str = ""


class Lookup(msgspec.Struct, frozen=True):
    """What reading a command line needs, prepared once per manager."""

    manager: Manager
    actions: dict[str, str]
    """Verb -> action; verbs of two words are joined by a blank."""
    valued: frozenset[str]
    yes: frozenset[str]
    reads: dict[str, str]
    """Flag -> role of the file it names."""


def _lookup(manager: Manager) -> Lookup:
    actions = {verb: action for action, verbs in manager.verbs.items() for verb in verbs}
    reads = {flag: role for role, flags in manager.reads.items() for flag in flags}
    return Lookup(manager, actions, frozenset(manager.valued.split()), frozenset(manager.yes.split()), reads)


@cache
def managers() -> dict[str, Manager]:
    """All package managers by name (`apt`, `pip`, `npm` …)."""
    found = typed("package_managers", dict[str, Manager])
    return {name: msgspec.structs.replace(manager, name=name) for name, manager in found.items()}


@cache
def by_program() -> dict[str, Lookup]:
    """Package managers by the name of the program that is called."""
    out: dict[str, Lookup] = {}
    for manager in managers().values():
        lookup = _lookup(manager)
        out.update(dict.fromkeys(manager.programs, lookup))
    return out


_PIP = lazy_regex(r"pip[23]?(?:\.\d+)?")


def lookup(program: str) -> Lookup | None:
    """The package manager a program is, also as `pip3.11`."""
    found = by_program().get(program)
    if found is None and program.startswith("pip") and _PIP.fullmatch(program):
        return by_program()["pip"]
    return found


@cache
def _names(of: frozenset[str]) -> tuple[bytes, ...]:
    """Texts of which every call of one of these managers holds one."""
    names = {name.encode() for name, found in by_program().items() if found.manager.name in of}
    return tuple(sorted(name for name in names if not any(other in name for other in names - {name})))


def names_manager(text: bytes, managers: frozenset[str]) -> bool:
    """A quick test: False when the text calls none of these managers, for it does not even hold their names."""
    return any(name in text for name in _names(managers))


def is_manager(program: str) -> bool:
    """The program is a package manager of the table."""
    return lookup(program) is not None
