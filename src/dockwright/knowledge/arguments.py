"""Build arguments with a meaning of their own, and those whose value changes all the time (data/arguments.toml)."""

import re
from functools import cache, lru_cache

import msgspec

from dockwright.knowledge.tables import typed


class _Volatile(msgspec.Struct, forbid_unknown_fields=True):
    certain: tuple[str, ...]
    likely: tuple[str, ...]


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    predefined: tuple[str, ...]
    platform: tuple[str, ...]
    buildkit: tuple[str, ...]
    volatile: _Volatile


@cache
def _data() -> _Data:
    return typed("arguments", _Data)


@cache
def proxies() -> frozenset[str]:
    """Proxy arguments: usable without ARG, in the environment of every RUN, and no part of the cache key."""
    return frozenset(_data().predefined)


@cache
def platform_arguments() -> frozenset[str]:
    """Arguments BuildKit sets itself, globally; a stage sees them after `ARG NAME`."""
    return frozenset(_data().platform)


@cache
def predefined() -> frozenset[str]:
    """All arguments a build may be given, or has, without the Dockerfile declaring them."""
    data = _data()
    return frozenset((*data.predefined, *data.platform, *data.buildkit))


def is_predefined(name: str) -> bool:
    """The argument needs no ARG: a proxy, a platform argument, or one of BuildKit's own."""
    return name in predefined() or name.startswith("BUILDKIT_")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    volatile = _data().volatile
    certain = re.compile(r"(?:^|_)(?:" + "|".join(volatile.certain) + r")(?:$|_(?!URL|BASE|FILE|PREFIX))")
    likely = re.compile(r"^(?:" + "|".join(volatile.likely) + r")$")
    return certain, likely


@lru_cache(4096)
def volatility(name: str) -> str:
    """How often the value of a build argument changes, by its name.

    `certain`: with every commit or build (`GIT_SHA`, `BUILD_DATE`); `likely`: with every release (`VERSION`, but not
    `NODE_VERSION`); empty: not by the look of it.
    """
    certain, likely = _patterns()
    upper = name.upper()
    if certain.search(upper):
        return "certain"
    return "likely" if likely.match(upper) else ""


def is_volatile(name: str) -> bool:
    """The argument's value surely changes with every commit or build."""
    return volatility(name) == "certain"
