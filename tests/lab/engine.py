"""Starts a Docker engine where none answers, and stops the one it started."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
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


def answers() -> bool:
    """True when an engine answers at the usual place."""
    if shutil.which("docker") is None:
        return False
    return docker("info", "--format", "{{.ServerVersion}}", check=False).returncode == 0


def start() -> None:
    """Have an engine answer: use the one that runs, or install and start one below `HOME`."""
    if answers():
        return
    packages.install()
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "dockerd.log").open("ab") as log:
        process = subprocess.Popen(
            ["dockerd", "--data-root", str(HOME / "data"), "--exec-root", str(HOME / "run")],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
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


def stop() -> None:
    """Stop the engine that `start` started; any other is left alone."""
    if not PID.exists():
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(PID.read_text()), signal.SIGTERM)
    PID.unlink()


def versions() -> dict[str, str]:
    """Versions of the engine, BuildKit's client and Compose."""
    return {
        "docker": docker("version", "--format", "{{.Server.Version}}").stdout.strip(),
        "buildx": docker("buildx", "version").stdout.split()[1],
        "compose": docker("compose", "version", "--short").stdout.strip(),
    }
