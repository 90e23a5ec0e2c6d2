"""The fixture that tests with a real engine ask for: skipped, visibly, without one; a failure where one is required."""

import os

import pytest

from tests.lab import engine as lab

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
