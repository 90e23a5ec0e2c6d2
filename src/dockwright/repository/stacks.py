"""What the repository's stacks come to: each environment as it is used, and each compose file alone, for comparison.

Every file set is resolved once and only when it is asked for: rules, comparisons and reports share the result.
"""

import posixpath

import msgspec

from dockwright.compose.load.versions import followed
from dockwright.compose.stack import Stack
from dockwright.compose.standin import Attempt, attempt
from dockwright.repository.environments import Environment, environments
from dockwright.repository.repository import Repository

EVERY = ("*",)
"""Compose's own word for all profiles."""
MOST_ENVIRONMENTS = 400
"""Beyond so many, a repository is a collection of examples."""


def known(repository: Repository) -> list[Environment]:
    """The repository's environments (see `environments`), worked out once: declared ones, else inferred."""
    return repository.memo("stacks.known", lambda: _known(repository)[:MOST_ENVIRONMENTS])


def _known(repository: Repository) -> list[Environment]:
    declared = repository.config.environments
    if not declared:
        return environments(repository)
    return [
        Environment(
            name=name,
            kind=one_kind(repository, name, one.compose),
            files=one.compose,
            profiles=one.profiles,
            env_files=one.env_files,
            project_directory=one.project_directory
            or posixpath.dirname(one.compose[0] if one.compose else ""),
            project_name=one.project_name,
            how="dockwright.toml declares it",
        )
        for name, one in declared.items()
    ]


def one_kind(repository: Repository, name: str, files: tuple[str, ...]) -> str:
    """What kind of environment a declared name means: its own word, else its last file that tells."""
    from dockwright.repository.vocabulary import environment_of

    kinds = [item.environment for path in reversed(files) if (item := repository.compose(path)) is not None]
    return environment_of(name.split("-")) or next((kind for kind in kinds if kind), "")


def as_used(repository: Repository, environment: Environment) -> Attempt:
    """What an environment comes to."""
    return _attempt(
        repository,
        Stack(
            environment.name,
            environment.files,
            environment.profiles,
            environment.env_files,
            environment.project_directory,
            environment.project_name,
        ),
    )


def whole(repository: Repository, environment: Environment) -> Attempt:
    """An environment for comparison: without profiles asked for, all its services, since commands may name any."""
    found = as_used(repository, environment)
    if environment.profiles or found.project is None or not found.project.disabled:
        return found
    return _attempt(repository, msgspec.structs.replace(found.stack, profiles=EVERY))


def alone(repository: Repository, path: str) -> Attempt:
    """One compose file with all its services, for comparison; parts it lacks may be defined elsewhere."""
    directory = posixpath.dirname(path)
    found = _attempt(repository, Stack(path, (path,), (), (), directory))
    if found.project is None or not found.project.disabled:
        return found
    return _attempt(repository, Stack(path, (path,), EVERY, (), directory))


def _attempt(repository: Repository, stack: Stack) -> Attempt:
    key = (stack.files, stack.profiles, stack.env_files, stack.project_directory, stack.project_name)
    semantics = repository.memo("stacks.semantics", lambda: followed(repository.config.compose.version))
    parsed = repository.memo(
        "stacks.parsed", lambda: {item.path: item.file.yaml for item in repository.composes}
    )
    return repository.memo(
        f"stacks.attempt {key}", lambda: attempt(repository.tree, stack, semantics, parsed=parsed)
    )
