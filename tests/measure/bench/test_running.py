"""Rounds over an engine in memory: order, edits, what hits, images removed, early ends; figures of known runs."""

from pathlib import Path

import anyio
import msgspec
import pytest

from dockwright.engine.fake import FakeEngine
from dockwright.engine.faults import Kind, fault
from dockwright.errors import UsageError
from dockwright.measure.bench.copying import copied
from dockwright.measure.bench.model import Bench, Ratio, Run, Scenario, Summary
from dockwright.measure.bench.running import Wanted, bench
from dockwright.measure.bench.stats import ratios, summaries
from dockwright.measure.model import Agreement, BuildRecord
from dockwright.measure.prepare import setting_of
from dockwright.measure.target import Target
from dockwright.replay.subjects import Subject
from dockwright.report.measured.benches import as_text
from dockwright.trees.disk import DiskTree

OLD = "FROM base:1\nCOPY all /all\nRUN pip install -r all/requirements.txt\n"
NEW = "FROM base:1\nCOPY all/requirements.txt /r\nRUN pip install -r /r/requirements.txt\nCOPY all/src /src\nRUN end\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    root = tmp_path / "r"
    for name, text in {
        "all/requirements.txt": "a\n",
        "all/src/main.py": "1\n",
        "Old": OLD,
        "New": NEW,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def target(top: Path, path: str) -> Target:
    return Target(name=path, root=top, tree=DiskTree(top), subject=Subject(path=path, context=""))


def measured(engine: FakeEngine, folder: Path, wanted: Wanted) -> Bench:
    async def main() -> Bench:
        return await bench(await setting_of(engine), wanted, folder, lambda _: None)

    folder.mkdir(exist_ok=True)
    return anyio.run(main)


def test_rounds_are_interleaved_and_say_what_ran(top: Path, tmp_path: Path) -> None:
    engine = FakeEngine()
    wanted = Wanted(targets=(target(top, "Old"), target(top, "New")), rounds=2)
    found = measured(engine, tmp_path / "w", wanted)
    order = [(one.round, one.scenario.value, one.side) for one in found.runs]
    assert order[:4] == [(1, "cold", "A"), (1, "cold", "B"), (1, "no-change", "A"), (1, "no-change", "B")]
    assert order[8:10] == [(2, "cold", "B"), (2, "cold", "A")]
    assert len(order) == 16
    ran = {(one.scenario.value, one.side): (one.executed, one.cached) for one in found.summary}
    assert ran == {
        ("cold", "A"): (2, 0), ("cold", "B"): (4, 0),
        ("no-change", "A"): (0, 2), ("no-change", "B"): (0, 4),
        ("source", "A"): (2, 0), ("source", "B"): (2, 2),
        ("dependency", "A"): (2, 0), ("dependency", "B"): (4, 0),
    }  # fmt: skip
    assert found.predictions.wrong == 0
    assert found.predictions.right > 40
    assert [one.scenario for one in found.ratios] == list(Scenario)
    assert all(
        not name.startswith("dockwright-bench") for one in anyio.run(engine.images) for name in one.names
    )
    assert (top / "all/src/main.py").read_text() == "1\n"
    assert {edit.path for edit in found.edits} == {"all/requirements.txt", "all/src/main.py"}


def test_without_a_cold_build_there_is_one_before_that_does_not_count(top: Path, tmp_path: Path) -> None:
    wanted = Wanted(targets=(target(top, "New"),), rounds=2, scenarios=(Scenario.SOURCE,))
    engine = FakeEngine()
    found = measured(engine, tmp_path / "w", wanted)
    assert [one.build.executed for one in found.runs] == [2, 2]
    assert len(engine.requests) == 3
    assert found.ratios == ()


def test_podmans_cold_build_leaves_no_cache(top: Path, tmp_path: Path) -> None:
    """So there is one more build before the others, which does not count."""
    engine = FakeEngine()
    engine.name = "podman"
    wanted = Wanted(targets=(target(top, "New"),), rounds=1, scenarios=(Scenario.COLD, Scenario.NO_CHANGE))
    found = measured(engine, tmp_path / "w", wanted)
    assert [one.scenario.value for one in found.runs] == ["cold", "no-change"]
    assert [one.no_cache for one in engine.requests] == [True, False, False]


def test_a_build_that_fails_ends_it_and_leaves_no_image(top: Path, tmp_path: Path) -> None:
    engine = FakeEngine()
    (top / "New").write_text(NEW.replace("RUN end", "RUN exit 3"))
    wanted = Wanted(targets=(target(top, "Old"), target(top, "New")), rounds=3)
    found = measured(engine, tmp_path / "w", wanted)
    assert found.failed is not None
    assert found.failed.fault is not None
    assert [one.side for one in found.runs] == ["A"]
    assert len(anyio.run(engine.images)) == 1


def test_cancelled_it_leaves_no_image(top: Path, tmp_path: Path) -> None:
    engine = FakeEngine()
    (top / "New").write_text(NEW.replace("RUN end", "RUN sleep 30"))
    wanted = Wanted(targets=(target(top, "Old"), target(top, "New")), rounds=3)

    async def main() -> None:
        setting = await setting_of(engine)
        with anyio.move_on_after(0.2):
            await bench(setting, wanted, tmp_path / "w", lambda _: None)

    (tmp_path / "w").mkdir()
    anyio.run(main)
    assert len(engine.requests) == 2
    assert (engine.running, len(anyio.run(engine.images))) == (0, 1)


def test_what_cannot_be_changed_is_said(top: Path, tmp_path: Path) -> None:
    (top / "New").write_text("FROM base:1\nRUN end\n")
    found = measured(FakeEngine(), tmp_path / "w", Wanted(targets=(target(top, "New"),), rounds=1))
    assert [one.what for one in found.skipped] == ["A: source", "A: dependency"]
    assert [one.scenario.value for one in found.runs] == ["cold", "no-change"]


def test_a_file_that_nothing_takes_cannot_be_changed(top: Path, tmp_path: Path) -> None:
    wanted = Wanted(targets=(target(top, "New"),), rounds=1, source="all/none.py")
    engine = FakeEngine()
    with pytest.raises(UsageError, match=r"--source all/none\.py: no step takes it"):
        measured(engine, tmp_path / "w", wanted)
    assert not engine.requests


def test_a_change_is_told_where_it_is_felt_first(top: Path, tmp_path: Path) -> None:
    wanted = Wanted(
        targets=(target(top, "New"),), rounds=1, source="all/requirements.txt", scenarios=(Scenario.SOURCE,)
    )
    (top / "New").write_text(NEW.replace("all/src /src", "all /src"))
    (edit,) = measured(FakeEngine(), tmp_path / "w", wanted).edits
    assert (edit.path, edit.line) == ("all/requirements.txt", 2)


def test_a_fault_of_the_engine_goes_up(top: Path, tmp_path: Path) -> None:
    engine = FakeEngine()

    async def main() -> None:
        setting = await setting_of(engine)
        absent = fault(Kind.NO_SUCH_IMAGE, "no base")  # asked for when it is made ready, and when it is built
        engine.faults += [absent, absent, fault(Kind.NOT_ANSWERING, "gone")]
        await bench(setting, Wanted(targets=(target(top, "New"),)), tmp_path / "w", lambda _: None)

    (tmp_path / "w").mkdir()
    with pytest.raises(Exception, match="gone"):
        anyio.run(main)


def test_a_copy_is_what_is_sent(tmp_path: Path) -> None:
    top = tmp_path / "r"
    (top / "a" / "empty").mkdir(parents=True)
    (top / "a" / "run.sh").write_text("x")
    (top / "a" / "run.sh").chmod(0o755)
    (top / "a" / "link").symlink_to("run.sh")
    (top / "a" / "hidden").write_text("x")
    (top / "a" / ".dockerignore").write_text("hidden\n")
    (top / "other").write_text("x")
    (top / "d").mkdir()
    (top / "d" / "Dockerfile").write_text("FROM x\n")
    one = Target(name="t", root=top, tree=DiskTree(top), subject=Subject(path="d/Dockerfile", context="a"))
    made = copied(one, tmp_path / "copy")
    there = sorted(str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*"))
    assert there == ["a", "a/.dockerignore", "a/empty", "a/link", "a/run.sh", "d", "d/Dockerfile"]
    assert (tmp_path / "copy/a/link").readlink() == Path("run.sh")
    assert (tmp_path / "copy/a/run.sh").stat().st_mode & 0o111
    assert made.root == tmp_path / "copy"


def made(side: str, number: int, seconds: float) -> Run:
    build = BuildRecord(
        target="t", dockerfile="d", context=".", engine="fake", started=0, seconds=seconds, outcome="ok"
    )
    return Run(side=side, scenario=Scenario.SOURCE, round=number, build=build)


def test_figures() -> None:
    runs = [
        made("A", 1, 10),
        made("B", 1, 1),
        made("B", 2, 2),
        made("A", 2, 30),
        made("A", 3, 12),
        made("B", 3, 1),
    ]
    first, second = summaries(runs)
    assert (first.median, first.low, first.high, first.spread, first.runs) == (12, 10, 30, 2, 3)
    assert (second.median, second.spread) == (1, 0)
    (ratio,) = ratios(runs, ["A", "B"])
    assert (ratio.median, ratio.low, ratio.high) == (12, 10, 15)
    assert ratios(runs, ["A"]) == ()


def test_values_are_data(top: Path, tmp_path: Path) -> None:
    found = measured(FakeEngine(), tmp_path / "w", Wanted(targets=(target(top, "New"),), rounds=1))
    assert msgspec.convert(msgspec.to_builtins(found), Bench) == found


def test_a_ratio_around_one_names_no_winner() -> None:
    summary = Summary(
        side="A",
        scenario=Scenario.COLD,
        runs=3,
        median=123.4,
        low=100.0,
        high=1234.5,
        spread=12.3,
        executed=99,
        cached=99,
    )
    told = Bench(
        group="g", engine="docker", engine_version="26", builder="", machine="m", sides=(), rounds=3, edits=(), runs=(),
        summary=(summary,), ratios=(Ratio(scenario=Scenario.COLD, median=1.1, low=0.9, high=1.3),),
        predictions=Agreement(0, 0, 0),
    )  # fmt: skip
    text = as_text(told, 60)
    assert "cold: neither is faster in every round (B 0.90 to 1.30 times as fast as A)" in text
    table = [line for line in text.splitlines() if line.startswith(("scenario", "cold  "))]
    assert len(table) == 2
    assert max(map(len, table)) <= 60
    assert table[1].endswith("99")
