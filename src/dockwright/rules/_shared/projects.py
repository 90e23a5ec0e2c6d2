"""Which compose files make a project of their own, and under which name.

The name is `name:` of the file, else the name of its folder (compose-go cli/options.go: GetWorkingDir,
NormalizeProjectName), so all files of one folder share one project unless something names it.
"""

import posixpath
from collections.abc import Iterator

import msgspec

from dockwright.repository.model import ComposeItem, Standing
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import (
    by_folder,
    extended_files,
    includers_of,
    is_default,
    is_override_name,
    loaded_alone,
    sets_with,
)
from dockwright.shell.calls import ComposeCall


class Project(msgspec.Struct, frozen=True, eq=False):
    """Files that make projects of the same name. `explicit` is the `name:` they give; empty for the folder's name."""

    folder: str
    explicit: str
    items: tuple[ComposeItem, ...]


def projects(repository: Repository) -> tuple[Project, ...]:
    """Every project name of the repository with the files that make a project of their own under it."""
    return repository.memo("projects", lambda: tuple(_projects(repository)))


def project_of(repository: Repository, item: ComposeItem) -> Project | None:
    """The project a file makes; None when it makes none of its own."""
    by_path = repository.memo(
        "projects.by_path",
        lambda: {found.path: project for project in projects(repository) for found in project.items},
    )
    return by_path.get(item.path)


def _projects(repository: Repository) -> Iterator[Project]:
    groups: dict[tuple[str, str], list[ComposeItem]] = {}
    for item in repository.own_composes:
        if not stands_alone(repository, item):
            continue
        name = item.file.name
        if name is not None and name.literal is None:
            continue  # a variable keeps the projects apart
        explicit = name.raw if name is not None else ""
        folder = "" if explicit else posixpath.dirname(item.path)
        groups.setdefault((folder, explicit), []).append(item)
    for (folder, explicit), items in sorted(groups.items()):
        items.sort(key=lambda item: (not is_default(item.path), item.path))
        yield Project(folder, explicit, tuple(items))


def stands_alone(repository: Repository, item: ComposeItem) -> bool:
    """True when the file is a project, not an override or a piece of another."""
    return repository.memo(f"projects.alone {item.path}", lambda: _stands_alone(repository, item))


def _stands_alone(repository: Repository, item: ComposeItem) -> bool:
    file = item.file
    if file.yaml.broken or item.fragment or not file.services or item.path in extended_files(repository):
        return False
    if loaded_alone(item) or is_default(item.path):
        return True
    if is_override_name(item.path) or item.path in includers_of(repository) or _thin(repository, item):
        return False
    sets = sets_with(repository, item.path)
    return not sets or any(paths[0] == item.path for paths in sets)


def _thin(repository: Repository, item: ComposeItem) -> bool:
    """True when the file says of each service less than half of what a neighbour says of it: an override by content."""
    for other in by_folder(repository).get(posixpath.dirname(item.path), ()):
        if other is item or other.standing is not Standing.OWN:
            continue
        pairs = [(service, other.file.services.get(name)) for name, service in item.file.services.items()]
        if all(base is not None and 2 * len(service.keys) <= len(base.keys) for service, base in pairs):
            return True
    return False


def named_by_callers(repository: Repository, item: ComposeItem) -> bool:
    """True when commands load the file, and all of them give the project a name of their own (`-p`)."""
    given, bare = repository.memo("projects.calls", lambda: _calls(repository))
    return item.path in given and item.path not in bare


def _calls(repository: Repository) -> tuple[frozenset[str], frozenset[str]]:
    """Files that commands load with a project name, and without."""
    given: set[str] = set()
    bare: set[str] = set()
    for script in (*repository.scripts, *repository.workflows):
        for invocation in script.invocations:
            if isinstance(invocation.call, ComposeCall):
                named = invocation.call.project_name is not None
                (given if named else bare).update(invocation.files)
    return frozenset(given), frozenset(bare)


def together(repository: Repository, one: ComposeItem, other: ComposeItem) -> bool:
    """True when something loads the two files together."""
    return any(other.path in paths for paths in sets_with(repository, one.path))
