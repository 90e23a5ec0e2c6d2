"""Runs to record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dockwright.ledger.model import Machine, Part, Run, Step

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MACHINE = Machine(4, "16 GiB", "amd64")


def build(minute: int = 0, target: str = "web", **more) -> Run:
    """A build that took a while."""
    given = {
        "values": {"seconds": 12.5, "context_bytes": 4096.0},
        "steps": (
            Step(
                name="[build 2/3] RUN make",
                stage="build",
                path="Dockerfile",
                line=3,
                seconds=9.0,
                cached=False,
            ),
            Step(name="[build 3/3] COPY . .", cached=True, key_predicted="p", key_real="r", bytes=10),
        ),
        "parts": (Part(kind="instruction", name="RUN make", bytes=10, path="Dockerfile", line=3),),
        "machine": MACHINE,
        **more,
    }
    return Run(kind="build", target=target, at=START + timedelta(minutes=minute), **given)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made."""
    return tmp_path / "state" / "ledger.sqlite"
