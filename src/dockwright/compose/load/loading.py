"""One file after the other: parsed, interpolated, extended, included, merged, validated, brought into canonical form.

Source: compose-go loader/loader.go (loadYamlModel, loadYamlFile), in its order, which versions change.
"""

from __future__ import annotations

from collections.abc import Mapping as Map

from dockwright.compose.load import canonical, checks
from dockwright.compose.load.decode import Resets, decode
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import Files, Unreadable
from dockwright.compose.load.gopath import is_absolute, join
from dockwright.compose.load.merge import Merging
from dockwright.compose.load.normalize import fill_variables
from dockwright.compose.load.origin import Origin
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.rebase import Rebase
from dockwright.compose.load.schema import validate
from dockwright.compose.load.substitute import Interpolation
from dockwright.compose.load.unique import enforce
from dockwright.compose.load.values import Mapping, Value
from dockwright.compose.load.versions import Semantics
from dockwright.compose.yaml import YamlFile, parse
from dockwright.record import Record
from dockwright.source_file import span_of

MAX_FILES = 500
"""Files read for one project; include and extends cannot make it more."""


class Options(Record):
    """What may be switched off (compose-go loader.Options)."""

    interpolate: bool = True
    normalize: bool = True
    resolve_paths: bool = True
    consistency: bool = True
    validate: bool = True


class Session:
    """What all files of one project share: where they are read from, the version followed, the errors found."""

    def __init__(
        self,
        files: Files,
        semantics: Semantics,
        options: Options,
        problems: Problems,
        cwd: str,
        home: str | None,
        parsed: Map[str, YamlFile] | None = None,
    ) -> None:
        """`parsed` are files that were read already, by absolute path."""
        self.files = files
        self.semantics = semantics
        self.options = options
        self.problems = problems
        self.cwd = cwd
        self.home = home
        self.merging = Merging(semantics, problems)
        self._parsed: dict[str, YamlFile | None] = {}
        self._given = parsed or {}

    def provide(self, path: str, data: bytes) -> None:
        """Give the content of a file that stands nowhere (`-` for standard input)."""
        self._parsed[path] = parse(data, path)

    def file(self, path: str, *named: Origin | None) -> YamlFile | None:
        """A YAML file; None, with the problem noted, when it cannot be read. `named` is where it is asked for."""
        if path in self._parsed:
            return self._parsed[path]
        if len(self._parsed) >= MAX_FILES:
            self.problems.fail("limit", f"more than {MAX_FILES} files are read for one project", *named)
            return None
        given = self._given.get(self.absolute(path))
        if given is not None:
            self._parsed[path] = given
            return given
        reason = "no such file or directory"
        try:
            data = self.files.read(self.absolute(path))
        except Unreadable as error:
            data, reason = None, str(error)
        if data is None:
            self.problems.fail("not-found", f"{path}: {reason}", *named, exit_code=14)
            return None
        self._parsed[path] = parse(data, path)
        return self._parsed[path]

    def absolute(self, path: str) -> str:
        """A path as the process would open it."""
        return path if is_absolute(path) else join(self.cwd, path)

    def documents(self, file: YamlFile) -> list[tuple[Value | None, Resets]] | None:
        """The documents of a file as fresh values."""
        return decode(file, self.semantics, self.problems)


class Scope(Record):
    """Where a file is loaded: the directory its paths are relative to, the environment, what is being included."""

    working_dir: str
    """Absolute for the project, else relative to the including one's, as compose-go has it."""
    loader_dir: str
    """Where files named by `include` and `extends` are looked for."""
    environment: Environment
    included: tuple[str, ...] = ()


def load_model(session: Session, paths: tuple[str, ...], scope: Scope) -> Mapping | None:
    """loadYamlModel: the files merged in order, with defaults, checked, paths resolved. None when a file is broken."""
    model: Mapping | None = Mapping({})
    for path in paths:
        before = model if model is not None else Mapping({})
        found = load_file(session, path, scope, before)
        model = found if model is not None else None  # after an error the others are still looked at
        if found is None:
            model = None
    if model is None or session.problems.errors:
        return None
    canonical.defaults(model, session.semantics, session.problems)
    if session.options.validate:
        checks.check(model, session.semantics, session.problems)
    if session.options.resolve_paths or scope.included:
        Rebase(scope.working_dir, session.files, session.semantics, session.problems, session.home).run(model)
    fill_variables(model, scope.environment)
    return model if not session.problems.errors else None


def load_file(session: Session, path: str, scope: Scope, model: Mapping) -> Mapping | None:
    """loadYamlFile: every document of a file on top of the model. None when there were errors."""
    file = session.file(path)
    documents = session.documents(file) if file is not None else None
    if documents is None:
        return None
    for value, resets in documents:
        fresh = interpolated(session, path, value, scope.environment)
        if fresh is None:
            return None
        merged = _layer(session, path, fresh, resets, scope, model)
        if merged is None:
            return None
        model = merged
    return model


def interpolated(
    session: Session, path: str, value: Value | None, environment: Environment
) -> Mapping | None:
    """A document with its variables filled in; None when it is no mapping, or on errors."""
    if not isinstance(value, Mapping):
        place = value.place if value is not None else Origin(path, span_of(0, 0), 1, "")
        session.problems.fail("not-a-mapping", "top-level object must be a mapping", place)
        return None
    before = len(session.problems.errors)
    if session.options.interpolate:
        Interpolation(environment, session.semantics, session.problems).run(value)
    return value if len(session.problems.errors) == before else None


def _layer(
    session: Session, path: str, fresh: Mapping, resets: Resets, scope: Scope, model: Mapping
) -> Mapping | None:
    """One document on top of the model."""
    problems = session.problems
    before = len(problems.errors)
    if session.semantics.include_first:
        _include(session, path, fresh, resets, scope)
        resets.apply(model)
        _extend(session, path, fresh, resets, scope)
    else:
        _extend(session, path, fresh, resets, scope)
        resets.apply(model)
        _include(session, path, fresh, resets, scope)
    if len(problems.errors) > before:
        return None
    return finish(session, session.merging.models(model, fresh), before)


def _include(session: Session, path: str, fresh: Mapping, resets: Resets, scope: Scope) -> None:
    if "include" in fresh.entries:
        from dockwright.compose.load.include import apply_include

        apply_include(session, path, fresh, resets, scope)


def _extend(session: Session, path: str, fresh: Mapping, resets: Resets, scope: Scope) -> None:
    services = fresh.get("services")
    if not isinstance(services, Mapping) or any(_may_extend(one) for one in services.entries.values()):
        from dockwright.compose.load.extends import apply_extends

        apply_extends(session, path, fresh, resets, scope)


def _may_extend(service: Value) -> bool:
    """True for what `extends` something, and for what is no service, of which extending tells."""
    return "extends" in service.entries if isinstance(service, Mapping) else True


def finish(session: Session, model: Mapping, before: int) -> Mapping | None:
    """Uniqueness, schema, canonical form; None when that found errors beyond the `before` known ones."""
    problems = session.problems
    if len(problems.errors) == before:
        enforce(model, problems)
    if len(problems.errors) == before and session.options.validate:
        validate(model, session.semantics, problems)
        version = model.entries.pop("version", None)
        if version is not None:
            problems.warn("schema", "the attribute `version` is obsolete, it will be ignored", version.place)
    if len(problems.errors) == before:
        canonical.canonical(model, session.semantics, problems, lenient=not session.options.interpolate)
    if len(problems.errors) == before:
        enforce(model, problems)
    return model if len(problems.errors) == before else None
