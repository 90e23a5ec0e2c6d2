"""A cache mount that the command in it does not use.

`--mount=type=cache` keeps a package manager's downloads between builds. The same line then tells the manager not to
cache (`pip --no-cache-dir`, `uv --no-cache`, `PIP_NO_CACHE_DIR` in the environment), or deletes what it cached, so
nothing is ever kept and every build downloads everything: the speed-up is only in the comment above it.

`PIP_NO_CACHE_DIR` disables the cache whatever its value, `off` and `0` included (pip keeps this for compatibility:
pip/_internal/cli/cmdoptions.py, `_handle_no_cache_dir`).

Fix: remove the flag, variable or clean-up that turns the cache off; a cache mount is no part of the image, so nothing
has to be deleted.

Reported when the mount's target is the cache of a manager that the same RUN uses with caching off, or when the RUN
removes the mounted directory's content.
"""

from collections.abc import Iterator
from posixpath import normpath

from dockwright.dockerfile.instructions.types import Mount, Run
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action, Install

CACHING = (Action.INSTALL, Action.RUN, Action.BUILD, Action.UPGRADE)
VARIABLES = {"pip": "PIP_NO_CACHE_DIR", "uv": "UV_NO_CACHE", "poetry": "POETRY_CACHE_DISABLED"}


def check(subject: StageSubject) -> Iterator[Finding]:
    for body in subject.runs:
        run = body.instruction
        if not isinstance(run, Run) or not run.mounts:
            continue
        for mount in run.mounts:
            if mount.type == "cache":
                yield from _mount(subject, body, run, mount)


def _mount(subject: StageSubject, body: RunBody, run: Run, mount: Mount) -> Iterator[Finding]:
    target = normpath(mount.target or mount.source or "/")
    where = subject.at(mount.flag.span, f"stage {subject.stage.label}")
    for install in body.installs:
        if install.action not in CACHING or not _caches_in(install, target):
            continue
        off = _switched_off(subject, run, install)
        if off and not _fills(subject, body, run, install.manager, target):
            yield RULE.finding(
                where,
                f"cache mount on `{target}` is not used: {off}",
                related=[subject.related(install.command.span, "the command in the mount")],
                service=subject.service,
            )
            return
    for command in body.commands if b"rm" in body.data else ():
        if command.name == "rm" and any(_below(word.value, target) for word in command.args):
            yield RULE.finding(
                where,
                f"cache mount on `{target}` is emptied by the command in it",
                related=[subject.related(command.span, "emptied here")],
                service=subject.service,
            )
            return


def _fills(subject: StageSubject, body: RunBody, run: Run, manager: str, target: str) -> bool:
    """True when another command of the same manager in the RUN does use the mount."""
    return any(
        one.manager == manager
        and one.action in CACHING
        and _caches_in(one, target)
        and not _switched_off(subject, run, one)
        for one in body.installs
    )


def _caches_in(install: Install, target: str) -> bool:
    for directory in (*install.cache_dirs, *install.index_dirs):
        path = normpath(directory.replace("~", "/root").replace("$HOME", "/root"))
        if path == target or path.startswith(target + "/") or target.startswith(path + "/"):
            return True
    return False


def _switched_off(subject: StageSubject, run: Run, install: Install) -> str:
    """How caching is off for this command; empty when it is not."""
    if install.no_cache:
        flag = next((word.value for word in install.flags if word.value and "cache" in word.value), "")
        return (
            f"`{install.manager}` runs with `{flag}`" if flag else f"`{install.manager}` is told not to cache"
        )
    name = VARIABLES.get(install.manager, "")
    variable = subject.stage.environment_before(run).variable(name) if name else None
    if variable is not None and (install.manager == "pip" or variable.value.lower() in ("1", "true", "yes")):
        return f"`{name}={variable.value}` switches the cache off"
    return ""


def _below(value: str | None, target: str) -> bool:
    if not value or not value.startswith("/"):
        return False
    path = normpath(value.rstrip("*"))
    return path == target or path.startswith(target + "/")


RULE = Rule(
    id="defeated-cache-mount",
    summary="a cache mount that the command in it does not use",
    category=Category.SLOW,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\n"
                "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install --no-cache-dir -r requirements.txt\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            at="--mount=type=cache,target=/root/.cache/pip",
            says="`pip` runs with `--no-cache-dir`",
        ),
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nENV PIP_NO_CACHE_DIR=off\nCOPY requirements.txt .\n"
                "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            at="--mount=type=cache",
            says="`PIP_NO_CACHE_DIR=off` switches the cache off",
        ),
        Bad(
            {
                "Dockerfile": "FROM debian:12-slim\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update && "
                "apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            },
            at="--mount=type=cache",
            says="emptied by the command in it",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\n"
                "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
                "RUN pip install --no-cache-dir gunicorn\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            why="without a mount, not caching keeps the layer small",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nRUN --mount=type=cache,target=/var/cache/apt apt-get update && "
                "apt-get install -y git && pip install --no-cache-dir flask && rm -rf /var/lib/apt/lists/*\n",
            },
            why="the mount is another manager's cache, and another directory is emptied",
        ),
    ),
)
