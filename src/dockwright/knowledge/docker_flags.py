"""The flags of docker, docker compose and podman: which exist, which take a value (data/docker_flags.toml)."""

from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class _Section(msgspec.Struct, forbid_unknown_fields=True):
    aliases: tuple[str, ...] = ()
    valued: str = ""
    plain: str = ""


class Subcommand(msgspec.Struct, frozen=True):
    """One subcommand: its canonical name and its flags by every spelling.

    `flags` maps `-f` and `--file` to the canonical long name and whether a value follows.
    """

    name: str
    flags: dict[str, tuple[str, bool]]


def _flags(section: _Section) -> dict[str, tuple[str, bool]]:
    out: dict[str, tuple[str, bool]] = {}
    for text, valued in ((section.plain, False), (section.valued, True)):
        for group in text.split():
            names = group.split(",")
            for name in names:
                out[name] = (names[-1], valued)
    return out


@cache
def subcommands(tool: str) -> dict[str, Subcommand]:
    """All subcommands of `docker` or `podman` by every spelling, the words joined by a blank; `""` is the tool."""
    sections = _sections()
    out: dict[str, Subcommand] = {}
    for name, section in sections[tool].items():
        subcommand = Subcommand(name, _flags(section))
        out[name] = subcommand
        for alias in section.aliases:
            out.setdefault(alias, subcommand)
    return out


@cache
def _sections() -> dict[str, dict[str, _Section]]:
    return typed("docker_flags", dict[str, dict[str, _Section]])
