"""The fixture that tests with a real engine ask for: skipped, visibly, without one; a failure where one is required."""

import os
from collections.abc import Iterator

import pytest

from tests.lab import engine as lab
from tests.lab import podman as pods

REQUIRED = "DOCKWRIGHT_LAB_REQUIRED"
"""Set by `make test-engine`: a missing engine is then a failure, so that these tests cannot be left out unseen."""


@pytest.fixture(scope="session")
def engine() -> None:
    """A Docker engine with BuildKit and buildx that answers."""
    if lab.answers() and lab.docker("buildx", "version", check=False).returncode == 0:
        return
    reason = "no container engine answers; `make test-engine` starts one"
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def podman() -> Iterator[None]:
    """A Podman that works, with `podman.BUSYBOX`."""
    if not pods.answers():
        reason = "Podman is not set up; `make test-engine` does that"
        if os.environ.get(REQUIRED) and pods.can_be_set_up():
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in pods.environment().items():
            patch.setenv(name, value)
        yield
