"""One image in every form that engines save it in, and by name out of the engine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dockwright.cli.main import run
from dockwright.image.source import images_in
from tests.lab import images
from tests.lab import podman as pods
from tests.lab.engine import docker

pytestmark = [pytest.mark.engine, pytest.mark.slow]
TEXT = (
    "FROM {base}\nENV A=b\nCOPY file /srv/\nRUN echo hi > /a && ln /a /b && chmod 700 /srv/file\nRUN rm /a\n"
)
NAME = "dockwright-test-forms"
FORMS = ("docker-archive", "oci-archive", "oci-dir", "docker-dir")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("forms")
    (root / "file").write_bytes(b"1" * 5000)
    return root


@pytest.fixture(scope="module")
def of_podman(podman: None, context: Path) -> Iterator[Path]:
    (context / "Podmanfile").write_text(TEXT.format(base=pods.BUSYBOX))
    built = pods.podman("build", "-q", "-t", NAME, "-f", str(context / "Podmanfile"), str(context))
    assert built.returncode == 0, built.stderr
    yield context
    pods.podman("rmi", "--force", f"localhost/{NAME}")


@pytest.fixture(scope="module")
def of_docker(engine: None, context: Path) -> Iterator[Path]:
    (context / "Dockerfile").write_text(TEXT.format(base=images.busybox()))
    docker("build", "--quiet", "--tag", NAME, str(context))
    yield context
    docker("rmi", "--force", NAME, check=False)


def test_every_form_holds_the_same_layers(of_podman: Path, tmp_path: Path) -> None:
    found = {}
    for form in FORMS:
        done = pods.podman("save", "-q", "--format", form, "-o", str(tmp_path / form), f"localhost/{NAME}")
        assert done.returncode == 0, done.stderr
        (image,) = images_in(str(tmp_path / form))
        found[form] = ([layer.entries for layer in image.layers], image.digest, image.config)
    assert all(one == found["oci-dir"] for one in found.values())
    assert len(found["oci-dir"][0]) == 4


def report(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["image", *arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def lines(found: dict[str, Any]) -> list[int]:
    return [row["place"]["line"] for row in found["instructions"] if row["place"]]


def test_by_name_out_of_docker(of_docker: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--dockerfile", str(of_docker / "Dockerfile")]
    found = report([NAME, "--engine", "docker", *options], capsys)
    assert (found["dead_by_cause"], found["dead_own"]) == ({"chmod": 5000}, 5000)
    assert found["base"] == {
        "layers": 1, "name": images.BUSYBOX, "how": "its layers are the lowest of the image's", "sure": True,
    }  # fmt: skip
    assert lines(found) == [2, 3, 4, 5]
    docker("save", "--output", str(tmp_path / "saved.tar"), NAME)
    saved = report([str(tmp_path / "saved.tar"), *options], capsys)
    assert (saved["base"]["layers"], saved["base"]["sure"]) == (1, True)
    for key in ("layers", "instructions", "wins", "packages", "id", "tags", "dive"):
        assert saved[key] == found[key]


def test_by_name_out_of_podman(of_podman: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--engine", "podman", "--dockerfile", str(of_podman / "Podmanfile")]
    found = report([f"localhost/{NAME}", *options], capsys)
    assert (found["dead_by_cause"], found["base"]["layers"]) == ({"chmod": 5000}, 1)
    assert lines(found) == [2, 3, 4, 5]


def test_an_image_the_engine_does_not_have(engine: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["image", "no-such-image-of-anybody", "--engine", "docker"]) == 2
    assert "no-such-image-of-anybody" in capsys.readouterr().err
