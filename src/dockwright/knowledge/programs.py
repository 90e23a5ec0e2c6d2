"""Which package provides a program, and which packages are for building only (data/programs.toml)."""

import re
from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class _BuildTools(msgspec.Struct, forbid_unknown_fields=True):
    apt: tuple[str, ...]
    apk: tuple[str, ...]
    dnf: tuple[str, ...]
    patterns: dict[str, str]


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    programs: dict[str, dict[str, tuple[str, ...]]]
    build_tools: _BuildTools


class Provider(msgspec.Struct, frozen=True):
    """A package that brings a program: its manager (`apt`, `apk`, `dnf`, `pip`, `npm`) and name."""

    manager: str
    package: str


@cache
def _data() -> _Data:
    return typed("programs", _Data)


_LIKE = {"yum": "dnf", "microdnf": "dnf", "tdnf": "dnf", "uv": "pip", "pipenv": "pip", "poetry": "pip", "pdm": "pip",
         "uvx": "pip", "yarn": "npm", "pnpm": "npm", "bun": "npm", "npx": "npm"}  # fmt: skip
"""Managers that take packages from the same source under the same names."""


def providers(program: str) -> tuple[Provider, ...]:
    """The packages that bring a program, the usual one of each manager first."""
    entry = _data().programs.get(program, {})
    return tuple(Provider(manager, package) for manager, packages in entry.items() for package in packages)


def packages_of_program(manager: str, program: str) -> tuple[str, ...]:
    """The packages of one manager that bring a program."""
    entry = _data().programs.get(program, {})
    return entry.get(manager) or entry.get(_LIKE.get(manager, ""), ())


def package_of_program(manager: str, program: str) -> str | None:
    """The usual package of one manager that brings a program; None when it is not known."""
    found = packages_of_program(manager, program)
    return found[0] if found else None


@cache
def _tools(manager: str) -> tuple[frozenset[str], re.Pattern[str] | None]:
    tools = _data().build_tools
    family = _LIKE.get(manager, manager)
    names: tuple[str, ...] = {"apt": tools.apt, "apk": tools.apk, "dnf": tools.dnf}.get(family, ())
    pattern = tools.patterns.get(family)
    return frozenset(names), re.compile(pattern) if pattern else None


def is_build_tool(manager: str, package: str) -> bool:
    """The package is a compiler, a build tool or headers: of no use once everything is built."""
    names, pattern = _tools(manager)
    return package in names or (pattern is not None and pattern.search(package) is not None)
