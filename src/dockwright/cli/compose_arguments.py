"""The command line of `docker compose … config`, read as Compose reads it.

Sources: docker/compose cmd/compose/compose.go (addProjectFlags, TraverseChildren: options of the project stand before the
command, the command's own behind it), cmd/compose/config.go, spf13/pflag (`--name=value`, `-nvalue`, `--`).
"""

from __future__ import annotations

from collections.abc import Mapping

from dockwright.compose.load.discover import Asked
from dockwright.record import Record

_PROJECT = {
    "file": "f", "profile": "", "env-file": "", "project-directory": "", "workdir": "", "project-name": "p",
    "parallel": "", "progress": "", "ansi": "", "compose-version": "",
}  # fmt: skip
_PROJECT_SWITCHES = {"compatibility": "", "all-resources": "", "dry-run": "", "verbose": "", "no-ansi": ""}
_CONFIG = {"format": "", "hash": "", "output": "o", "compose-version": ""}
_OTHERS = {"format": "", "output": "o", "compose-version": ""}
_CONFIG_SWITCHES = {
    name: "q" if name == "quiet" else ""
    for name in (
        "resolve-image-digests", "lock-image-digests", "quiet", "no-interpolate", "no-normalize", "no-path-resolution",
        "no-consistency", "no-env-resolution", "services", "volumes", "networks", "models", "profiles", "images",
        "variables", "environment",
    )
}  # fmt: skip


class Usage(Exception):
    """A command line that cannot be acted on."""


class Arguments(Record):
    """What was asked for: options of the project, the command, its switches and values, and what stands behind."""

    asked: Asked
    command: str = ""
    switches: frozenset[str] = frozenset()
    values: Mapping[str, str] = {}
    words: tuple[str, ...] = ()
    compatibility: bool = False
    compose_version: str | None = None
    help: bool = False


def parse(words: list[str]) -> Arguments:
    """Read the words behind `compose`. Raises Usage."""
    project = _Flags({**_PROJECT}, {**_PROJECT_SWITCHES})
    rest = project.read(words, stop=True)
    command = rest[0] if rest else ""
    printing = command in ("config", "convert")
    own = _Flags(_CONFIG, _CONFIG_SWITCHES) if printing else _Flags(_OTHERS, {"quiet": "q"})
    behind = own.read(rest[1:], stop=False)
    directories = project.values.get("project-directory") or project.values.get("workdir") or [""]
    versions = own.values.get("compose-version") or project.values.get("compose-version")
    return Arguments(
        asked=Asked(
            files=tuple(project.values.get("file", ())),
            profiles=tuple(project.values.get("profile", ())),
            env_files=tuple(project.values.get("env-file", ())),
            project_directory=directories[-1],
            project_name=project.values.get("project-name", [""])[-1],
            services=tuple(behind) if printing else (),
        ),
        command=command,
        switches=frozenset(own.switches),
        values={name: found[-1] for name, found in own.values.items()},
        words=tuple(behind),
        compatibility="compatibility" in project.switches,
        compose_version=versions[-1] if versions else None,
        help="help" in project.switches or "help" in own.switches,
    )


class _Flags:
    """Reads flags out of words: `values` take a word, `switches` take none or `=true`."""

    def __init__(self, values: dict[str, str], switches: dict[str, str]) -> None:
        self.takes = values
        self.plain = {**switches, "help": "h"}
        self.shorts = {short: name for name, short in {**values, **self.plain}.items() if short}
        self.values: dict[str, list[str]] = {}
        self.switches: set[str] = set()

    def read(self, words: list[str], *, stop: bool) -> list[str]:
        """What is no flag; with `stop` everything from the first such word on."""
        rest: list[str] = []
        waiting = list(reversed(words))
        while waiting:
            word = waiting.pop()
            if word == "--":
                rest.extend(reversed(waiting))
                break
            if word == "-" or not word.startswith("-"):
                rest.append(word)
                if stop:
                    rest.extend(reversed(waiting))
                    break
            elif word.startswith("--"):
                name, equals, value = word[2:].partition("=")
                self._flag(name, value if equals else None, word, waiting)
            else:
                self._short(word, waiting)
        return rest

    def _short(self, word: str, waiting: list[str]) -> None:
        letters = word[1:]
        while letters:
            name = self.shorts.get(letters[0])
            if name is None:
                raise Usage(f"unknown shorthand flag: {letters[0]!r} in {word}")
            letters = letters[1:]
            if name in self.takes:
                self._flag(name, letters.removeprefix("=") if letters else None, word, waiting)
                return
            self.switches.add(name)

    def _flag(self, name: str, value: str | None, word: str, waiting: list[str]) -> None:
        if name in self.plain:
            if value is None or value in ("1", "t", "T", "true", "TRUE", "True"):
                self.switches.add(name)
            elif value not in ("0", "f", "F", "false", "FALSE", "False"):
                raise Usage(f"invalid argument {value!r} for {word!r} flag")
            else:
                self.switches.discard(name)
            return
        if name not in self.takes:
            raise Usage(f"unknown flag: --{name}")
        if value is None:
            if not waiting:
                raise Usage(f"flag needs an argument: {word}")
            value = waiting.pop()
        self.values.setdefault(name, []).append(value)
