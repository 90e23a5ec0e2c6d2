"""A resolved project: what `docker compose config` prints, with the origin of every value."""

from __future__ import annotations

from collections.abc import Iterator

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value
from dockwright.compose.load.versions import Semantics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.load.problems import LoadProblem

Route = tuple[str | int, ...]


class Project:
    """A project after profiles, consistency checks, env files and pruning.

    `model` holds `services`, `networks`, `volumes`, `secrets`, `configs`, `models` and top-level `x-*`, in canonical form: what
    compose-go's structs hold, without zero values that the output leaves out. `disabled` are services whose profiles are not
    active. `at("services", "web", "image")` gives a value; `scalars()` gives them all.
    """

    __slots__ = ("disabled", "environment", "files", "model", "name", "profiles", "semantics", "working_dir")

    def __init__(
        self,
        name: str,
        working_dir: str,
        model: Mapping,
        disabled: dict[str, Mapping],
        environment: Environment,
        files: tuple[str, ...],
        semantics: Semantics,
        profiles: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.working_dir = working_dir
        self.model = model
        self.disabled = disabled
        self.environment = environment
        self.files = files
        self.semantics = semantics
        self.profiles = profiles

    @property
    def services(self) -> dict[str, Mapping]:
        """Enabled services by name."""
        return {
            name: service
            for name, service in self.model.mapping("services").entries.items()
            if isinstance(service, Mapping)
        }

    def resources(self, kind: str) -> dict[str, Mapping]:
        """Networks, volumes, secrets, configs or models by key."""
        return {
            name: found
            for name, found in self.model.mapping(kind).entries.items()
            if isinstance(found, Mapping)
        }

    def at(self, *route: str | int) -> Value | None:
        """The value at the end of a route of keys and indexes."""
        return self.model.at(*route)

    def scalars(self) -> Iterator[tuple[Route, Scalar]]:
        """Every scalar with its route, in order."""
        return scalars(self.model)


def scalars(value: Value, route: Route = ()) -> Iterator[tuple[Route, Scalar]]:
    """Every scalar below a value, with its route."""
    if isinstance(value, Scalar):
        yield route, value
    elif isinstance(value, Mapping):
        for key, item in value.entries.items():
            yield from scalars(item, (*route, key))
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            yield from scalars(item, (*route, index))


class Loaded:
    """What loading gives: a project when there are no errors, else all the errors; warnings either way.

    `raw` is the merged model before binding (what `--no-interpolate` prints), as far as loading came.
    """

    __slots__ = ("environment", "errors", "project", "raw", "warnings")

    def __init__(
        self,
        project: Project | None,
        raw: Mapping | None,
        errors: tuple[LoadProblem, ...],
        warnings: tuple[LoadProblem, ...],
        environment: Environment,
    ) -> None:
        self.project = project
        self.raw = raw
        self.errors = errors
        self.warnings = warnings
        self.environment = environment

    @property
    def is_fragment(self) -> bool:
        """True when all that is wrong is that something is missing: a file for `include`, `extends` or a chain of `-f`."""
        return bool(self.errors) and all(error.incomplete for error in self.errors)

    @property
    def exit_code(self) -> int:
        """What `docker compose config` exits with: 0, or the code of the first error."""
        return self.errors[0].exit_code if self.errors else 0
