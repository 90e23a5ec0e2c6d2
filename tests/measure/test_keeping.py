"""Between builds and the ledger: what is kept of a build, and what earlier ones say of a cache."""

from pathlib import Path

import anyio
import pytest

from dockwright.engine.fake import FakeEngine
from dockwright.ledger.model import Run
from dockwright.measure.building import build
from dockwright.measure.keeping import known_in, known_of, run_of
from dockwright.measure.keys import Known
from dockwright.measure.model import BuildRecord
from dockwright.measure.prepare import Prepared, prepare, setting_of
from dockwright.measure.target import Target
from dockwright.replay.subjects import Subject
from dockwright.trees.disk import DiskTree


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM base:1\nCOPY a /a\nRUN echo one\n")
    (tmp_path / "a").write_text("1")
    return tmp_path


def target(top: Path) -> Target:
    return Target(name="t", root=top, tree=DiskTree(top), subject=Subject(path="Dockerfile", context=""))


def told(engine: FakeEngine, top: Path, runs: list[Run]) -> tuple[BuildRecord, list[str]]:
    """Build with what the runs say, and the words on each step."""

    async def main() -> BuildRecord:
        return await build(await setting_of(engine), target(top), lambda prepared: known_of(runs, prepared))

    record = anyio.run(main)
    return record, [step.predicted for step in record.steps]


def test_what_a_build_leaves_is_known_to_the_next(top: Path) -> None:
    engine = FakeEngine()
    first, words = told(engine, top, [])
    assert words == ["unknown", "unknown"]
    second, words = told(engine, top, [run_of(first)])
    assert words == ["hit", "hit"]
    assert [step.agrees for step in second.steps] == [True, True]
    (top / "a").write_text("2")
    assert told(engine, top, [run_of(first)])[1] == ["miss", "miss"]


def test_another_cache_says_nothing(top: Path) -> None:
    first, _ = told(FakeEngine(), top, [])
    other = FakeEngine()
    other.builder = "ci"
    assert told(other, top, [run_of(first)])[1] == ["unknown", "unknown"]


def test_a_step_that_failed_has_left_nothing(top: Path) -> None:
    (top / "Dockerfile").write_text("FROM base:1\nCOPY a /a\nRUN exit 1\n")
    engine = FakeEngine()
    first, _ = told(engine, top, [])
    assert first.outcome == "failed"
    assert told(engine, top, [run_of(first)])[1] == ["hit", "unknown"]


def test_keys_by_the_name_of_a_base_are_not_held_against_keys_by_its_content(top: Path) -> None:
    """A base image that was fetched in between: the same image, and other keys."""
    engine = FakeEngine("docker.io/library/base:1")
    first, _ = told(engine, top, [])
    assert first.bases == (("docker.io/library/base:1", True),)
    unnamed = FakeEngine("another:1")
    record, words = told(unnamed, top, [run_of(first)])
    assert record.bases == (("docker.io/library/base:1", False),)
    assert words == ["unknown", "unknown"]
    assert told(engine, top, [run_of(record), run_of(first)])[1] == ["hit", "hit"]


def test_no_ledger_says_nothing(top: Path, tmp_path: Path) -> None:
    async def main() -> Prepared:
        return await prepare(await setting_of(FakeEngine()), target(top))

    prepared = anyio.run(main)
    assert known_in(tmp_path / "none.sqlite", prepared) == Known()
    (tmp_path / "broken.sqlite").write_bytes(b"no ledger at all" * 100)
    assert known_in(tmp_path / "broken.sqlite", prepared) == Known()
