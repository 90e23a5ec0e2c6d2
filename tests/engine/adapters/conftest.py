"""Engines to hold the contract against, and a way to run async code on both backends."""

import uuid
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import anyio
import pytest

from dockwright.engine.docker import Docker
from dockwright.engine.fake import FakeEngine
from dockwright.engine.podman import Podman
from dockwright.engine.protocol import Engine
from tests.lab import images, podman


class Subject(NamedTuple):
    """An engine with a base image it has, and a tag nobody else uses."""

    engine: Engine
    base: str
    tag: str


@pytest.fixture(params=["asyncio", "trio"])
def on(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[Any]]], Any]:
    """Run an async function on one of the backends."""
    return lambda function: anyio.run(function, backend=request.param)


@pytest.fixture(
    params=[
        "fake",
        pytest.param("docker", marks=[pytest.mark.engine, pytest.mark.slow]),
        pytest.param("podman", marks=[pytest.mark.engine, pytest.mark.slow]),
    ]
)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    tag = f"dwtest-adapters-{uuid.uuid4().hex[:12]}"
    if request.param == "fake":
        yield Subject(FakeEngine(), "base:1", f"{tag}:latest")
        return
    request.getfixturevalue("engine" if request.param == "docker" else "podman")
    if request.param == "docker":
        images.busybox()
        found = Subject(Docker(), images.BUSYBOX, f"{tag}:latest")
    else:
        found = Subject(Podman(), podman.BUSYBOX, f"localhost/{tag}:latest")
    yield found
    anyio.run(_forget, found)


async def _forget(subject: Subject) -> None:
    """Take the test's own name away again, if it is there."""
    if any(subject.tag in one.names for one in await subject.engine.images()):
        await subject.engine.untag(subject.tag)
