"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lab.fixtures import engine, podman

__all__ = ["engine", "podman"]  # fixtures, found here by name

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

os.environ.pop(
    "COLUMNS", None
)  # processes that run tests side by side are given one, and it decides where texts are wrapped

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus of real files and conformance cases; tests that need it skip where it is absent."""
    path = SHARED / "corpus"
    if not path.is_dir():
        pytest.skip("the shared corpus (../shared/corpus) is not here")
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the corpus is marked `corpus`, so that it can be chosen or left out by marker."""
    for item in items:
        if "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker("corpus")
