"""Which compose files are loaded together.

A compose file alone says little: a network may be defined in the base it overrides, a service may get its image
there. Rules that speak of what is missing, unused or rival ask here first.

Known ways of loading are those that something in the repository uses (`-f base -f override`), and the ones compose
finds by itself: a default name with its override file. A file nothing is known of is taken to be loaded alone, but
`companions` tells which other files it may still go with.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

import msgspec

from dockwright.compose.model import Service
from dockwright.repository.layout import parents
from dockwright.repository.model import ComposeItem, Standing
from dockwright.repository.names import is_test_code
from dockwright.repository.repository import Repository

DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""compose-go cli/options.go: DefaultFileNames, in the order they are looked for."""
OVERRIDE_NAMES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """One way of loading: the files in order (included ones behind the one that includes them).

    `known` is False for a file that nothing is known to use: it is then assumed to be loaded alone. `complete` is
    False when something is included that is not in the tree.
    """

    items: tuple[ComposeItem, ...]
    known: bool
    complete: bool = True
    included: tuple[ComposeItem, ...] = ()

    @property
    def folder(self) -> str:
        """The project directory: that of the first file."""
        return posixpath.dirname(self.items[0].path)

    def defines(self, kind: str, name: str) -> bool:
        """True when some file has that entry; `kind` is services, networks, volumes, secrets or configs."""
        return any(name in getattr(item.file, kind) for item in self.items)

    def services(self, name: str) -> Iterator[tuple[ComposeItem, Service]]:
        """The definitions of one service, in the order they are merged."""
        for item in self.items:
            service = item.file.services.get(name)
            if service is not None:
                yield item, service


def ways(repository: Repository, item: ComposeItem) -> tuple[Loaded, ...]:
    """Every way the file is loaded; never empty."""
    return repository.memo(f"loading.ways {item.path}", lambda: tuple(_ways(repository, item)))


def loaded_alone(item: ComposeItem) -> bool:
    """True when a command of the repository loads just this file (with what it includes)."""
    return (item.path,) in item.used_with


def file_sets(repository: Repository) -> tuple[tuple[str, ...], ...]:
    """All file sets known to be loaded, as paths in order, each once."""
    return repository.memo("loading.file_sets", lambda: tuple(_file_sets(repository)))


def _file_sets(repository: Repository) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    own = {item.path for item in repository.composes if item.standing is Standing.OWN}
    folders: dict[str, set[str]] = {}
    for path in own:
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, set()).add(name)
    for item in repository.composes:
        for paths in item.used_with:
            if paths not in seen and all(path in own for path in paths):
                seen.add(paths)
                yield paths
    for folder, names in sorted(folders.items()):
        base = next((name for name in DEFAULT_NAMES if name in names), None)
        if base is None:
            continue
        override = next((name for name in OVERRIDE_NAMES if name in names), None)
        found = tuple(posixpath.join(folder, name) for name in (base, override) if name)
        if found not in seen:
            seen.add(found)
            yield found


def _sets_by_path(repository: Repository) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for paths in file_sets(repository):
        for path in paths:
            found.setdefault(path, []).append(paths)
    return found


def sets_with(repository: Repository, path: str) -> list[tuple[str, ...]]:
    """The known file sets a file is part of."""
    return repository.memo("loading.sets_by_path", lambda: _sets_by_path(repository)).get(path, [])


def _ways(repository: Repository, item: ComposeItem) -> Iterator[Loaded]:
    by_path = _by_path(repository)
    sets = sets_with(repository, item.path)
    includers = [paths for paths in includers_of(repository).get(item.path, ()) if paths not in sets]
    for paths in [*sets, *includers] or [(item.path,)]:
        files = [by_path[path] for path in paths if path in by_path]
        items: dict[str, ComposeItem] = {}
        included: list[ComposeItem] = []
        complete = True
        for file in files:
            items.setdefault(file.path, file)
            if file.file.includes:
                found, whole = _included(file, by_path)
                included += found
                complete = complete and whole
                for other in found:
                    items.setdefault(other.path, other)
        yield Loaded(tuple(items.values()), bool(sets or includers), complete, tuple(included))


def _by_path(repository: Repository) -> dict[str, ComposeItem]:
    return repository.memo("loading.by_path", lambda: {item.path: item for item in repository.composes})


def _included(item: ComposeItem, by_path: Mapping[str, ComposeItem]) -> tuple[list[ComposeItem], bool]:
    """The files `include` brings in, over any number of steps, and whether all of them are in the tree."""
    found: dict[str, ComposeItem] = {item.path: item}
    queue, complete = [item], True
    for file in queue:
        folder = posixpath.dirname(file.path)
        for include in file.file.includes:
            for text in include.paths:
                written = text.default
                path = posixpath.normpath(posixpath.join(folder, written)) if written else ""
                other = by_path.get(path)
                if other is None:
                    complete = False
                elif path not in found:
                    found[path] = other
                    queue.append(other)
    return list(found.values())[1:], complete


def includers_of(repository: Repository) -> dict[str, list[tuple[str, ...]]]:
    """For each file that others include or extend: the file sets (of one) that bring it in."""
    return repository.memo("loading.includers", lambda: _includers(repository))


def _includers(repository: Repository) -> dict[str, list[tuple[str, ...]]]:
    by_path = _by_path(repository)
    found: dict[str, list[tuple[str, ...]]] = {}
    for item in repository.composes:
        for other in _included(item, by_path)[0] if item.file.includes else ():
            found.setdefault(other.path, []).append((item.path,))
    return found


def extended_files(repository: Repository) -> frozenset[str]:
    """Files whose services others extend."""
    return repository.memo("loading.extended", lambda: frozenset(_extended(repository)))


def _extended(repository: Repository) -> Iterator[str]:
    for item in repository.composes:
        folder = posixpath.dirname(item.path)
        for service in item.file.services.values():
            extends = service.extends
            if extends is not None and extends.file is not None and extends.file.default:
                yield posixpath.normpath(posixpath.join(folder, extends.file.default))


def companions(repository: Repository, item: ComposeItem) -> tuple[ComposeItem, ...]:
    """Every other compose file this one may be loaded with, for rules that would rather stay silent than be wrong.

    Those of its known sets; where no command loads it alone, also those in the same folder and all folders above: an
    extension below `extensions/` or a snippet that a generator puts together needs the files at the top.
    """
    return repository.memo(f"loading.companions {item.path}", lambda: tuple(_companions(repository, item)))


def _companions(repository: Repository, item: ComposeItem) -> Iterator[ComposeItem]:
    seen = {item.path}
    for way in ways(repository, item):
        for other in way.items:
            if other.path not in seen:
                seen.add(other.path)
                yield other
    if loaded_alone(item):
        return
    folders = by_folder(repository)
    for folder in parents(posixpath.dirname(item.path)):
        for other in folders.get(folder, ()):
            if other.path not in seen and other.standing in _WORKING:
                yield other


def by_folder(repository: Repository) -> dict[str, list[ComposeItem]]:
    """All compose files by the folder they lie in."""
    return repository.memo("loading.by_folder", lambda: _by_folder(repository))


def _by_folder(repository: Repository) -> dict[str, list[ComposeItem]]:
    found: dict[str, list[ComposeItem]] = {}
    for item in repository.composes:
        found.setdefault(posixpath.dirname(item.path), []).append(item)
    return found


_WORKING = (Standing.OWN, Standing.TEMPLATE, Standing.IGNORED)
"""An example that people copy to `compose.override.yaml`, or a local file git ignores, may complete a file."""


def is_default(path: str) -> bool:
    """True for a file compose finds by itself."""
    return posixpath.basename(path) in DEFAULT_NAMES


def is_override_name(path: str) -> bool:
    """True for a name that compose, or the usual reading, takes for an override of another file."""
    folder, name = posixpath.split(path.lower())
    return "override" in re.split(r"[._-]", name) or posixpath.basename(folder) in ("override", "overrides")


def below_tests(path: str) -> bool:
    """True for a file in a folder of tests; a file named after tests (`docker-compose.test.yml`) alone is none."""
    return is_test_code(posixpath.join(posixpath.dirname(path), "compose.yml"))
