"""`env_file` and `label_file`: read, and put below what the service sets itself.

Source: compose-go types/project.go (WithServicesEnvironmentResolved, WithServicesLabelsResolved, loadEnvFile).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping as Map

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import Files, Unreadable
from dockwright.compose.load.gopath import is_absolute, join
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.origin import Place, Setting, VariableUse
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Value, plain
from dockwright.compose.load.versions import Semantics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.dotenv import DotEnv


class EnvFiles:
    """Reads the env files of services, each file once."""

    def __init__(
        self, files: Files, environment: Environment, semantics: Semantics, problems: Problems, cwd: str
    ) -> None:
        self.files = files
        self.environment = environment
        self.semantics = semantics
        self.problems = problems
        self.cwd = cwd
        self._read: dict[str, DotEnv | None] = {}

    def environment_of(self, service: Mapping, *, discard: bool) -> None:
        """Resolve a service's `environment` in place. A variable without value hides the file's."""
        own = service.mapping("environment")
        for key, value in own.entries.items():
            setting = self.environment.setting(key) if is_null(value) else None
            if setting is not None:
                own.entries[key] = Scalar(
                    setting.value, value.place, value.over, (VariableUse(key, "", setting),)
                )
        found: dict[str, Value] = {}
        set_values = {key: str(plain(value)) for key, value in own.entries.items() if not is_null(value)}
        for item in service.sequence("env_file").items:
            if not isinstance(item, Mapping):
                continue
            file = self._file(
                item,
                "env file",
                required=item.plain("required") is not False or "required" not in item.entries,
            )
            kind = item.text("format")
            if kind and not self._known(kind, item):
                continue
            if file is None:
                continue
            if kind == "raw":
                self._raw(file, found)
                continue
            earlier = {key: str(plain(value)) for key, value in found.items()}
            if self.semantics.since(2, 5, 0):
                lookup: Map[str, str] = ChainMap(dict(self.environment), set_values)
                self._apply(file, lookup, {**set_values, **earlier}, found, item)
            else:
                self._apply(file, ChainMap(earlier, dict(self.environment)), {}, found, item)
        for key, value in own.entries.items():
            file_value = found.get(key)
            found[key] = (
                Scalar(plain(value), value.place, value.over or file_value, value.uses)
                if file_value
                else value
            )
        if found:
            service.entries["environment"] = Mapping(found, own.place, own.over)
        if discard:
            service.entries.pop("env_file", None)

    def labels_of(self, service: Mapping, *, discard: bool) -> None:
        """Resolve a service's `labels` in place."""
        found: dict[str, Value] = {}
        for item in service.sequence("label_file").items:
            path = str(plain(item))
            file = self._file(Mapping({"path": item}, item.place), "label file", required=True)
            if file is not None and path:
                earlier = {key: str(plain(value)) for key, value in found.items()}
                self._apply(file, earlier, {}, found, item)
        if found:
            for key, value in service.mapping("labels").entries.items():
                file_value = found.get(key)
                found[key] = (
                    Scalar(plain(value), value.place, value.over or file_value, value.uses)
                    if file_value
                    else value
                )
            service.entries["labels"] = Mapping(found)
        if discard:
            service.entries.pop("label_file", None)

    def _known(self, kind: str, item: Mapping) -> bool:
        if kind == ".env" and self.semantics.since(2, 4, 9):
            return True
        if kind == "raw" and self.semantics.since(2, 4, 9):
            return True
        self.problems.fail("env-file", f'unsupported env_file format "{kind}"', item.entries["format"].place)
        return False

    def _file(self, item: Mapping, what: str, *, required: bool) -> DotEnv | None:
        path = item.text("path")
        if path in self._read and (self._read[path] is not None or not required):
            return self._read[path]
        try:
            data = self.files.read(path if is_absolute(path) else join(self.cwd, path))
        except Unreadable as error:
            self.problems.fail("not-found", f"{what} {path} {error}", item.entries["path"].place)
            return None
        if data is None and required:
            place = item.entries["path"].place
            self.problems.fail("not-found", f"{what} {path} not found", place, exit_code=14)
        self._read[path] = _parsed(data, path) if data is not None else None
        return self._read[path]

    def _apply(
        self, file: DotEnv, env: Map[str, str], earlier: Map[str, str], found: dict[str, Value], item: Value
    ) -> None:
        """Add what a file sets to `found`."""
        values = file.values(env, earlier)
        for problem in file.problems:
            self.problems.fail(
                "env-file",
                f"failed to read {file.path}: {problem.message}",
                Place(file.source, problem.span.start, problem.span.end),
                item.place,
            )
        for error in values.errors[len(file.problems) :]:
            self.problems.fail("env-file", f"failed to read {file.path}: {error}", item.place)
        if file.nameless is not None:
            found[""] = Scalar(file.nameless.text, Place(file.source, *file.nameless.value_at))
        for assignment in file.assignments:
            name = assignment.name
            if name not in values.values:
                continue
            first = assignment.value_at[0] if assignment.text is not None else assignment.key_at[0]
            place = Place(file.source, first, assignment.value_at[1])
            uses = tuple(
                VariableUse(use.name, use.operator, self.environment.setting(use.name), use.default)
                for use in assignment.template.uses
            )
            if assignment.text is None:
                setting: Setting | None = self.environment.setting(name)
                uses = (VariableUse(name, "", setting),)
            before = found.get(name)
            over = before if isinstance(before, Scalar) and before.place is not place else None
            found[name] = Scalar(values.values[name], place, over, uses)

    @staticmethod
    def _raw(file: DotEnv, found: dict[str, Value]) -> None:
        """`format: raw`: `KEY=value` lines as `docker run --env-file` reads them, nothing expanded."""
        start = 0
        for line in file.source.data.splitlines(keepends=True):
            text = line.decode("utf-8", "surrogateescape").strip("\r\n")
            stripped = text.lstrip()
            if stripped and not stripped.startswith("#"):
                key, _, value = stripped.partition("=")
                at = start + len(line) - len(line.lstrip())
                found[key] = Scalar(
                    value, Place(file.source, at, at + len(stripped.encode("utf-8", "surrogateescape")))
                )
            start += len(line)


def _parsed(data: bytes, path: str) -> DotEnv:
    from dockwright.compose.dotenv import parse

    return parse(data, path)
