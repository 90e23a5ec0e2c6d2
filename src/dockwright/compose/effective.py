"""What a set of compose files comes to: files merged in order, `include` and `extends` followed.

Enough for the rules: services and resources with every value's place (each `Text` knows its node and file, each
service its `parts`). It is not yet the exact model that `docker compose config` prints: nothing is normalised, no
profile applied, no schema checked, and an error that would stop compose is an `Issue` here while the rest is still
merged. Order at each file: include, then the file's own services, then extends (compose-go from 2.10.2). A value that
cannot be told, such as the target of an `extends` whose path holds an unset variable, is left out and named.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from dockwright.compose.dotenv import parse as parse_env
from dockwright.compose.fields import OVERRIDE, RESET
from dockwright.compose.file import ComposeFile
from dockwright.compose.interpolate import Resolved
from dockwright.compose.merging import merge_resource, merge_service, unique_service
from dockwright.compose.model import Extends, Include, Resource, Service
from dockwright.compose.paths import is_remote, join, parent
from dockwright.compose.reader import read_file
from dockwright.compose.rebase import rebase_resource, rebase_service
from dockwright.compose.value import Text
from dockwright.compose.yaml import collections as tree
from dockwright.compose.yaml import parse
from dockwright.compose.yaml.nodes import Node
from dockwright.text import Span

MAX_FILES = 1_000
"""How often a project may ask for a file by include and extends."""
MAX_DEPTH = 100
"""How deep includes and extends may go."""

Read = Callable[[str], bytes | None]
Env = Mapping[str, str]
KINDS = ("networks", "volumes", "secrets", "configs")


class Issue(msgspec.Struct, frozen=True):
    """Something that keeps a project from being what its files say. `kind`: missing, remote, cycle, variable, limit."""

    kind: str
    message: str
    path: str
    span: Span


class Project(msgspec.Struct, frozen=True):
    """Files in effect together. `files` is every file read, in the order compose reads them."""

    directory: str
    files: tuple[str, ...]
    name: Text | None
    services: dict[str, Service]
    networks: dict[str, Resource]
    volumes: dict[str, Resource]
    secrets: dict[str, Resource]
    configs: dict[str, Resource]
    issues: tuple[Issue, ...]
    environments: dict[str, Env]
    """By file: the variables its values are resolved with (an include may bring env files of its own)."""

    def resolved(self, text: Text) -> Resolved:
        """A value under the variables of the file it stands in."""
        return text.resolved(self.environments.get(text.path, {}))

    def enabled(self, profiles: Sequence[str] = ()) -> dict[str, Service]:
        """The services without profile, and those of the given profiles (`*` for all)."""
        return {
            name: service
            for name, service in self.services.items()
            if not service.profiles
            or "*" in profiles
            or any(self.resolved(profile).filled in profiles for profile in service.profiles)
        }


class Model:
    """Services and resources while they are being merged."""

    def __init__(self) -> None:
        self.name: Text | None = None
        self.services: dict[str, Service] = {}
        self.resources: dict[str, dict[str, Resource]] = {kind: {} for kind in KINDS}

    def drop(self, root: Node | None) -> None:
        """Forget the services and resources that a file tags `!reset` or `!override`, one by one or all."""
        sections: dict[str, dict[str, Any]] = {"services": self.services, **self.resources}
        for kind, mine in sections.items():
            section = root.entry(kind) if isinstance(root, tree.Mapping) else None
            if section is None:
                continue
            if section.value.tag in (RESET, OVERRIDE):
                mine.clear()
            elif isinstance(section.value.target, tree.Mapping):
                for entry in section.value.target.entries:
                    if entry.value.tag in (RESET, OVERRIDE):
                        mine.pop(entry.name, None)

    def put(self, over: "Model", env: Env) -> None:
        """Merge another model on top."""
        self.name = over.name or self.name
        for name, service in over.services.items():
            base = self.services.get(name)
            merged = merge_service(base, service, env) if base is not None else unique_service(service, env)
            self.services[name] = merged
        for kind, resources in over.resources.items():
            mine = self.resources[kind]
            for name, resource in resources.items():
                mine[name] = merge_resource(mine[name], resource, env) if name in mine else resource


def effective(
    paths: Sequence[str], load: Callable[[str], ComposeFile | None], *, read: Read | None = None,
    env: Env | None = None, directory: str | None = None,
) -> Project:  # fmt: skip
    """The project that `docker compose -f A -f B …` would load.

    `load` gives the compose file at a path from the root of the tree, None when there is none; `read` the bytes of
    an env file that an include brings in. `env` is all that variables are taken from. `directory` is the project
    directory, by default that of the first file.
    """
    loader = _Loader(load, read or (lambda _path: None))
    where = directory if directory is not None else parent(paths[0]) if paths else ""
    model = Model()
    for path in paths:
        file = loader.file(path, None)
        if file is not None:
            loader.add(model, file, where, env or {}, ())
    return Project(
        directory=where,
        files=tuple(loader.files),
        name=model.name,
        services=model.services,
        issues=tuple(loader.issues),
        environments=loader.environments,
        **model.resources,
    )


def loader(read: Read) -> Callable[[str], ComposeFile | None]:
    """A `load` for `effective` over anything that gives a file's bytes; each file is read once."""
    known: dict[str, ComposeFile | None] = {}

    def load(path: str) -> ComposeFile | None:
        if path not in known:
            data = read(path)
            known[path] = read_file(parse(data, path)) if data is not None else None
        return known[path]

    return load


class _Loader:
    """Follows include and extends; remembers what was read and what went wrong."""

    def __init__(self, load: Callable[[str], ComposeFile | None], read: Read) -> None:
        self.load = load
        self.read = read
        self.files: dict[str, None] = {}
        self.issues: list[Issue] = []
        self.count = 0
        self.environments: dict[str, Env] = {}

    def issue(self, kind: str, message: str, node: Node) -> None:
        self.issues.append(Issue(kind, message, node.file.path, node.full_span))

    def file(self, path: str, asked_by: Node | None) -> ComposeFile | None:
        """The compose file at a path, or an issue."""
        self.count += 1
        if self.count > MAX_FILES:
            if asked_by is not None and self.count == MAX_FILES + 1:
                self.issue("limit", f"more than {MAX_FILES:,} files are pulled in", asked_by)
            return None
        found = self.load(path)
        if found is not None:
            self.files[path] = None
        elif asked_by is not None:
            self.issue("missing", f"there is no file {path}", asked_by)
        else:
            self.issues.append(Issue("missing", f"there is no file {path}", path, Span(0, 0)))
        return found

    def target(self, text: Text, directory: str, env: Env, what: str) -> str | None:
        """Where the path of an include or extends leads."""
        value = text.resolved(env)
        if value.text is None:
            names = ", ".join(value.unset) or "; ".join(value.errors)
            self.issue("variable", f"{what} depends on {names}", text.node)
            return None
        path = join(directory, value.text)
        if path is None:
            where = "is remote" if is_remote(value.text) else "leads out of the repository"
            self.issue("remote", f"{what} {value.text} {where}", text.node)
        return path

    def add(self, model: Model, file: ComposeFile, directory: str, env: Env, stack: tuple[str, ...]) -> None:
        """Merge one file, with all its documents, into the model."""
        self.environments.setdefault(file.path, env)
        for part in (file, *file.further):
            own = Model()
            for include in part.includes:
                self.include(own, include, directory, env, (*stack, file.path))
            own.drop(part.root)
            model.drop(part.root)
            mine = Model()
            mine.name = part.name
            mine.services = {name: rebase_service(found, directory) for name, found in part.services.items()}
            for kind in KINDS:
                resources: dict[str, Resource] = getattr(part, kind)
                mine.resources[kind] = {
                    name: rebase_resource(one, directory) for name, one in resources.items()
                }
            own.put(mine, env)
            for name in part.services:
                self.extend(own.services, name, directory, env, ())
            model.put(own, env)

    def include(
        self, model: Model, include: Include, directory: str, env: Env, stack: tuple[str, ...]
    ) -> None:
        """Merge what an include brings; its first path says the directory, further ones are overrides."""
        found: list[str] = []
        for text in include.paths:
            path = self.target(text, directory, env, "include")
            if path is None:
                return
            if path in stack or len(stack) > MAX_DEPTH:
                self.issue("cycle", f"include of {path} leads back to itself or too deep", text.node)
                return
            found.append(path)
        if not found:
            return
        where: str | None = parent(found[0])
        if include.project_directory is not None:
            where = self.target(include.project_directory, directory, env, "project_directory")
        if where is None:
            return
        inner_env = self.include_env(include, directory, where, env)
        included = Model()
        for path, text in zip(found, include.paths, strict=True):
            file = self.file(path, text.node)
            if file is not None:
                self.add(included, file, where, inner_env, stack)
        included.name = None
        model.put(included, env)

    def include_env(self, include: Include, directory: str, where: str, env: Env) -> Env:
        """The environment of an included project: the parent's, extended by its env files."""
        paths = [
            self.target(text, directory, env, "env_file")
            for text in include.env_files
            if text.raw != "/dev/null"
        ]
        if not include.env_files:
            paths = [join(where, ".env")]
        extra: dict[str, str] = {}
        for path in paths:
            data = self.read(path) if path is not None else None
            if data is not None and path is not None:
                extra = parse_env(data, path).values(env, extra).values
        return {**extra, **env}

    def extend(
        self,
        services: dict[str, Service],
        name: str,
        directory: str,
        env: Env,
        stack: tuple[tuple[str, str], ...],
    ) -> None:
        """Replace a service by its base with the service on top, bases first."""
        service = services[name]
        extends = service.extends
        if extends is None:
            return
        here = (service.node.file.path, name)
        alone = msgspec.structs.replace(service, extends=None)
        services[name] = alone if here in stack else service
        if here in stack or len(stack) > MAX_DEPTH:
            self.issue("cycle", f"extends of service {name} leads back to itself or too deep", extends.node)
            return
        base = self.base(services, extends, directory, env, (*stack, here))
        services[name] = (
            msgspec.structs.replace(merge_service(base, alone, env), extends=None) if base else alone
        )

    def base(
        self,
        services: dict[str, Service],
        extends: Extends,
        directory: str,
        env: Env,
        stack: tuple[tuple[str, str], ...],
    ) -> Service | None:
        """The service that is extended, with its own bases; None with an issue when it cannot be told."""
        wanted = extends.service.resolved(env).text if extends.service is not None else None
        if wanted is None:
            self.issue("variable", "extends names no service that is known", extends.node)
            return None
        others = services
        if extends.file is not None:
            loaded = self.extended_file(extends.file, directory, env)
            if loaded is None:
                return None
            others, directory = loaded
        if wanted not in others:
            self.issue("missing", f"there is no service {wanted} to extend", extends.node)
            return None
        self.extend(others, wanted, directory, env, stack)
        return others[wanted]

    def extended_file(self, text: Text, directory: str, env: Env) -> tuple[dict[str, Service], str] | None:
        """The services of a file that is extended, and its directory; includes of that file are not followed."""
        path = self.target(text, directory, env, "extends")
        file = self.file(path, text.node) if path is not None else None
        if file is None or path is None:
            return None
        where = parent(path)
        self.environments.setdefault(path, env)
        return {name: rebase_service(found, where) for name, found in file.services.items()}, where
