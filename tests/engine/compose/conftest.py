"""The Compose at hand."""

import re
import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def version() -> str:
    """The installed Compose, as `--compose-version` takes it. Debian's 2.26 holds compose-go 2.4.8."""
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("docker is not installed")
    done = subprocess.run(
        [docker, "compose", "version", "--short"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("docker compose is not installed")
    found = done.stdout.strip()
    return "compose-go 2.4.8" if re.match(r"v?2\.26\.1-[0-9]", found) else found
