"""Which engine is meant: as the command line says, else `DOCKWRIGHT_ENGINE`, else the configuration, else the only one.

There is no preference between engines: where two answer and nothing says which is meant, that is an error that names
both. A program without an engine behind it (a docker client without a daemon, `podman-docker`) is no engine.
"""

import os
from collections.abc import Mapping

import anyio
import msgspec

from dockwright.engine.docker import Docker
from dockwright.engine.faults import Failed, Fault, Kind, fault
from dockwright.engine.podman import Podman
from dockwright.engine.programs import find
from dockwright.engine.protocol import Engine, Versions
from dockwright.errors import ConfigError, UsageError

VARIABLE = "DOCKWRIGHT_ENGINE"
NAMES = ("docker", "podman")


class Choice(msgspec.Struct, frozen=True):
    """Which engine is wanted, and who says so. `context` is a Docker context or Podman connection."""

    name: str = ""
    context: str = ""
    builder: str = ""
    said_by: str = ""


def wanted(
    option: str | None,
    builder: str | None,
    declared: Choice,
    environment: Mapping[str, str] | None = None,
) -> Choice:
    """What is asked for: an option beats the environment variable, that the configuration (`declared`).

    The context and builder of the configuration go with its own engine only. Raises UsageError or ConfigError for a
    name that is none.
    """
    given = (os.environ if environment is None else environment).get(VARIABLE, "")
    name, by = option or "", "--engine"
    if not name:
        name, by = (given, VARIABLE) if given else (declared.name, "[engine] name")
    if name and name not in NAMES:
        error = ConfigError if by.startswith("[") else UsageError
        raise error(f"{by}: there is no engine {name!r}", f"engines are {' and '.join(NAMES)}")
    own = not declared.name or declared.name == name
    context = declared.context if own else ""
    chosen = builder or (declared.builder if own else "")
    if chosen and name == "podman":
        raise UsageError(
            f"--builder {chosen}: Podman has no builders", "leave it out, or use --engine docker"
        )
    if (chosen or context) and not name and not declared.name:
        name, by = "docker", "--builder" if builder else "[engine] of the configuration"
    return Choice(name, context, chosen, by if name else "")


def engine_of(choice: Choice) -> Engine:
    """The engine of a choice that has a name; nothing is asked of it."""
    return Podman(choice.context) if choice.name == "podman" else Docker(choice.context, choice.builder)


async def choose(choice: Choice) -> tuple[Engine, Versions]:
    """The engine that is meant, which has answered. Raises Failed when there is none, or more than one."""
    if choice.name:
        engine = engine_of(choice)
        return engine, await engine.versions()
    answers: dict[str, Versions | Fault] = {}

    async def ask(name: str) -> None:
        try:
            answers[name] = await engine_of(Choice(name)).versions()
        except Failed as error:
            answers[name] = error.fault

    async with anyio.create_task_group() as tasks:
        for name in NAMES:
            if find(name) is not None:
                tasks.start_soon(ask, name)
            else:
                answers[name] = fault(Kind.NOT_INSTALLED, f"there is no {name} on PATH")
    there = {name: answers[name] for name in NAMES}
    found = {name: one for name, one in there.items() if isinstance(one, Versions)}
    if len(found) > 1:
        raise Failed(_several(found))
    for name, versions in found.items():
        return engine_of(Choice(name)), versions
    raise Failed(_none({name: one for name, one in there.items() if isinstance(one, Fault)}))


def _several(found: Mapping[str, Versions]) -> Fault:
    both = " and ".join(f"{name} {versions.engine}" for name, versions in found.items())
    hint = f"say which: --engine, {VARIABLE}, or [engine] name in dockwright.toml"
    return Fault(
        kind=Kind.NOT_CHOSEN, message=f"{both} both answer, and nothing says which is meant", hint=hint
    )


def _none(faults: Mapping[str, Fault]) -> Fault:
    reasons = "; ".join(f"{name}: {one.text}" for name, one in faults.items())
    first = next((one for one in faults.values() if one.kind is not Kind.NOT_INSTALLED), None)
    shown = first if first is not None else fault(Kind.NOT_INSTALLED, "")
    return Fault(
        kind=shown.kind, message=f"no container engine answers ({reasons})", argv=shown.argv, code=shown.code,
        said=shown.said, hint=shown.hint,
    )  # fmt: skip
