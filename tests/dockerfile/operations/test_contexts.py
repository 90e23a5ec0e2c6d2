"""Named contexts: folders, images, repositories, URLs."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.llb import as_llb
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.settings import BaseImage, Settings

IMAGES = {"docker.io/library/debian:12": BaseImage(env=(("PATH", "/p"),), working_dir="/w", layers=("l",))}


def operations(text: str, **sources: str):
    names = {name.replace("_", "-"): source for name, source in sources.items()}
    settings = Settings(contexts=frozenset(names), context_sources=names, images=IMAGES, symbolic=True)
    graph = build_graph(parse(text.encode()).build(settings).target())
    assert isinstance(graph, BuildGraph), graph
    return as_llb(graph.operations)


@pytest.mark.parametrize(
    ("source", "identifier"),
    [
        ("./folder", "local://other"),
        ("docker-image://debian:12", "docker-image://docker.io/library/debian:12"),
        ("https://h/r.git#v1:sub", "git://h/r.git#v1:sub"),
        ("https://h/f.tgz", "https://h/f.tgz"),
    ],
)
def test_copied_from(source, identifier):
    found = operations("FROM debian:12\nCOPY --from=other a /b\n", other=source)
    assert identifier in {one.get("identifier") for one in found}


def test_an_image_in_place_of_another():
    found = operations("FROM python:3\nRUN x\n", **{"python:3": "docker-image://debian:12"})
    assert found[0]["identifier"] == "docker-image://docker.io/library/debian:12"
    assert found[0]["name"] == "[context python:3] debian:12"
    assert found[1]["exec"]["meta"]["env"] == ["PATH=/p"]
    assert found[1]["exec"]["meta"]["cwd"] == "/w"


def test_a_folder_as_a_base_has_no_settings():
    found = operations("FROM base\nRUN x\n", base=".")
    assert found[1]["exec"]["meta"]["cwd"] == "/"
    assert found[1]["exec"]["meta"]["env"][0].startswith("PATH=/usr/local/sbin")


def test_a_stage_replaced_by_a_context():
    found = operations("FROM a AS b\nRUN never\nFROM c\nCOPY --from=b x /y\n", b="docker-image://debian:12")
    assert [one["kind"] for one in found] == ["source", "source", "file"]
    assert {one["identifier"] for one in found[:2]} == {
        "docker-image://docker.io/library/c:latest",
        "docker-image://docker.io/library/debian:12",
    }


def test_scratch_as_a_context():
    found = operations("FROM base\nCOPY a /b\n", base="docker-image://scratch")
    assert [one["kind"] for one in found] == ["source", "file"]
