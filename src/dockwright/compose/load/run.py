"""From files and an environment to a project: the whole pipeline, in Compose's order.

Sources: compose-go loader/loader.go (LoadWithContext, load, ModelToProject), docker/compose pkg/compose/loader.go
(LoadProject), cmd/compose/config.go (runConfigInterpolate).
"""

from __future__ import annotations

from collections.abc import Mapping as Map

from dockwright.compose.load import consistency, select
from dockwright.compose.load.bind import Binder
from dockwright.compose.load.envfiles import EnvFiles
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import Files
from dockwright.compose.load.gopath import base
from dockwright.compose.load.loading import Options, Scope, Session, load_model
from dockwright.compose.load.names import normalized, project_name
from dockwright.compose.load.normalize import normalize
from dockwright.compose.load.origin import Setting
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.project import Loaded, Project
from dockwright.compose.load.values import Mapping, Scalar
from dockwright.compose.load.versions import Semantics
from dockwright.compose.yaml import YamlFile
from dockwright.record import Record, replaced


class Request(Record):
    """What to load, and how. Paths are absolute; `files` may hold `-`, whose content is `stdin`.

    `name` is a name asked for (`-p`, COMPOSE_PROJECT_NAME); without it the files' `name` or the directory's is taken.
    `profiles` are those asked for. `services` restricts the project to these and what they depend on.
    """

    files: tuple[str, ...]
    working_dir: str
    environment: Environment
    tree: Files
    semantics: Semantics
    name: str = ""
    default_name: str | None = None
    """The name without any other; None takes the directory's."""
    profiles: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    interpolate: bool = True
    normalize: bool = True
    resolve_paths: bool = True
    consistency: bool = True
    validate: bool = True
    resolve_environment: bool = True
    discard_env_files: bool = True
    prune: bool = True
    check_names: bool = True
    """Whether `config` holds container names to be unique, as it does from Compose 2.27 on."""
    cwd: str = ""
    home: str | None = None
    stdin: bytes = b""
    bind: bool = True
    """False stops at the merged model (`Loaded.raw`), as `--no-interpolate` does."""
    parsed: Map[str, YamlFile] = {}
    """Files that were read already, by absolute path."""


def run(request: Request) -> Loaded:
    """Load a project. Never raises for what stands in its files."""
    problems = Problems()
    options = Options(
        request.interpolate, request.normalize, request.resolve_paths, request.consistency, request.validate
    )
    session = Session(
        request.tree,
        request.semantics,
        options,
        problems,
        request.cwd or request.working_dir,
        request.home,
        request.parsed,
    )
    if not request.files:
        problems.fail("not-found", "no configuration file provided: not found", exit_code=14)
    if "-" in request.files:
        session.provide("-", request.stdin)
    readable = [session.file(path) is not None for path in request.files]
    environment = request.environment
    raw: Mapping | None = None
    project: Project | None = None
    if all(readable) and not problems.errors:
        directory_name = request.default_name
        if directory_name is None:
            directory_name = normalized(base(request.working_dir))
        name = project_name(session, request.files, environment, request.name, directory_name)
        if name is not None:
            environment = environment.with_setting(Setting("COMPOSE_PROJECT_NAME", name, "computed"))
            raw = _model(session, request, environment, name)
            if raw is not None and request.bind:
                project = _project(session, request, environment, name, raw)
    return Loaded(
        project if not problems.errors else None,
        raw,
        tuple(problems.errors),
        tuple(problems.warnings),
        environment,
    )


def _model(session: Session, request: Request, environment: Environment, name: str) -> Mapping | None:
    """load: the merged model, normalised."""
    problems = session.problems
    scope = Scope(request.working_dir, request.working_dir, environment)
    model = load_model(session, request.files, scope)
    if model is None:
        return None
    if not model.entries:
        problems.fail("empty", "empty compose file", exit_code=15)
    elif not name and (request.validate or not session.semantics.since(2, 4, 9)):
        problems.fail("project-name", "project name must not be empty")
    if problems.errors:
        return None
    if request.normalize:
        named = model.get("name")
        model.entries["name"] = Scalar(name, named.place if named is not None and not request.name else None)
        normalize(model, name, environment, session.semantics)
    return model


def _project(
    session: Session, request: Request, environment: Environment, name: str, raw: Mapping
) -> Project | None:
    """ModelToProject, then what `config` does with a project."""
    problems = session.problems
    bound = Binder(session.semantics, problems).project(raw)
    if problems.errors:
        return None
    parts = select.by_profiles(bound, request.profiles)
    if request.consistency:
        consistency.check(parts, session.semantics, problems)
    if problems.errors:
        return None
    parts = select.with_services(parts, request.services, request.profiles)
    reader = EnvFiles(session.files, environment, session.semantics, problems, session.cwd)
    if session.semantics.since(2, 12, 0):  # services that were not asked for need no env files
        parts = select.selected(parts, request.services, session.semantics, problems)
    for service in parts.enabled.values():
        if request.resolve_environment:
            reader.environment_of(service, discard=request.discard_env_files)
        reader.labels_of(service, discard=request.discard_env_files)
    if request.consistency and request.check_names and session.semantics.since(2, 4, 9):
        consistency.check_container_names(parts, problems)
    kept = _kept(session, request, parts)
    if problems.errors:
        return None
    return Project(
        name,
        request.working_dir,
        kept,
        parts.disabled,
        environment,
        request.files,
        session.semantics,
        request.profiles,
    )


def _kept(session: Session, request: Request, parts: consistency.Parts) -> Mapping:
    """Resources that no service needs are dropped; before 5.0 this came before the selection of services."""
    if session.semantics.since(2, 10, 0):
        parts = select.selected(parts, request.services, session.semantics, session.problems)
        return select.pruned(parts) if request.prune else select.unpruned(parts)
    model = select.pruned(parts) if request.prune else select.unpruned(parts)
    chosen = select.selected(
        replaced(parts, model=model), request.services, session.semantics, session.problems
    )
    return select.unpruned(chosen)
