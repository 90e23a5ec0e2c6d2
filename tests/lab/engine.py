"""Starts a Docker engine where none answers, and stops the one it started."""

import json
import os
import shutil
import signal
import subprocess
import time
from functools import cache
from pathlib import Path

from tests.lab import packages

HOME = Path(os.environ.get("DOCKWRIGHT_LAB", "/var/tmp/dockwright-lab"))
PID = HOME / "dockerd.pid"


def docker(
    *arguments: str, stdin: bytes | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the docker command line; output as text."""
    done = subprocess.run(["docker", *arguments], input=stdin, capture_output=True, check=False)
    result = subprocess.CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
    )
    if check and result.returncode:
        raise RuntimeError(f"docker {' '.join(arguments)}: {result.stderr[-2000:]}")
    return result


@cache
def plugin(name: str) -> tuple[str, ...]:
    """The words that start a plugin of the docker command line: the program itself, which halves what a start costs."""
    found = docker("info", "--format", "{{json .ClientInfo.Plugins}}", check=False).stdout.partition("\n")[0]
    paths = {one["Name"]: one.get("Path") for one in json.loads(found or "null") or ()}
    return (paths[name],) if paths.get(name) else ("docker", name)


def answers() -> bool:
    """True when an engine answers at the usual place."""
    if shutil.which("docker") is None:
        return False
    return docker("info", "--format", "{{.ServerVersion}}", check=False).returncode == 0


def start() -> None:
    """Have an engine answer: use the one that runs, or install and start one below `HOME`.

    Only where none runs: a second one on a machine takes the first one's bridge away from it.
    """
    if answers():
        return
    if os.environ.get("DOCKER_HOST"):
        raise RuntimeError(
            "DOCKER_HOST names an engine that does not answer; the lab starts none in its place"
        )
    packages.install()
    HOME.mkdir(parents=True, exist_ok=True)
    command = ["dockerd", "--data-root", str(HOME / "data"), "--exec-root", str(HOME / "run")]
    with (HOME / "dockerd.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    PID.write_text(str(process.pid))
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if answers():
            return
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError(f"dockerd does not answer: {(HOME / 'dockerd.log').read_text()[-2000:]}")


def started() -> int | None:
    """The process id of the engine that `start` started, if it still runs.

    A number in a file may have come to name another process since: it counts only if that is a dockerd of ours.
    """
    try:
        number = int(PID.read_text())
        words = Path(f"/proc/{number}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except (OSError, ValueError):
        return None
    ours = words[0].rpartition("/")[2] == "dockerd" and str(HOME / "data") in words
    return number if ours and not _is_dead(number) else None


def _is_dead(number: int) -> bool:
    """True for a process that has ended and that nobody has asked about."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True


def stop() -> bool:
    """Stop the engine that `start` started and wait for its end; any other is left alone. True if there was one."""
    number = started()
    if number is not None:
        os.kill(number, signal.SIGTERM)
        deadline = time.monotonic() + 60
        while started() is not None:
            if time.monotonic() > deadline:
                raise RuntimeError(f"dockerd ({number}) does not stop")
            time.sleep(0.2)
    PID.unlink(missing_ok=True)
    return number is not None


def versions() -> dict[str, str]:
    """Versions of the engine, BuildKit's client and Compose."""
    return {
        "docker": docker("version", "--format", "{{.Server.Version}}").stdout.strip(),
        "buildx": docker("buildx", "version").stdout.split()[1],
        "compose": docker("compose", "version", "--short").stdout.strip(),
    }
