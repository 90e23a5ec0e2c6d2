"""Env files of the project environment (`.env`, `--env-file`, an include's `env_file`).

Source: compose-go dotenv/env.go (GetEnvFromFile). Among several files the later wins and may use earlier ones' variables; what
is already set wins over all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from dockwright.compose.load.environment import Environment, settings_of
from dockwright.compose.load.files import Files, Unreadable
from dockwright.compose.load.origin import Place, Setting
from dockwright.compose.load.problems import Problems


def read_env_files(
    files: Files, paths: Sequence[str], environment: Environment, problems: Problems, *, exit_code: int = 15
) -> Environment | None:
    """The environment with the files' variables below what is set; None on an error, which is noted."""
    if not paths:
        return environment
    from dockwright.compose.dotenv import parse

    values: dict[str, str] = {}
    settings: dict[str, Setting] = {}
    before = len(problems.errors)
    for path in paths:
        try:
            data = files.read(path)
        except Unreadable as error:
            problems.fail("env-file", f"{path} {error}", exit_code=exit_code)
            continue
        if data is None:
            problems.fail("env-file", f"couldn't find env file: {path}", exit_code=exit_code)
            continue
        file = parse(data, path)
        found = file.values(environment, values)
        for problem in file.problems:
            place = Place(file.source, problem.span.start, problem.span.end)
            problems.fail("env-file", f"failed to read {path}: {problem.message}", place, exit_code=exit_code)
        for message in found.errors[len(file.problems) :]:
            problems.fail("env-file", f"failed to read {path}: {message}", exit_code=exit_code)
        values = found.values
        settings.update((setting.name, setting) for setting in settings_of(file, values))
    if len(problems.errors) > before:
        return None
    return environment.below(settings.values())
