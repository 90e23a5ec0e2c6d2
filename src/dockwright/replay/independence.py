"""Which steps of a stage may change places without changing what is built: only what can be shown.

A RUN is understood when every command in it is of a kind whose files are known: installs of a system's package manager
from its registry, and a few plain tools with constant paths. It then depends on a copy only where their paths meet.
Anything else may read and write everything, and stays where it is. RUN steps keep their order among themselves.
"""

import re
from collections.abc import Callable, Sequence

import msgspec

from dockwright.dockerfile.keys.model import Step
from dockwright.dockerfile.operations.model import Copy, ExecBody, FileBody, Mkdir, Mkfile, Owner
from dockwright.knowledge.packages import managers
from dockwright.replay.commands import commands_of
from dockwright.shell.packages import Action, Install
from dockwright.shell.paths import Base
from dockwright.shell.script import Command
from dockwright.trees.globs import has_wildcard
from dockwright.trees.paths import clean

IsFile = Callable[[str], bool]
EVERYWHERE = "/"
_FOLDERS = "/bin /boot /etc /home /lib /lib64 /opt /root /run /sbin /tmp /usr /var"
SYSTEM = tuple(_FOLDERS.split(" "))
"""Where system packages and user databases live; nothing an install reads or writes is elsewhere."""
_ACTIONS = frozenset((Action.INSTALL, Action.REMOVE, Action.REFRESH, Action.UPGRADE, Action.CLEAN))
_USERS = frozenset(("useradd", "adduser", "usermod", "groupadd", "addgroup", "groupmod"))
_PLAIN = frozenset(("mkdir", "chmod", "chown", "chgrp", "touch", "rm", "ln", "rmdir"))
_NOTHING = frozenset(("echo", "printf", "true", ":", "set", "test", "[", "sleep"))
_PATH = re.compile(r"^[\w./@:+-]+$")


class Touch(msgspec.Struct, frozen=True):
    """What a step reads and writes: paths (with everything below), and whether it depends on users that exist."""

    paths: tuple[str, ...]
    users: bool = False
    run: bool = False
    """It is a RUN or WORKDIR: these keep their order."""


def touched(step: Step, is_file: IsFile) -> Touch:
    """What a step touches; the root for one that is not understood."""
    body = step.operation.body
    if isinstance(body, FileBody):
        return _copied(body, is_file)
    if isinstance(body, ExecBody):
        return Touch(_run_paths(body), run=True)
    return Touch((EVERYWHERE,), run=True)


def _copied(body: FileBody, is_file: IsFile) -> Touch:
    paths: list[str] = []
    owners: list[Owner | None] = []
    made = False
    for action in body.actions:
        what = action.what
        if isinstance(what, Copy):
            paths.append(_target(what, is_file))
        else:
            paths.append(what.path)
            made = made or isinstance(what, Mkdir)
        if not isinstance(what, Mkfile):
            owners += (what.user, what.group)
    named = any(one is not None and one.name for one in owners)
    return Touch(tuple(clean(path) for path in paths), users=named, run=made)


def _target(what: Copy, is_file: IsFile) -> str:
    """Where a copy lands: a file below a folder by its own name, anything else at the destination as a whole."""
    last = what.src.rpartition("/")[2]
    single = what.dest.endswith("/") and not has_wildcard(what.src) and not what.unpack and is_file(what.src)
    return f"{what.dest}{last}" if single and last else what.dest


def _run_paths(body: ExecBody) -> tuple[str, ...]:
    read = commands_of(body)
    if not read.whole or body.cwd is None:
        return (EVERYWHERE,)
    found: list[str] = list(SYSTEM)
    for command, install in zip(read.commands, read.installs, strict=True):
        paths = _command_paths(command, install, body.cwd or "/")
        if paths is None:
            return (EVERYWHERE,)
        found += paths
    return tuple(dict.fromkeys(found))


def _command_paths(command: Command, install: Install | None, cwd: str) -> list[str] | None:
    """The paths of one command beside the system's own; None when it is not understood."""
    if command.redirects and not all(_silent(one.target.value) for one in command.redirects if one.target):
        return None
    if install is not None:
        return [] if _closed(install) else None
    if not command.words or command.name in _NOTHING or command.name in _USERS:
        return []
    if command.name not in _PLAIN or command.cwd is None or command.cwd.base is not Base.CWD:
        return None
    return _arguments(command, clean(f"{cwd}/{command.cwd.path}"))


def _silent(value: str | None) -> bool:
    return value == "/dev/null" or (value or "").isdigit()


def _closed(install: Install) -> bool:
    """True for a system package manager that takes everything from its registry."""
    manager = managers().get(install.manager)
    return (
        manager is not None
        and manager.kind == "system"
        and install.action in _ACTIONS
        and not install.manifests
        and all(package.kind in ("registry", "virtual", "group") for package in install.packages)
    )


def _arguments(command: Command, cwd: str) -> list[str] | None:
    found: list[str] = []
    for word in command.args:
        value = word.value
        if value is None:
            return None
        if value.startswith("-"):
            continue
        bare = value.rstrip("/*") or "/"
        if not _PATH.match(bare):
            return None
        found.append(clean(bare) if bare.startswith("/") else clean(f"{cwd}/{bare}"))
    return found


def meet(one: Touch, other: Touch) -> bool:
    """True when the order of two steps may matter."""
    if (one.run and (other.run or other.users)) or (other.run and one.users):
        return True
    return any(_related(a, b) for a in one.paths for b in other.paths)


def _related(a: str, b: str) -> bool:
    if EVERYWHERE in (a, b):
        return True
    return a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/")


def dependencies(steps: Sequence[Step], is_file: IsFile) -> list[set[int]]:
    """For each step of a stage, in order, the earlier ones that have to stay before it (by place in the sequence).

    `is_file` says of a path of the context whether it is known to be a file.
    """
    touches = [touched(step, is_file) for step in steps]
    return [
        {before for before in range(place) if meet(touches[before], touches[place])}
        for place in range(len(steps))
    ]
