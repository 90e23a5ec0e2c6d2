"""What is Podman's own: what it leaves behind when it is told to end, and that nothing is left when we end it."""

import uuid
from pathlib import Path

import anyio
import pytest

from dockwright.engine.podman import Podman
from dockwright.engine.protocol import BuildRequest, Vertex
from tests.lab import podman as lab


@pytest.mark.engine
@pytest.mark.slow
def test_a_cancelled_build_leaves_no_container(podman: None, tmp_path: Path) -> None:
    """Seen with 4.3.1: SIGINT or SIGTERM end podman itself; its container and what runs in it stay."""
    base = f"localhost/dwtest-adapters-{uuid.uuid4().hex[:12]}"
    lab.podman("tag", lab.BUSYBOX, base)
    text = f"FROM {base}\nRUN echo going && sleep 63.{uuid.uuid4().int % 10**9}\n".encode()

    async def main() -> None:
        begun = anyio.Event()

        def watch(vertex: Vertex) -> None:
            if "going" in vertex.log:
                begun.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Podman().build, BuildRequest(context=str(tmp_path), dockerfile_text=text), watch)
            with anyio.fail_after(60):
                await begun.wait()
            held = lab.podman("ps", "--all", "--external", "--format", "{{.Image}}").stdout.decode()
            assert base in held  # else the check below would see nothing either
            tasks.cancel_scope.cancel()

    try:
        anyio.run(main)
        held = lab.podman("ps", "--all", "--external", "--format", "{{.Image}}").stdout.decode()
        assert base not in held
    finally:
        lab.podman("untag", lab.BUSYBOX, base)
