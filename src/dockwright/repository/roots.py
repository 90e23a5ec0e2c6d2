"""What is alive by itself, and what a file that is no item gives to those it names. See `status` for the rules."""

import re

from dockwright.repository.layout import Layout
from dockwright.repository.model import (
    BakeItem,
    Build,
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    Item,
    OtherItem,
    ScriptItem,
    Standing,
    Status,
    Strength,
    WorkflowItem,
)
from dockwright.repository.names import Kind, is_test_code, kind_of
from dockwright.repository.standing import place_standing

_DEFAULT_COMPOSE = re.compile(r"(?:docker-)?compose(?:\.override)?\.ya?ml")
_DEFAULT_BAKE = re.compile(r"docker-bake(?:\.override)?\.(?:hcl|json)")
_WORKFLOW = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_IN_IMAGE = re.compile(
    r"(?:docker-?)?entry-?point.*|.*[-_]entrypoint.*|health-?check.*|wait-for.*", re.IGNORECASE
)
_DEFAULT_OTHERS = {
    Kind.SKAFFOLD: re.compile(r"skaffold\.ya?ml"),
    Kind.TILT: re.compile(r"Tiltfile"),
    Kind.CLOUDBUILD: re.compile(r"cloudbuild\.(?:ya?ml|json)"),
}


_READMES = ("README.md", "README", "README.rst", "README.txt", "readme.md", "Readme.md", "README.adoc")


def root_status(item: Item, contexts: frozenset[str], layout: Layout) -> Status:
    """The status an item has without being named; `contexts` are roots that something live builds from."""
    if item.standing is not Standing.OWN:
        return Status.DEAD
    folder, _, name = item.path.rpartition("/")
    if isinstance(item, WorkflowItem):
        return Status.LIVE if _is_found(item.path) else Status.DEAD
    if isinstance(item, ScriptItem):
        return _script_status(item, name)
    if isinstance(item, DockerfileItem):
        default = name in ("Dockerfile", "Containerfile")
        return Status.LIVE if default and (not folder or folder in contexts) else Status.DEAD
    if isinstance(item, ComposeItem):
        shown = not folder or any(layout.has(f"{folder}/{readme}") for readme in _READMES)
        return Status.LIVE if shown and _DEFAULT_COMPOSE.fullmatch(name) else Status.DEAD
    if isinstance(item, BakeItem):
        return Status.LIVE if not folder and _DEFAULT_BAKE.fullmatch(name) else Status.DEAD
    if isinstance(item, OtherItem):
        return _other_status(item, folder, name)
    assert isinstance(item, IgnoreItem), "every kind of item has its rule"
    return Status.LIVE if item.read_by else Status.DEAD


def _is_found(path: str) -> bool:
    """True where a CI system looks for its configuration."""
    if kind_of(path) is Kind.PIPELINE:
        return "/" not in path or path.startswith(".")
    return _WORKFLOW.fullmatch(path) is not None


def _script_status(item: ScriptItem, name: str) -> Status:
    if _IN_IMAGE.fullmatch(name) and not item.invocations:
        return Status.DEAD  # what runs inside an image is started by a Dockerfile, or by nobody
    return Status.TESTS if item.test else Status.LIVE


def _other_status(item: OtherItem, folder: str, name: str) -> Status:
    pattern = _DEFAULT_OTHERS.get(Kind(item.kind)) if item.kind in Kind._value2member_map_ else None
    if pattern is not None:
        return Status.LIVE if not folder and pattern.fullmatch(name) else Status.DEAD
    return Status.LIVE


def outside_status(path: str) -> Status:
    """What a file that is no item can give: tests theirs, documentation docs, configuration and code life."""
    if place_standing(path)[0] is not Standing.OWN:
        return Status.DOCS
    kind = kind_of(path)
    if kind is Kind.DOC:
        return Status.DOCS
    return Status.TESTS if is_test_code(path) else Status.LIVE


def live_contexts(builds: list[Build], alive: frozenset[str]) -> frozenset[str]:
    """Context roots of builds that something live makes."""
    return frozenset(
        build.context
        for build in builds
        if build.context is not None
        and build.strength >= Strength.SCRIPT
        and (build.owner or build.place.path) in alive
    )
