"""Roles: what a compose service is when the environment in its name is left out (`dev-postgres`, `test-postgres`)."""

import re
from collections.abc import Iterable

ENVIRONMENTS = frozenset(
    {"dev", "develop", "development", "local", "test", "tests", "testing", "pytest", "e2e", "integration", "ci", "qa",
     "uat", "staging", "stage", "stg", "preview", "demo", "sandbox", "prod", "production", "live", "alpine", "podman"}
)  # fmt: skip
"""Words at either end of a name that say where a service runs, not what it is."""

_SEPARATOR = re.compile(r"([-_.]+)")


def role(name: str) -> str:
    """The name without environment words at its ends; the name itself when nothing else would be left."""
    parts = _SEPARATOR.split(name)
    start, end = 0, len(parts)
    while start < end and parts[start].lower() in ENVIRONMENTS:
        start += 2
    while end > start and parts[end - 1].lower() in ENVIRONMENTS:
        end -= 2
    return "".join(parts[start:end]) or name


class Neutral:
    """Replaces the names of a file's services, volumes and networks by their roles wherever a text holds them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._roles = {name: role(name) for name in names if role(name) != name}
        names = sorted(self._roles, key=lambda name: (-len(name), name))
        alternatives = "|".join(map(re.escape, names))
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{alternatives})(?![A-Za-z0-9])") if names else None

    def __call__(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._roles[match[0]], text)
