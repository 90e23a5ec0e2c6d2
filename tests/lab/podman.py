"""Podman beside Docker: installed, configured so that it works as root without systemd, with the small base image.

`CONTAINERS_CONF` names the configuration; one that is set already is left as it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.lab import images, packages
from tests.lab.engine import HOME

CONFIGURATION = HOME / "containers.conf"
VARIABLE = "CONTAINERS_CONF"
BUSYBOX = "localhost/dockwright-lab:busybox"
_TEXT = """\
# crun fails on a hybrid cgroup (v1 with a v2 part); there is no systemd to ask for cgroups, nor a journal for events
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
"""


def environment() -> dict[str, str]:
    """The variables Podman needs here."""
    if os.environ.get(VARIABLE) or not CONFIGURATION.exists():
        return {}
    return {VARIABLE: str(CONFIGURATION)}


def podman(*arguments: str, stdin: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    """Run podman."""
    return subprocess.run(
        ["podman", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **environment()},
    )


def answers() -> bool:
    """True when Podman works and has the base image the tests build on."""
    return shutil.which("podman") is not None and podman("image", "exists", BUSYBOX).returncode == 0


def can_be_set_up() -> bool:
    """Podman is there, or this is a machine on which it can be installed: Debian, and we are root."""
    if shutil.which("podman") is not None:
        return True
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def start() -> None:
    """Have a Podman that works: install, configure, import the base image. Says so where that cannot be."""
    if not can_be_set_up():
        print("Podman is not there and cannot be installed here: its tests will be skipped", file=sys.stderr)
        return
    packages.install_podman()
    if not os.environ.get(VARIABLE):
        HOME.mkdir(parents=True, exist_ok=True)
        CONFIGURATION.write_text(_TEXT)
    if not answers():
        done = podman(
            "import", "--change", f"LABEL {images.LABEL}", "-", BUSYBOX, stdin=images.busybox_root()
        )
        if done.returncode:
            raise RuntimeError(f"podman import: {done.stderr.decode('utf-8', 'replace')[-2000:]}")


def versions() -> dict[str, str]:
    """Podman's version, where it is there."""
    if not answers():
        return {}
    return {"podman": podman("version", "--format", "{{.Client.Version}}").stdout.decode().strip()}
