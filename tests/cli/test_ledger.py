"""`dockwright ledger` and `dockwright trend`: what they print, write and refuse."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from benchmarks.trend import series
from dockwright.ledger.model import Part
from dockwright.ledger.store import Ledger
from tests.cli.conftest import GOOD
from tests.ledger.conftest import build
from tests.ledger.test_imports import INSPECT, META_FILE


@pytest.fixture
def root(make, tmp_path, monkeypatch):
    """A repository whose ledger is in a state folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    return make(GOOD)


@pytest.fixture
def ledger(root, dockwright):
    """Its ledger, with forty builds that took longer from the thirtieth on, and an image that grew."""
    path = dockwright("ledger", "path", "--root", root).out.strip()
    values = [*series("normal, 5 %", 1, 30), *series("normal, 5 %", 2, 10, 90.0)]
    runs = [
        build(minute, commit=f"{minute:040x}", values={"seconds": value, "image_bytes": 1e8 if minute < 35 else 1.2e8},
              parts=(Part(kind="package", name="gcc", bytes=0 if minute < 35 else 20_000_000),))
        for minute, value in enumerate(values)
    ]  # fmt: skip
    with Ledger(Path(path)) as opened:
        opened.add_all(runs)
    return path


def test_looking_makes_nothing(root, dockwright, tmp_path) -> None:
    assert dockwright("ledger", "show", "--root", root).out == "nothing is recorded\n"
    assert dockwright("ledger", "export", "--root", root).code == 0
    assert dockwright("ledger", "export", "--format", "openmetrics", "--root", root).out == "# EOF\n"
    ran = dockwright("trend", "web", "--root", root)
    assert ran.code == 2
    assert "nothing is recorded" in ran.err
    assert not (tmp_path / "state").exists()
    assert sorted(one.name for one in root.iterdir()) == sorted(GOOD)


def test_the_ledger_is_outside_of_what_is_built(root, ledger) -> None:
    assert not ledger.startswith(str(root))


def test_trend(root, ledger, dockwright) -> None:
    ran = dockwright("trend", "web", "--root", root)
    assert ran.code == 0
    assert "seconds, on 4 cores, 16 GiB, amd64: 40 builds" in ran.out
    assert "worse: 59." in ran.out
    assert "image bytes: 40 builds" in ran.out
    assert "worse: 100 MB to 120 MB (+20%), in 000000000..000000000" in ran.out
    assert "package `gcc` grew by 20.0 MB to 20.0 MB" in ran.out
    assert ran.out.endswith("2 of 2 values of web stand at a worse level than before\n")
    assert dockwright("trend", "web", "--root", root, "--check").code == 1
    assert dockwright("trend", "web", "--root", root, "--value", "seconds").out.count("builds") == 1


def test_trend_as_json(root, ledger, dockwright) -> None:
    data = json.loads(dockwright("trend", "web", "--root", root, "--format", "json").out)
    assert data["schema"] == "trend-1"
    assert data["regressed"] is True
    image, seconds = data["trends"]
    assert [change["index"] for change in image["changes"]] == [35]
    assert image["changes"][0]["commit"] == f"{35:040x}"
    assert abs(seconds["changes"][0]["index"] - 30) <= 1
    assert seconds["changes"][0]["p"] <= data["rule"]["alpha"]
    assert len(seconds["points"]) == 40


def test_trend_as_svg(root, ledger, dockwright, tmp_path) -> None:
    dockwright("trend", "web", "--root", root, "--format", "svg", "-o", tmp_path / "t.svg")
    drawn = ET.parse(tmp_path / "t.svg").getroot()
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}circle")) == 80
    assert "script" not in (tmp_path / "t.svg").read_text()


def test_trend_of_other_names(root, ledger, dockwright) -> None:
    assert "recorded are web" in dockwright("trend", "wbe", "--root", root).err
    ran = dockwright("trend", "web", "--root", root, "--value", "dead_bytes")
    assert ran.code == 2
    assert "recorded are image_bytes, seconds" in ran.err


def test_names_cannot_drive_the_terminal(root, ledger, dockwright) -> None:
    with Ledger(Path(ledger)) as opened:
        opened.add(build(1, target="we\x1b[2Jb"))
    for command in (["ledger", "show", "--last", "99"], ["trend", "we\x1b[2Jb"], ["trend", "web\x1b"]):
        ran = dockwright(*command, "--root", root)
        assert "\x1b" not in ran.out + ran.err
    svg = dockwright("trend", "we\x1b[2Jb", "--root", root, "--format", "svg").out
    ET.fromstring(svg)


def test_import_export_import(root, ledger, dockwright, tmp_path) -> None:
    (tmp_path / "meta.json").write_text(json.dumps({"api": META_FILE}))
    (tmp_path / "inspect.json").write_text(json.dumps({**INSPECT, "Ref": "other"}))
    ran = dockwright("ledger", "import", tmp_path / "meta.json", tmp_path / "inspect.json", "--root", root)
    assert (ran.code, ran.out) == (0, "2 recorded, 0 there already, 0 not imported\n")
    dockwright("ledger", "export", "--root", root, "-o", tmp_path / "all.json")
    other = tmp_path / "other.sqlite"
    ran = dockwright("ledger", "import", tmp_path / "all.json", "--ledger", other, "--root", root)
    assert ran.out == "42 recorded, 0 there already, 0 not imported\n"
    again = dockwright("ledger", "import", tmp_path / "all.json", "--ledger", other, "--root", root)
    assert again.out == "0 recorded, 42 there already, 0 not imported\n"
    with Ledger(other) as copied, Ledger(other.with_name("x"), create=False):
        strip = lambda run: msgspec.structs.replace(run, number=0)  # noqa: E731
        with Ledger(Path(ledger)) as first:
            assert sorted(map(repr, map(strip, copied.runs()))) == sorted(map(repr, map(strip, first.runs())))
    assert "hunter2" not in (tmp_path / "all.json").read_text()


def test_import_tells_what_it_cannot_take(root, dockwright, tmp_path) -> None:
    (tmp_path / "x.json").write_text("{}")
    ran = dockwright("ledger", "import", tmp_path / "x.json", "--root", root)
    assert ran.code == 1
    assert "not imported" in ran.err
    assert ran.out == "0 recorded, 0 there already, 1 not imported\n"
    assert not (tmp_path / "state").exists()
    assert dockwright("ledger", "import", tmp_path / "none.json", "--root", root).code == 2
    assert dockwright("ledger", "import", tmp_path, "--root", root).code == 2


def test_repair(root, ledger, dockwright) -> None:
    assert "is whole: 40 runs" in dockwright("ledger", "repair", "--root", root).out
    Path(ledger).write_bytes(b"spoiled" * 1000)
    ran = dockwright("ledger", "show", "--root", root)
    assert ran.code == 2
    assert "dockwright ledger repair" in ran.err
    ran = dockwright("ledger", "repair", "--root", root)
    assert ran.code == 0
    assert "the old file is" in ran.out
    assert dockwright("ledger", "show", "--root", root).code == 0


def test_grafana(root, dockwright) -> None:
    assert json.loads(dockwright("ledger", "export", "--format", "grafana", "--root", root).out)["panels"]


def test_another_ledger_is_read(root, ledger, dockwright, tmp_path) -> None:
    other = tmp_path / "other.sqlite"
    ran = dockwright("ledger", "import", ledger, "--ledger", other, "--root", root)
    assert ran.out == "40 recorded, 0 there already, 0 not imported\n"


def test_platforms_and_comparisons_are_lines_of_their_own(root, dockwright) -> None:
    path = Path(dockwright("ledger", "path", "--root", root).out.strip())
    with Ledger(path) as opened:
        for minute in range(8):
            arch, size = ("linux/amd64", 1e8) if minute % 2 else ("linux/arm64", 2e8)
            opened.add(build(minute, platform=arch, values={"image_bytes": size}))
        opened.add(build(9, platform="linux/amd64", side="B", values={"image_bytes": 9e9}))
    text = dockwright("trend", "web", "--root", root).out
    assert "image bytes (linux/amd64): 4 builds" in text
    assert "image bytes (linux/arm64): 4 builds" in text
    assert "9.0 GB" not in text
    assert text.endswith("none at a worse level than before\n")


def test_accounts_of_images_and_builds_are_not_mixed(root, dockwright) -> None:
    """An engine's size of an image and the sum of its files need not be the same."""
    path = Path(dockwright("ledger", "path", "--root", root).out.strip())
    with Ledger(path) as opened:
        for minute in range(6):
            size = 2e8 if minute % 2 else 1e8
            run = build(minute, values={"image_bytes": size})
            opened.add(msgspec.structs.replace(run, kind="image" if minute % 2 else "build"))
    text = dockwright("trend", "web", "--root", root).out
    assert "image bytes: 3 builds" in text
    assert "image bytes (account): 3 images" in text
    assert text.endswith("none at a worse level than before\n")


def test_engines_are_lines_of_their_own(root, dockwright) -> None:
    """Podman's image of the same Dockerfile has other bytes, and it has another cache: neither is a change."""
    path = dockwright("ledger", "path", "--root", root).out.strip()
    runs = [
        build(
            minute,
            engine="podman" if minute % 2 else "docker",
            values={"image_bytes": 2.2e6 if minute % 2 else 2e6},
        )
        for minute in range(6)
    ]
    with Ledger(Path(path)) as opened:
        opened.add_all(runs)
    data = json.loads(dockwright("trend", "web", "--root", root, "--format", "json").out)
    assert [(one["engine"], len(one["points"]), one["changes"]) for one in data["trends"]] == [
        ("docker", 3, []), ("podman", 3, []),
    ]  # fmt: skip
    assert "image bytes (podman): 3 builds" in dockwright("trend", "web", "--root", root).out
    assert dockwright("trend", "web", "--root", root, "--check").code == 0


def test_what_is_sent_again_is_not_judged(root, dockwright) -> None:
    """BuildKit is sent only what has changed since the last build: the first one is sent everything, later ones little."""
    path = dockwright("ledger", "path", "--root", root).out.strip()
    with Ledger(Path(path)) as opened:
        opened.add_all(
            build(minute, values={"seconds": 9.0, "context_bytes": size})
            for minute, size in enumerate([586, 123, 123, 5_000_000])
        )
    assert "context" not in dockwright("trend", "web", "--root", root).out
    ran = dockwright("trend", "web", "--root", root, "--value", "context_bytes", "--check")
    assert (ran.code, "worse:" in ran.out) == (0, False)


def test_showing_what_nobody_recorded_names_what_is(root, ledger, dockwright) -> None:
    ran = dockwright("ledger", "show", "wbe", "--root", root)
    assert (ran.code, ran.out) == (2, "")
    assert "recorded are web" in ran.err


def test_a_file_that_is_wrong_throughout_is_told_briefly(root, dockwright, tmp_path) -> None:
    (tmp_path / "x.json").write_text(
        json.dumps({"kind": "dockwright-ledger", "schema": 1, "runs": [{}] * 50})
    )
    ran = dockwright("ledger", "import", tmp_path / "x.json", "--root", root)
    assert ran.code == 1
    assert ran.out == "0 recorded, 0 there already, 50 not imported\n"
    assert ran.err.count("not imported: ") == 10
    assert "and 40 more not imported" in ran.err
