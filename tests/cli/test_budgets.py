"""`image --as TARGET --check` and the check of a bench: recorded, told, and the exit code."""

import msgspec
import pytest

from dockwright.cli.budgeting import bench_over
from dockwright.ledger.place import ledger_path
from dockwright.ledger.store import Ledger
from dockwright.measure.bench.model import Bench, Run, Scenario, Side, Summary
from dockwright.measure.keeping import run_of
from dockwright.measure.model import Agreement, BuildRecord
from tests.cli.conftest import GOOD
from tests.image.tars import Item, old_archive, tar


@pytest.fixture
def root(make, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    return make(
        {**GOOD, "dockwright.toml": '[budgets]\nimage.web = "10 kB"\ndead = 0\nrebuild.web = "5 s"\n'}
    )


def saved(folder, *sizes: int, hidden: int = 0):
    """An image as `docker save` writes it: a layer of each size, and one more that takes a file of the first out again."""
    layers = [tar([Item(f"f{number}", size)]) for number, size in enumerate(sizes)]
    if hidden:
        layers = [tar([Item("gone", hidden)]), *layers, tar([Item(".wh.gone")])]
    path = folder / "image.tar"
    path.write_bytes(old_archive(layers))
    return path


def test_an_image_is_recorded_and_judged(root, dockwright, tmp_path) -> None:
    ran = dockwright("image", saved(tmp_path, 4000, 5000), "--root", root, "--as", "web", "--check", "-q")
    assert (ran.code, ran.err) == (0, "")
    ran = dockwright(
        "image", saved(tmp_path, 4000, 9000, hidden=300), "--root", root, "--as", "web", "--check", "-q"
    )
    assert ran.code == 1
    dead, image = sorted(ran.err.splitlines())
    assert dead.startswith(
        "over budget: web: dead is 300 B, and the budget is 0 B; it was 0 B before; dead `RUN step 0`"
    )
    assert dead.endswith("[dockwright.toml:3]")
    assert image.startswith(
        "over budget: web: image is 13.3 kB, and the budget is 10.0 kB; it was 9.0 kB before; instruction"
    )
    assert image.endswith("[dockwright.toml:2]")
    with Ledger(ledger_path(root), create=False) as ledger:
        first, second = ledger.runs("web")
    assert first.values == {"image_bytes": 9000, "dead_bytes": 0, "layers": 2}
    assert second.values == {"image_bytes": 13300, "dead_bytes": 300, "layers": 4}
    assert {part.name: part.bytes for part in second.parts if part.kind == "dead"} == {"RUN step 0": 300}
    assert "image bytes (account): 2 images" in dockwright("trend", "web", "--root", root).out


def test_what_is_not_judged_is_said(root, dockwright, tmp_path) -> None:
    (root / "dockwright.toml").write_text('[budgets]\ncompressed.web = "10 B"\n')
    given = ("image", saved(tmp_path, 4000), "--root", root, "--check", "-q", "--as")
    ran = dockwright(*given, "web")
    assert ran.code == 0
    assert ran.err == "not checked: web: compressed is not known of this image; give --compressed\n"
    ran = dockwright(*given, "web", "--compressed")
    assert ran.code == 1
    assert ran.err.startswith("over budget: web: compressed is ")
    with Ledger(ledger_path(root), create=False) as ledger:
        plain, packed = ledger.runs("web")
    assert (plain.source, packed.source) == ("dockwright image", "dockwright image --compressed")
    assert "compressed_bytes" not in plain.values
    assert 0 < packed.values["compressed_bytes"] < 4000
    ran = dockwright(*given, "wbe")
    assert (ran.code, ran.err) == (0, "no budget is declared for images of wbe\n")


def test_without_as_nothing_is_recorded(root, dockwright, tmp_path) -> None:
    assert dockwright("image", saved(tmp_path, 10), "-q").code == 0
    assert not (tmp_path / "state").exists()
    ran = dockwright("image", saved(tmp_path, 10), "--check")
    assert ran.code == 2
    assert "--check needs --as TARGET" in ran.err
    (root / "dockwright.toml").unlink()
    ran = dockwright("image", saved(tmp_path, 10), "--root", root, "--as", "web", "--check", "-q")
    assert ran.code == 0
    assert "no budgets are declared" in ran.err


def bench(*seconds: float, started: float = 1000.0) -> Bench:
    runs = tuple(
        Run(side="A", scenario=Scenario.SOURCE, round=number,
            build=BuildRecord(target="web", dockerfile="Dockerfile", context=".", engine="docker", outcome="ok",
                              started=started + number, seconds=one, image_bytes=10**9))
        for number, one in enumerate(seconds)
    )  # fmt: skip
    summary = Summary(
        side="A", scenario=Scenario.SOURCE, runs=len(runs), median=sorted(seconds)[len(seconds) // 2], low=min(seconds),
        high=max(seconds), spread=0.0, executed=1, cached=1,
    )  # fmt: skip
    return Bench(
        group="g", engine="docker", engine_version="26", builder="", machine="", rounds=len(runs), edits=(), runs=runs,
        sides=(Side(name="A", target="web", dockerfile="Dockerfile", context="."),), summary=(summary,), ratios=(),
        predictions=Agreement(0, 0, 0),
    )  # fmt: skip


def test_a_bench_is_judged_by_its_medians(root, capsys) -> None:
    assert not bench_over(bench(1.0, 4.0, 60.0), str(root), None)  # one slow round
    assert capsys.readouterr().err == ""
    earlier = run_of(bench(4.5, started=500.0).runs[0].build)
    with Ledger(ledger_path(root)) as ledger:
        ledger.add(msgspec.structs.replace(earlier, kind="bench", scenario="source"))
    assert bench_over(bench(5.5, 6.0, 60.0), str(root), None)
    told = capsys.readouterr().err
    assert told.count("over budget") == 1  # the image is none of its business
    assert "web: rebuild (source) is 6.0 s, and the budget is 5.0 s; it was 4.5 s before" in told
