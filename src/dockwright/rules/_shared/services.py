"""Services across compose files: what they are called apart from their environment, what they are given."""

from functools import lru_cache

from dockwright.compose.model import KeyValue, Service
from dockwright.repository.vocabulary import environment_of, is_variant, words_of


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A service's name without words of environment and flavour: `dev-postgres` and `postgres_test` are `postgres`."""
    kept = [word for word in words_of(name) if not is_variant(word) and not environment_of([word])]
    return "-".join(kept).lower() or name.lower()


@lru_cache(maxsize=4096)
def name_environment(name: str) -> str:
    """The environment a service's own name tells (`lab-manager-prod`); empty when it tells none."""
    return environment_of(words_of(name))


def alternatives(one: Service, other: Service) -> bool:
    """True when two services of a file are meant to run one without the other: other profiles, other environments."""
    mine = {profile.raw for profile in one.profiles}
    theirs = {profile.raw for profile in other.profiles}
    if mine and theirs and not mine & theirs:
        return True
    return name_environment(one.name) != name_environment(other.name)


def setting(service: Service, name: str) -> KeyValue | None:
    """The environment variable a service is given by that name (the last one of a list)."""
    found = None
    for pair in service.environment:
        if pair.name == name:
            found = pair
    return found
