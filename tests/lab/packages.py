"""Installs Docker with BuildKit, buildx and Compose from Debian's trixie, on a bookworm machine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

PINNED = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd")
WATCHERS = ("prometheus",)
"""Programs that exports are checked with; from the machine's own suite, never started as a service."""
PLUGINS = Path("/usr/libexec/docker/cli-plugins")
SOURCES = Path("/etc/apt/sources.list.d/trixie.sources")
PREFERENCES = Path("/etc/apt/preferences.d/trixie")


def mirror() -> str:
    """The mirror this machine's own Debian source names (the first `URIs:` or `deb` line for Debian itself)."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("debian*"))]
    for file in files:
        if file.is_file():
            found = re.search(
                r"^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+/debian/?)(?:\s|$)", file.read_text(), re.MULTILINE
            )
            if found:
                return found[1]
    raise RuntimeError("no Debian source found: the lab can install engines on Debian only")


def missing() -> bool:
    """True when the engine or one of its plugins is not installed."""
    programs = all((Path("/usr/sbin") / name).exists() for name in ("dockerd",)) and any(
        Path(folder, "containerd").exists() for folder in ("/usr/bin", "/usr/sbin")
    )
    return not (programs and (PLUGINS / "docker-buildx").exists() and (PLUGINS / "docker-compose").exists())


def install() -> None:
    """Install what is missing; raises CalledProcessError with apt's own words when that fails."""
    if missing():
        SOURCES.write_text(
            f"Types: deb\nURIs: {mirror()}\nSuites: trixie\nComponents: main\n"
            "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
        )
        PREFERENCES.write_text(
            "Package: *\nPin: release n=trixie\nPin-Priority: 50\n\n"
            f"Package: {' '.join(PINNED)}\nPin: release n=trixie\nPin-Priority: 990\n"
        )
        apt("update")
        apt("install", *PINNED, "runc", "iptables", "mmdebstrap")


PODMAN = ("podman", "buildah", "netavark", "aardvark-dns", "fuse-overlayfs", "runc")
"""Bookworm's own: Podman 4.3.1 with Buildah 1.28."""


def install_podman() -> None:
    """Install Podman from the machine's own Debian where it is not there."""
    if not (Path("/usr/bin/podman").exists() and Path("/usr/lib/podman/netavark").exists()):
        apt("update")
        apt("install", *PODMAN)


def install_watchers() -> None:
    """Install the programs that exports are checked with."""
    if shutil.which("promtool") is None or shutil.which("prometheus") is None:
        apt("update")
        apt("install", *WATCHERS)


def apt(*arguments: str) -> None:
    """Run apt-get without questions; its output is shown only when it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", "-y", "--no-install-recommends", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"apt-get {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
