"""Runs git so that nothing of the repository can run with it.

A repository's own `.git/config` can name programs (file-system monitor, hooks, external diff, filters, ssh command,
credential helpers, signature checkers) and a partial clone can make git fetch. All of it is switched off from outside:
configuration given with `-c` and by environment outranks the repository's. Only plumbing that needs none of it is
called.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dockwright.errors import DockwrightError

TIMEOUT = 120
"""Seconds after which a git command is given up."""
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=false",
    "core.sshCommand=false",
    "core.gitProxy=false",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.alternateRefsCommand=false",
    "core.quotePath=false",
    "credential.helper=",
    "diff.external=",
    "diff.renames=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "log.mailmap=false",
    "gpg.program=false",
    "protocol.allow=never",
    "protocol.file.allow=never",
    "protocol.ext.allow=never",
    "protocol.ssh.allow=never",
    "protocol.git.allow=never",
    "protocol.http.allow=never",
    "protocol.https.allow=never",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "safe.directory=*",
)


class GitError(DockwrightError):
    """git ended with an error; `message` is the last line it wrote."""

    exit_code = 2


def environment() -> dict[str, str]:
    """What git is given of the environment: the means to find itself, and everything that asks or fetches off."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}
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
        "GIT_FLUSH": "0",
    }


def available() -> bool:
    """True when there is a git to run."""
    return shutil.which("git") is not None


class Git:
    """git in one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def command(self, *arguments: str) -> list[str]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        return ["git", "--no-pager", "-C", str(self.directory), *settings, *arguments]

    def run(self, *arguments: str, stdin: bytes | None = None, errors: tuple[int, ...] = ()) -> bytes:
        """Output of a git command. Raises GitError when it fails with a code not among `errors`."""
        try:
            done = subprocess.run(
                self.command(*arguments),
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                env=environment(),
                timeout=TIMEOUT,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError("git is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git {arguments[0]} did not end within {TIMEOUT} s") from error
        if done.returncode and done.returncode not in errors:
            raise GitError(f"git {arguments[0]}: {_last_line(done.stderr) or f'exit code {done.returncode}'}")
        return done.stdout

    def stream(self, *arguments: str, chunk: int = 1 << 16) -> Iterator[bytes]:
        """Output of a git command as it comes; stopping early ends the command. Raises GitError at its end."""
        process = subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert process.stdout is not None
        assert process.stderr is not None
        finished = False
        try:
            while data := os.read(process.stdout.fileno(), chunk):
                yield data
            finished = True
        finally:
            if not finished:
                process.kill()
            process.stdout.close()
            message = process.stderr.read()
            process.stderr.close()
            code = process.wait()
        if code:
            raise GitError(f"git {arguments[0]}: {_last_line(message) or f'exit code {code}'}")


def _last_line(text: bytes) -> str:
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


class Objects:
    """Reads objects by id through one long-lived `git cat-file --batch`."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes | None:
        """Content of an object by id (or `revision:path`); None when the repository does not have it."""
        if "\n" in name:
            return None
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
        except (BrokenPipeError, OSError):
            self.close()
            return None
        if len(header) < 3 or not header[-1].isdigit():
            if not header:  # git has ended: it could not even say that the object is missing
                self.close()
            return None
        size = int(header[-1])
        data = process.stdout.read(size)
        process.stdout.read(1)
        return data if len(data) == size else None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                self._git.command("cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        return self._process

    def close(self) -> None:
        """End the process; reading again starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        process.kill()
        process.wait()

    def __del__(self) -> None:
        self.close()
