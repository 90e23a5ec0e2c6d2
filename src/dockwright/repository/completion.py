"""The last step of an inventory: everything that needs all items, builds and references at once."""

from functools import partial

import msgspec

from dockwright.repository.buildable import judge
from dockwright.repository.classify import classify_compose, classify_dockerfile
from dockwright.repository.ignored import ignored_by_git
from dockwright.repository.items import measure
from dockwright.repository.layout import Layout
from dockwright.repository.model import (
    Build,
    DockerfileItem,
    IgnoreItem,
    Item,
    Reference,
    Standing,
    Status,
    Strength,
)
from dockwright.repository.repository import Repository
from dockwright.repository.roots import live_contexts, outside_status, root_status
from dockwright.repository.scripts import categorise
from dockwright.repository.status import statuses
from dockwright.trees.tree import State


def complete(repository: Repository, layout: Layout) -> None:
    """Fill in what depends on everything else."""
    for item in repository.items():
        measure(item)
    _disown(repository)
    _check_targets(repository)
    _attach_builds(repository)
    _attach_references(repository)
    _own_used_fixtures(repository)
    _read_by(repository)
    _settle_status(repository, layout)
    _classify(repository)
    for dockerfile in repository.dockerfiles:
        if dockerfile.standing in (Standing.OWN, Standing.FIXTURE) and not dockerfile.inline:
            judge(dockerfile, layout, repository.context, partial(_ignored, repository))
    for script in (*repository.scripts, *repository.workflows):
        script.category = categorise(script.path, [one.call for one in script.invocations], test=script.test)


def _ignored(repository: Repository, path: str) -> bool:
    """True for what git ignores here, or would ignore if it were there."""
    tree = repository.tree
    there = tree.is_file(path) or tree.is_dir(path)  # of what is not there, git has nothing to say
    return (there and tree.state(path) is State.IGNORED) or ignored_by_git(repository, path)


def _disown(repository: Repository) -> None:
    """What backups, templates, vendored and ignored files declare is no way in which the repository builds."""
    foreign = {item.path: item.standing for item in repository.items() if item.standing is not Standing.OWN}
    for index, build in enumerate(repository.builds):
        standing = foreign.get(build.owner or build.place.path)
        if standing is not None:
            uncertain = build.uncertain or f"it is declared in a file that is {_KINDS[standing]}"
            strength = min(build.strength, Strength.DOCS)
            repository.builds[index] = msgspec.structs.replace(build, uncertain=uncertain, strength=strength)
    for index, reference in enumerate(repository.references):
        standing = foreign.get(reference.place.path)
        if standing is not None:
            uncertain = reference.uncertain or f"it stands in a file that is {_KINDS[standing]}"
            strength = min(reference.strength, Strength.DOCS)
            repository.references[index] = msgspec.structs.replace(
                reference,
                uncertain=uncertain if reference.target is None else reference.uncertain,
                strength=strength,
            )


_KINDS = {
    Standing.IGNORED: "ignored by git",
    Standing.BACKUP: "a backup",
    Standing.VENDORED: "vendored",
    Standing.FIXTURE: "test data",
    Standing.TEMPLATE: "a template",
}


def _check_targets(repository: Repository) -> None:
    """Note targets that the Dockerfile does not have."""
    for index, build in enumerate(repository.builds):
        item = repository.dockerfile(build.dockerfile)
        if item is None or not build.target or item.tree.template is not None or not item.tree.stages:
            continue
        if item.tree.default_build.find(build.target) is None and not build.target.isdecimal():
            repository.builds[index] = msgspec.structs.replace(build, missing=(*build.missing, "target"))


def _attach_builds(repository: Repository) -> None:
    repository.builds.sort(key=_build_order)
    for build in repository.builds:
        item = repository.dockerfile(build.dockerfile)
        if item is not None:
            item.builds.append(build)


def _build_order(build: Build) -> tuple[str, int, str]:
    return (build.place.path, build.place.span.start, build.dockerfile or "")


def _attach_references(repository: Repository) -> None:
    """Sort the references, drop equal ones, and hand each item its own, strongest first."""
    seen: set[tuple[object, ...]] = set()
    kept: list[Reference] = []
    for reference in sorted(repository.references, key=lambda one: -one.strength):
        means = reference.target or reference.resolved or reference.named
        key = (reference.place.path, reference.place.line, reference.expects, means)
        if key not in seen:
            seen.add(key)
            kept.append(reference)
    repository.references[:] = sorted(kept, key=_reference_order)
    for path, references in repository.references_to.items():
        item = repository.item(path)
        if item is not None:
            item.used_by = [reference for reference in references if reference.place.path != path]


def _reference_order(reference: Reference) -> tuple[str, int, str]:
    return (reference.place.path, reference.place.span.start, reference.target or "")


def _own_used_fixtures(repository: Repository) -> None:
    """A file below `fixtures/` that the repository's own compose files or scripts build or run is its own."""
    for item in repository.items():
        if item.standing is Standing.FIXTURE and any(_is_own(repository, one) for one in item.used_by):
            item.standing, item.standing_because = Standing.OWN, ""


def _is_own(repository: Repository, reference: Reference) -> bool:
    holder = repository.item(reference.place.path)
    return reference.strength >= Strength.RUN and holder is not None and holder.standing is Standing.OWN


def _read_by(repository: Repository) -> None:
    """Which builds read which ignore file."""
    by_path: dict[str, IgnoreItem] = {item.path: item for item in repository.ignores}
    seen: set[tuple[str, str | None]] = set()
    for build in repository.builds:
        if build.context is None or (build.context, build.dockerfile) in seen:
            continue
        seen.add((build.context, build.dockerfile))
        for path in repository.context(build.context, build.dockerfile).ignore_candidates[:1]:
            item = by_path.get(path)
            reader = build.context or "."
            if item is not None and reader not in item.read_by:
                item.read_by.append(reader)
    for dockerfile in repository.dockerfiles:
        item = by_path.get(f"{dockerfile.path}.dockerignore")
        if item is not None and not item.read_by:
            item.read_by.append(dockerfile.path)


def _settle_status(repository: Repository, layout: Layout) -> None:
    """Status by the strongest caller; twice, since a live context makes the Dockerfile in its root live."""
    items = {item.path: item for item in repository.items()}
    nodes = frozenset(items)
    contexts: frozenset[str] = frozenset()
    found: dict[str, Status] = {}
    for _ in range(2):
        roots = {path: root_status(item, contexts, layout) for path, item in items.items()}
        found = statuses(roots, repository.references, nodes, outside_status)
        alive = frozenset(path for path, status in found.items() if status is Status.LIVE)
        contexts = live_contexts(repository.builds, alive)
    for path, item in items.items():
        item.status = found[path]


def _classify(repository: Repository) -> None:
    for compose in repository.composes:
        classify_compose(compose)
    environments = {item.path: item.environment for item in repository.composes}
    for dockerfile in repository.dockerfiles:
        found = {
            environments.get(build.owner, "")
            for build in dockerfile.builds
            if build.kind in ("compose", "bake")
        }
        classify_dockerfile(dockerfile, found)
    for item in (*repository.bakes, *repository.others):
        _from_dockerfiles(item, repository.dockerfiles)


def _from_dockerfiles(item: Item, dockerfiles: list[DockerfileItem]) -> None:
    """A file that builds one service only is that service's."""
    services = {one.service for one in dockerfiles for build in one.builds if build.owner == item.path}
    if len(services) == 1:
        item.service = services.pop()
