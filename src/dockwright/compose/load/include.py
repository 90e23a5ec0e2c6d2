"""`include`: another project's files loaded on their own, then imported.

Source: compose-go loader/include.go. The first path of an item fixes the directory; further ones are overrides of it. The
environment is the including project's, extended by `env_file` or the directory's `.env`.
"""

from __future__ import annotations

from dockwright.compose.load.decode import Resets
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.extends import is_remote
from dockwright.compose.load.gopath import clean, directory, is_absolute, join, relative
from dockwright.compose.load.loading import Scope, Session, load_model
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.origin import Origin, origin_of
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain, same
from dockwright.record import Record

MAX_NESTED = 30


class _Include(Record):
    """One item of `include`."""

    paths: list[str]
    project_directory: str
    env_files: list[str]
    value: Value

    @property
    def origin(self) -> Origin | None:
        return origin_of(self.value.place)


def apply_include(session: Session, path: str, model: Mapping, resets: Resets, scope: Scope) -> None:
    """Import what a file includes into its model, in place."""
    include = model.entries.pop("include", None)
    if include is None or is_null(include):
        return
    if not isinstance(include, Sequence):
        session.problems.fail("include", "`include` must be a list", include.place)
        return
    included = (*scope.included, path)
    for value in include.items:
        item = _item(session, value)
        if item is None or not item.paths:
            continue
        imported = _load(session, item, included, scope)
        if imported is not None:
            _import(session, imported, model, resets)


def _item(session: Session, value: Value) -> _Include | None:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return _Include([value.value], "", [], value)
    if not isinstance(value, Mapping):
        session.problems.fail("include", "an item of `include` is a path or a mapping", value.place)
        return None
    return _Include(
        _texts(value.get("path")), value.text("project_directory"), _texts(value.get("env_file")), value
    )


def _texts(value: Value | None) -> list[str]:
    if isinstance(value, Sequence):
        return value.texts()
    found = plain(value)
    return [found] if isinstance(found, str) else []


def _load(session: Session, item: _Include, included: tuple[str, ...], scope: Scope) -> Mapping | None:
    """The included project's model, paths absolute or relative to the including one's directory."""
    for path in item.paths:
        if is_remote(path):
            session.problems.fail(
                "remote", f"include names a remote resource, which is not fetched: {path}", item.origin
            )
            return None
    paths = tuple(path if is_absolute(path) else join(scope.loader_dir, path) for path in item.paths)
    if paths[0] in included or len(included) > MAX_NESTED:
        chain = " includes ".join((*included, paths[0]))
        session.problems.fail("include-cycle", f"include cycle detected: {chain}", item.origin)
        return None
    project_directory, working_dir = _directories(session, item, paths[0], scope)
    environment = _environment(session, item, project_directory, scope)
    if environment is None or any(session.file(path, item.origin) is None for path in paths):
        return None
    below = Scope(working_dir, project_directory, environment, included)
    return load_model(session, paths, below)


def _directories(session: Session, item: _Include, first: str, scope: Scope) -> tuple[str, str]:
    """The included project's directory, and the one its paths are resolved against."""
    given = item.project_directory
    if not given:
        return directory(first), _dir(session, first, scope)
    if is_absolute(given):
        return given, given
    return join(scope.working_dir, given), _dir(session, given, scope)


def _dir(session: Session, path: str, scope: Scope) -> str:
    """localResourceLoader.Dir: relative to the loader's directory; for what is no directory, its parent's."""
    absolute = path if is_absolute(path) else join(scope.loader_dir, path)
    if not session.files.is_directory(session.absolute(absolute)):
        above = directory(path)
        absolute = above if is_absolute(above) else join(scope.loader_dir, above)
    found = relative(scope.loader_dir, absolute)
    return found if found is not None else absolute


def _environment(
    session: Session, item: _Include, project_directory: str, scope: Scope
) -> Environment | None:
    from dockwright.compose.load.dotenvs import read_env_files

    if not item.env_files:
        default = session.absolute(join(project_directory, ".env"))
        found = [default] if session.files.exists(default) and not session.files.is_directory(default) else []
        return read_env_files(session.files, found, scope.environment, session.problems)
    paths: list[str] = []
    for name in item.env_files:
        if name == "/dev/null" and session.semantics.since(2, 10, 0):
            continue
        path = session.absolute(name if is_absolute(name) else join(scope.working_dir, name))
        if path == "/dev/null":
            continue
        if not session.files.exists(path):
            session.problems.fail(
                "not-found", f"{path}: no such file or directory", item.origin, exit_code=14
            )
            return None
        if session.files.is_directory(path):
            session.problems.fail("include", f"{path} is not a file", item.origin)
            return None
        paths.append(clean(path))
    return read_env_files(session.files, paths, scope.environment, session.problems)


def _import(session: Session, source: Mapping, target: Mapping, resets: Resets) -> None:
    """importResources: services, volumes, networks, secrets, configs and models; name and `x-*` are not imported."""
    kinds = ["services", "volumes", "networks", "secrets", "configs"]
    if session.semantics.since(2, 7, 0):
        kinds.append("models")
    for kind in kinds:
        found = source.get(kind)
        if not isinstance(found, Mapping):
            continue
        known = target.get(kind)
        if known is not None and not isinstance(known, Mapping):
            session.problems.fail("crash", f"{kind} is no mapping: Compose crashes", known.place, found.place)
            continue
        entries = known if known is not None else Mapping({})
        for name, value in found.entries.items():
            own = entries.get(name)
            if own is None:
                entries.entries[name] = value
            elif session.semantics.include_merges:
                holder = Mapping({name: value})
                resets.apply(Mapping({kind: holder}))
                kept = holder.entries.get(name, value)
                entries.entries[name] = session.merging.resource(kept, own, kind, name)
            elif not same(own, value):
                session.problems.fail(
                    "include-conflict",
                    f"{kind}.{name} conflicts with imported resource",
                    own.place,
                    value.place,
                )
        target.entries[kind] = entries
