"""`dockwright image`: archives from disk and standard input, what is refused, what is left out of the output."""

import gzip
import io
import json
import sys
import zlib
from pathlib import Path

import pytest

from dockwright.cli.main import run
from tests.image import tars
from tests.image.tars import Item

LAYERS = [tars.tar([Item("a", b"one"), Item("b", b"22")]), tars.tar([Item(".wh.a"), Item("c", b"three")])]
HISTORY = [{"created_by": "COPY x / # buildkit"}, {"created_by": "RUN /bin/sh -c rm /a # buildkit"}]


@pytest.fixture
def archive(tmp_path: Path) -> str:
    (tmp_path / "app.tar").write_bytes(tars.old_archive(LAYERS, history=HISTORY))
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY x /\nRUN rm /a\n")
    return str(tmp_path / "app.tar")


def document(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["image", *arguments, "--format", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_an_archive(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = document([archive], capsys)
    assert (found["shipped"], found["live"], found["dead"]) == (10, 7, 3)
    assert (found["dead_own"], found["dead_by_cause"]) == (None, {"deleted_file": 3})


def test_standard_input(
    archive: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(Path(archive).read_bytes()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert document(["-"], capsys)["dead"] == 3


@pytest.mark.parametrize("how", ["--dockerfile", "--root"])
def test_lines_of_the_dockerfile(how: str, archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(archive).parent / ("Dockerfile" if how == "--dockerfile" else "")
    found = document([archive, how, str(path)], capsys)
    assert (found["dead_own"], found["dead_base"]) == (3, 0)
    lines = [row["place"]["line"] for row in found["instructions"]]  # type: ignore[attr-defined]
    assert lines == [2, 3]


def test_a_base_image(archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "base.tar").write_bytes(tars.old_archive(LAYERS[:1], tag="base:1"))
    found = document([archive, "--base", str(tmp_path / "base.tar")], capsys)
    assert (found["dead_own"], found["dead_base"]) == (0, 3)
    (tmp_path / "base.tar").write_bytes(tars.old_archive(LAYERS[1:], tag="base:1"))
    assert run(["image", archive, "--base", str(tmp_path / "base.tar")]) == 2
    assert "is not built on" in capsys.readouterr().err


def test_several_images(archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.tar").write_bytes(tars.old_archive(LAYERS[:1], tag="other:1"))
    found = document([archive, str(tmp_path / "other.tar")], capsys)
    assert (found["total"], found["unique"]) == (15, 10)
    assert run(["image", archive, str(tmp_path / "other.tar")]) == 0
    assert "every layer stored once: 10 B of 15 B" in capsys.readouterr().out


def figures(found: dict[str, object]) -> dict[str, tuple[float, str]]:
    return {one["name"]: (one["value"], one["basis"]) for one in found["figures"]}  # type: ignore[attr-defined]


def test_compressed_bytes(archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "compressed" not in figures(document([archive], capsys))
    expected = sum(len(zlib.compress(layer, 6, wbits=31)) for layer in LAYERS)
    assert figures(document([archive, "--compressed"], capsys))["compressed"] == (expected, "estimated")
    packed = tars.oci_tar(tars.oci_files({"linux/amd64": LAYERS}))
    (tmp_path / "oci.tar").write_bytes(packed)
    total = sum(len(gzip.compress(layer)) for layer in LAYERS)
    for options in ([], ["--compressed"]):
        found = figures(document([str(tmp_path / "oci.tar"), *options], capsys))
        assert found["compressed"] == (total, "measured")
        assert found["dead_compressed"][1] == "estimated"


def test_a_folder_with_a_link_that_leads_out_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret").write_text("[]")
    (tmp_path / "oci").mkdir()
    (tmp_path / "oci" / "index.json").symlink_to(tmp_path / "secret")
    assert run(["image", str(tmp_path / "oci")]) == 2
    assert "leads out of the folder" in capsys.readouterr().err


def test_secrets_in_a_history_are_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = [{"created_by": "RUN /bin/sh -c curl -H 'Authorization: Bearer sk-abcdefghijklmnopqrstuvwxyz012345' x"},
               {"created_by": "ENV DB_PASSWORD=hunter2hunter2"}]  # fmt: skip
    history[1]["empty_layer"] = True  # type: ignore[assignment]
    (tmp_path / "app.tar").write_bytes(tars.old_archive(LAYERS[:1], history=history))
    for form in ("json", "terminal"):
        assert run(["image", str(tmp_path / "app.tar"), "--format", form]) == 0
        shown = capsys.readouterr().out
        assert "sk-abcdef" not in shown
        assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"#!/bin/sh\n", "is no tar archive"),
        (tars.tar([Item("etc/passwd", b"x")]), "holds no image"),
        (tars.tar([Item("manifest.json", b'[{"Config":"../x","Layers":[]}]')]), "outside itself"),
        (tars.tar([Item("manifest.json", b'[{"Config":"x.json","Layers":["y"]}]')]), "x.json' is missing"),
        (tars.tar([Item("manifest.json", b'{"Config":')]), "manifest.json"),
        (tars.tar([Item("manifest.json", b"[" * 100_000)]), "manifest.json"),
        (tars.old_archive(LAYERS)[:3000], "ends"),
    ],
)
def test_what_cannot_be_read_is_said_and_ends_in_2(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.tar").write_bytes(content)
    assert run(["image", str(tmp_path / "app.tar")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "internal" not in error


def test_standard_input_that_is_a_terminal_or_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream in (Terminal(), None):
        monkeypatch.setattr(sys, "stdin", stream)
        assert run(["image", "-"]) == 2
        assert "none comes" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["./no-such-file", "no-such-file.tar", "no-such-file.tar.gz"])
def test_nothing_of_that_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped archive is not looked for in an engine."""
    assert run(["image", name]) == 2
    assert f"{name} does not exist" in capsys.readouterr().err


def test_an_index_whose_image_is_missing_is_not_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = {"schemaVersion": 2, "manifests": [{"digest": "sha256:" + "a" * 64, "size": 2}]}
    (tmp_path / "app.tar").write_bytes(tars.tar([Item("index.json", json.dumps(index).encode())]))
    assert run(["image", str(tmp_path / "app.tar")]) == 2
    assert "its index names sha256:aaaa" in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_told_before_the_work(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(archive).write_bytes(b"no archive, so reading it would be told")
    for target in (tmp_path / "none" / "x.json", tmp_path):
        assert run(["image", archive, "-o", str(target)]) == 2
        assert f"cannot write {target}" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["--dockerfile", "--root"])
def test_a_dockerfile_that_does_not_fit_is_told(
    how: str, archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(archive).parent / "Dockerfile"
    path.write_text("FROM scratch\nCOPY other /else\nRUN other\n")
    given = path if how == "--dockerfile" else path.parent
    skipped = document([archive, how, str(given)], capsys)["skipped"]
    assert [one["what"] for one in skipped] == [str(given)]  # type: ignore[attr-defined]


def test_names_that_would_drive_a_terminal_are_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = [tars.tar([Item("evil\x1b[2J\udcff", b"x" * 9)]), tars.tar([Item(".wh.evil\x1b[2J\udcff")])]
    (tmp_path / "app.tar").write_bytes(tars.old_archive(layers))
    assert run(["image", str(tmp_path / "app.tar")]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "evil\\x1b[2J\\xff" in shown
