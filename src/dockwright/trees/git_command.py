"""Runs git so that nothing of the repository can run with it.

git never sees the repository's configuration (`git_directory.StandIn`), the user's or the system's. What could still
start a program or reach out is switched off by configuration given with `-c` and by environment, as a second lock.
Only plumbing that needs none of it is called, and a git that falls silent is given up.
"""

import contextlib
import os
import selectors
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO

from dockwright.trees.git_directory import GitError, StandIn, locate, small_file

__all__ = ["Git", "GitError", "available", "environment", "read_some"]

TIMEOUT = 120
"""Seconds after which a git command that says nothing is given up."""
_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.untrackedCache=false",
    "core.alternateRefsCommand=false",
    "core.sshCommand=false",
    "core.quotePath=false",
    "credential.helper=",
    "diff.renames=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "protocol.allow=never",
    "submodule.recurse=false",
)


def environment() -> dict[str, str]:
    """What git is given of the environment: the means to find itself, and everything that asks or fetches off."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "SSH_ASKPASS": "false",
        "GIT_SSH_COMMAND": "false",
        "GIT_PAGER": "cat",
        "GIT_ATTR_NOSYSTEM": "1",
    }


@lru_cache(maxsize=8)
def _program(search: str) -> str | None:
    """Git by the absolute folders of PATH: a relative one would look into the repository for programs."""
    for folder in search.split(os.pathsep):
        for name in ("git", "git.exe"):
            path = os.path.join(folder, name)
            if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def available() -> bool:
    """True when there is a git to run."""
    return _program(os.environ.get("PATH", os.defpath)) is not None


class Git:
    """git in one directory of a work tree, or in a bare repository."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @cached_property
    def _stand_in(self) -> StandIn:
        repository = locate(self.directory)
        if repository is None:
            raise GitError("not a git repository")
        return StandIn(repository)

    @property
    def top(self) -> Path | None:
        """Top of the work tree; None for a bare repository. Raises GitError where there is no repository."""
        return self._stand_in.repository.top

    @cached_property
    def shallow(self) -> frozenset[str]:
        """Commits whose parents a shallow clone lacks; none in a whole one. Raises GitError."""
        text = small_file(self._stand_in.repository.common / "shallow") or b""
        return frozenset(text.decode("ascii", "replace").split())

    def start(self, *arguments: str, **pipes: int | IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start a git command. Raises GitError when there is no git or no repository."""
        program = _program(os.environ.get("PATH", os.defpath))
        if program is None:
            raise GitError("git is not installed")
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        try:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [program, "--no-pager", "-C", str(self.directory), *settings, *arguments],
                env={**environment(), **self._stand_in.environment()},
                **pipes,  # type: ignore[call-overload]
            )
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror}") from error
        return process

    def run(self, *arguments: str, stdin: bytes | None = None, errors: tuple[int, ...] = ()) -> bytes:
        """Output of a git command. Raises GitError when it fails with a code not among `errors`."""
        with self.start(
            *arguments,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                output, complaint = process.communicate(stdin, timeout=TIMEOUT)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise GitError(f"git {arguments[0]} did not end within {TIMEOUT} s") from error
        if process.returncode and process.returncode not in errors:
            raise _failed(arguments[0], complaint, process.returncode)
        return output

    def stream(self, *arguments: str, chunk: int = 1 << 16) -> Iterator[bytes]:
        """Output of a git command as it comes; stopping early ends the command. Raises GitError at its end."""
        with (
            tempfile.TemporaryFile() as complaints
        ):  # a pipe nobody empties would block a git that complains a lot
            process = self.start(
                *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
            )
            assert process.stdout is not None
            finished = False
            try:
                while data := read_some(process.stdout, chunk):
                    yield data
                finished = True
            finally:
                if not finished:
                    process.kill()
                process.stdout.close()
                code = process.wait()
            complaints.seek(0)
            if code:
                raise _failed(arguments[0], complaints.read(1 << 20), code)


def read_some(pipe: IO[bytes], size: int) -> bytes:
    """At most `size` bytes as they come, empty at the end. Raises GitError when nothing comes for `TIMEOUT` seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        if not selector.select(TIMEOUT):
            raise GitError(f"git said nothing for {TIMEOUT} s")
    return os.read(pipe.fileno(), size)


def _failed(command: str, complaint: bytes, code: int) -> GitError:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return GitError(f"git {command}: {lines[-1] if lines else f'exit code {code}'}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and let go of its pipes."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.kill()
    process.wait()
