"""What is wrong with a project, all of it, each with its class, its exit code and every place concerned."""

from __future__ import annotations

from collections.abc import Iterable

from dockwright.compose.load.origin import Origin, origin_of
from dockwright.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from dockwright.compose.load.origin import Place
    from dockwright.compose.yaml.nodes import Node

    Code = Literal[
        "yaml", "duplicate-key", "not-a-mapping", "key-not-string", "empty", "limit",
        "interpolation", "required-variable", "cast", "env-file", "not-found",
        "extends", "extends-cycle", "include", "include-cycle", "include-conflict",
        "merge", "unicity", "schema", "canonical", "validation", "paths", "decode", "consistency", "dependency-cycle",
        "project-name", "no-such-service", "crash", "usage", "remote", "rendering",
    ]  # fmt: skip
    """Classes of errors, in about the order Compose can meet them. `crash`: Compose itself ends in a panic there."""
else:
    Code = str


MAX_PROBLEMS = 200
EXIT_CODES = {"not-found": 14, "crash": 2, "usage": 16, "rendering": 1, "env-file": 15, "no-such-service": 1}
"""docker/compose pkg/compose/errors.go; every other class is 15, and so is an env file's unless it is `.env`."""


class LoadProblem(Record):
    """One error. `places` are the sides of it: what is wrong first, what it conflicts with behind."""

    code: Code
    message: str
    places: tuple[Origin, ...] = ()
    exit_code: int = 15
    incomplete: bool = False
    """Something is missing that another file may bring: an image, a network, a service that is named."""

    def __str__(self) -> str:
        first = f"{self.places[0]}: " if self.places else ""
        rest = "".join(f" (see {place})" for place in self.places[1:])
        return f"{first}{self.message}{rest}"


class Problems:
    """Collects errors and warnings while a project is loaded."""

    def __init__(self) -> None:
        self.errors: list[LoadProblem] = []
        self.warnings: list[LoadProblem] = []
        self.not_finite = False
        """Some document held `.inf` or `.nan`: a model is looked through for them before it is validated."""
        self._seen: set[tuple[str, tuple[Origin, ...]]] = set()

    def fail(
        self,
        code: Code,
        message: str,
        *places: Node | Place | Origin | None,
        exit_code: int = 0,
        incomplete: bool = False,
    ) -> None:
        """Note an error. The same message for the same places is kept once."""
        found = LoadProblem(
            code, message, tuple(_origins(places)), exit_code or EXIT_CODES.get(code, 15), incomplete
        )
        key = (message, found.places)
        if key not in self._seen and len(self.errors) < MAX_PROBLEMS:
            self._seen.add(key)
            self.errors.append(found)

    def warn(self, code: Code, message: str, *places: Node | Place | Origin | None) -> None:
        """Note a warning."""
        found = LoadProblem(code, message, tuple(_origins(places)), 0)
        if found not in self.warnings and len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(found)


def _origins(places: Iterable[Node | Place | Origin | None]) -> Iterable[Origin]:
    for place in places:
        origin = place if isinstance(place, Origin) else origin_of(place)
        if origin is not None:
            yield origin
