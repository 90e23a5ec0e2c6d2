"""`extends`: a service on top of another, of the same file or of a file of its own.

Source: compose-go loader/extends.go. The base is resolved first, as often as it extends something itself; the resets of the
extending file are applied to it; paths of another file are moved to where that file stands, before merging.
"""

from __future__ import annotations

from dockwright.compose.load.decode import Resets
from dockwright.compose.load.gopath import directory, is_absolute, join, relative
from dockwright.compose.load.loading import Options, Scope, Session, finish, interpolated
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.origin import key_origin
from dockwright.compose.load.rebase import Rebase
from dockwright.compose.load.values import Mapping, Scalar, Value, clone, plain
from dockwright.record import Record

MAX_CHAIN = 100
"""Services that extend one another in a row."""


class _Base(Record):
    """The services `extends` looks among, and the resets of the file they are of."""

    services: Mapping
    filename: str
    resets: tuple[Resets, ...]


def apply_extends(session: Session, path: str, model: Mapping, resets: Resets, scope: Scope) -> None:
    """Resolve the `extends` of every service of a file, in place."""
    services = model.get("services")
    if services is None:
        return
    if not isinstance(services, Mapping):
        session.problems.fail("schema", "services must be a mapping", services.place)
        return
    base = _Base(services, path, (resets,))
    for name in list(services.entries):
        services.entries[name] = _extended(session, name, base, (), scope)


def _extended(
    session: Session, name: str, here: _Base, chain: tuple[tuple[str, str], ...], scope: Scope
) -> Value:
    """applyServiceExtends: a service with what it extends below it."""
    service = here.services.entries[name]
    if is_null(service):
        return service
    if not isinstance(service, Mapping):
        session.problems.fail("schema", f"services.{name} must be a mapping", service.place)
        return service
    extends = service.get("extends")
    if extends is None:
        return service
    reference = _reference(session, name, extends)
    if reference is None:
        return service
    there = _base(session, name, reference, extends, here, scope)
    if there is None:
        return service
    filename = (
        str(plain(extends.entries["file"]))
        if there.filename != here.filename and isinstance(extends, Mapping)
        else here.filename
    )
    link = (filename, name)
    if link in chain or len(chain) >= MAX_CHAIN:
        lines = " extends ".join(f"{one} in {file}" for file, one in (*chain, link))
        session.problems.fail("extends-cycle", f"circular reference: {lines}", extends.place)
        return service
    base = _extended(session, reference, there, (*chain, link), scope)
    if not isinstance(base, Mapping):
        return service
    source = clone(base)
    assert isinstance(source, Mapping)
    for resets in here.resets if session.semantics.since(2, 10, 0) else there.resets:
        resets.apply(Mapping({"services": Mapping({name: source})}))
    merged = session.merging.service(source, service, name)
    merged.entries.pop("extends", None)
    here.services.entries[name] = merged
    return merged


def _reference(session: Session, name: str, extends: Value) -> str | None:
    """The name of the extended service."""
    if isinstance(extends, Scalar) and isinstance(extends.value, str):
        return extends.value
    if isinstance(extends, Mapping):
        found = extends.plain("service")
        if isinstance(found, str):
            return found
        if not session.semantics.yaml4:
            session.problems.fail(
                "crash", f"extends.{name}.service is required: Compose crashes", extends.place
            )
            return None
    session.problems.fail("extends", f"extends.{name}.service is required", extends.place)
    return None


def _base(
    session: Session, name: str, reference: str, extends: Value, here: _Base, scope: Scope
) -> _Base | None:
    """The services of the file that `extends` names, or of the same one."""
    file = extends.get("file") if isinstance(extends, Mapping) else None
    if not is_null(file):
        assert file is not None
        return _from_file(session, name, reference, file, here, scope)
    if reference in here.services.entries:
        return here
    session.problems.fail(
        "extends",
        f'cannot extend service "{name}" in {here.filename}: service "{reference}" not found',
        extends.place,
        incomplete=True,
    )
    return None


def _from_file(
    session: Session, name: str, reference: str, file: Value, here: _Base, scope: Scope
) -> _Base | None:
    """getExtendsBaseFromFile: the file loaded alone, neither validated nor extended, its paths moved."""
    problems = session.problems
    path = plain(file)
    if not isinstance(path, str):
        problems.fail("crash", f"services.{name}.extends.file is no text: Compose crashes", file.place)
        return None
    if is_remote(path):
        problems.fail(
            "remote",
            f"services.{name}.extends.file names a remote resource, which is not fetched: {path}",
            file.place,
        )
        return None
    local = path if is_absolute(path) else join(scope.loader_dir, path)
    loaded = _services_of(session, local, file, scope)
    if loaded is None:
        return None
    model, resets = loaded
    services = model.get("services")
    if services is None or not isinstance(services, Mapping):
        what = "no services section" if services is None else "services must be a mapping"
        problems.fail("extends", f'cannot extend service "{name}" in {local}: {what}', file.place)
        return None
    if reference not in services.entries:
        message = (
            f'cannot extend service "{name}" in {here.filename}: service "{reference}" not found in {path}'
        )
        problems.fail("extends", message, file.place, key_origin(services.place))
        return None
    moved = relative(scope.loader_dir, directory(local))
    Rebase(
        moved if moved is not None else directory(local),
        session.files,
        session.semantics,
        problems,
        session.home,
    ).run(model)
    # before 2.10 the resets of every file on the way add up
    return _Base(services, local, (resets,) if session.semantics.since(2, 10, 0) else (*here.resets, resets))


def _services_of(session: Session, local: str, file: Value, scope: Scope) -> tuple[Mapping, Resets] | None:
    problems = session.problems
    before = len(problems.errors)
    parsed = session.file(local, key_origin(file.place))
    documents = session.documents(parsed) if parsed is not None else None
    if documents is None:
        return None
    model: Mapping | None = Mapping({})
    last = Resets()
    lenient = Session(
        session.files, session.semantics, Options(interpolate=session.options.interpolate, validate=False), problems,
        session.cwd, session.home,
    )  # fmt: skip
    for value, resets in documents:
        fresh = interpolated(session, local, value, scope.environment)
        if fresh is None or model is None:
            return None
        resets.apply(model)
        model = finish(lenient, session.merging.models(model, fresh), before)
        last = resets
    return (model, last) if model is not None else None


def is_remote(path: str) -> bool:
    """docker/compose pkg/remote: Git references and OCI artifacts."""
    return path.startswith(("https://", "http://", "git://", "ssh://", "git@", "github.com/", "oci://"))
