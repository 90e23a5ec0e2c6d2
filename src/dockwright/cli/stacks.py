"""Which stacks a command line means: environments by name, file sets, at the working directory or at a git revision."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.compose.load.versions import Semantics
    from dockwright.compose.stack import Resolved, Stack
    from dockwright.repository.environments import Environment
    from dockwright.trees.tree import Tree

FORMATS = ("terminal", "markdown", "json")
SPEC = (
    "Each is an environment (`test`), compose files (`compose.yaml,compose.test.yaml`), or either at a git revision"
    " (`v1.2:test`). Environments are those of dockwright.toml; without any, those that are found."
)

_F = TypeVar("_F", bound=Callable[..., object])


def options(function: _F) -> _F:
    """The options all these commands share."""
    for option in (
        click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True),
        click.option(
            "--compose-version", metavar="V", help="The version of Compose to follow (default: newest)."
        ),
        click.option(
            "--env",
            "variables",
            multiple=True,
            metavar="NAME=VALUE",
            help="A variable of the environment; repeatable.",
        ),
        click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository."),
    ):
        function = option(function)
    return function


def given(variables: Iterable[str]) -> dict[str, str]:
    """`--env NAME=VALUE` as a mapping. Raises UsageError for one without value."""
    found = {}
    for text in variables:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(
                f"--env {text} has no {'value' if name else 'name'}",
                "NAME=VALUE; nothing is taken from the process' environment",
            )
        found[name] = value
    return found


class State:
    """The repository at one revision (None: as it lies there) with its environments."""

    def __init__(self, root: Path, revision: str | None) -> None:
        self.root = root
        self.revision = revision

    @cached_property
    def tree(self) -> "Tree":
        from dockwright.cli.source import opened

        return opened(self.root, self.revision, history=False).tree

    @cached_property
    def declared(self) -> "dict[str, Stack]":
        """Environments of the configuration."""
        from dockwright.cli.source import configuration
        from dockwright.compose.stack import Stack

        return {
            name: Stack(
                name, one.compose, one.profiles, one.env_files, one.project_directory, one.project_name
            )
            for name, one in configuration(self.tree).environments.items()
        }

    @cached_property
    def inferred(self) -> "list[Environment]":
        """Environments that the repository's commands and file names tell of."""
        from dockwright.cli.source import configuration
        from dockwright.repository.environments import environments
        from dockwright.repository.inventory import build

        return environments(build(self.tree, configuration(self.tree)))

    @cached_property
    def stacks(self) -> "dict[str, Stack]":
        """Declared environments, else inferred ones."""
        from dockwright.compose.stack import Stack

        return self.declared or {
            one.name: Stack(
                one.name, one.files, one.profiles, one.env_files, one.project_directory, one.project_name
            )
            for one in self.inferred
        }


class Stacks:
    """Reads what a command line names."""

    def __init__(self, root: str, version: str | None) -> None:
        from dockwright.cli.source import directory

        self.root = directory(root, "compose")
        self._version = version
        self._states: dict[tuple[Path, str | None], State] = {}
        self.resolved: "list[Resolved]" = []  # noqa: UP037 - imported for types only
        """Everything that was resolved, for its secrets."""

    def state(self, revision: str | None, root: Path | None = None) -> State:
        """The repository at a revision."""
        key = (root or self.root, revision)
        return self._states.setdefault(key, State(*key))

    @cached_property
    def semantics(self) -> "Semantics":
        """The version of Compose that is followed: the option's, else the configuration's."""
        from dockwright.cli.source import configuration
        from dockwright.compose.load.versions import followed

        return followed(self._version or configuration(self.state(None).tree).compose.version)

    def resolve(self, state: State, stack: "Stack", variables: Mapping[str, str]) -> "Resolved":
        """What a stack comes to."""
        from dockwright.compose.made_up import made_up_root
        from dockwright.compose.stack import resolve

        name = state.root.resolve().name or "repository"
        found = resolve(state.tree, stack, variables, self.semantics, made_up_root(name))
        self.resolved.append(found)
        return found

    def one(self, spec: str) -> "tuple[State, Stack]":
        """The one stack a word names. Raises UsageError that lists what there is."""
        state, rest = self._parted(spec)
        if not rest:
            raise UsageError(
                f"{spec or repr(spec)} names no environment", f"there are {_listed(state.stacks)}"
            )
        return state, self._named(state, rest)

    def several(self, spec: str) -> "dict[str, Callable[[Mapping[str, str]], Resolved]]":
        """All environments of a revision or directory, or the one that is named, each to be resolved under variables."""
        if not spec:  # a variable of a script that is not set, rather than a wish for all there is
            raise UsageError(
                "'' names nothing", "give a revision, a directory (`.`), an environment or files"
            )
        folder = self.root / spec
        environment = spec not in (".", "..") and spec in self.state(None).stacks
        if folder.is_dir() and ":" not in spec and not environment:
            state, rest = self.state(None, folder), ""
        else:
            state, rest = self._parted(spec)
        stacks = {"": self._named(state, rest)} if rest else state.stacks
        if not stacks:
            raise UsageError(
                f"{spec} has no compose files", "give a revision, a directory, an environment or files"
            )
        return {name: partial(self.resolve, state, stack) for name, stack in stacks.items()}

    def _parted(self, spec: str) -> tuple[State, str]:
        here = self.state(None)
        if spec in here.declared or all(here.tree.exists(part) for part in spec.split(",")):
            return here, spec
        revision, colon, rest = spec.partition(":")
        return (self.state(revision), rest) if colon and revision else (here, spec)

    def _named(self, state: State, text: str) -> "Stack":
        from dockwright.compose.stack import Stack

        if text in state.declared:
            return state.declared[text]
        parts = tuple(part.removeprefix("./") for part in text.split(","))
        if all(state.tree.is_file(part) for part in parts):
            return Stack(text, parts)
        found = state.stacks.get(text)
        if found is None:
            where = f" at {state.revision}" if state.revision else ""
            raise UsageError(
                f"there is neither a file nor an environment {text}{where}",
                f"there are {_listed(state.stacks)}",
            )
        return found


def first_error(side: "Resolved") -> str:
    """The first reason why a stack cannot be resolved, with its place; without secrets, fit for a terminal."""
    from dockwright.report.stacks.entries import cleaner_for

    error = side.loaded.errors[0]
    place = f"{side.told(error.places[0])}: " if error.places else ""
    more = len(side.loaded.errors) - 1
    rest = f" (and {more} more)" if more else ""
    return cleaner_for([side]).text(f"{place}{side.words(error.message)}{rest}")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return (
        ", ".join(found[:30]) + (f" and {len(found) - 30} more" if len(found) > 30 else "")
        if found
        else "none"
    )
