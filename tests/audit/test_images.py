"""Facts about images, from small repositories."""

import pytest

from dockwright.audit.images import images
from dockwright.audit.model import Image
from dockwright.repository.inventory import build
from dockwright.trees.memory import MemoryTree


def one(dockerfile: str, **files: str) -> Image:
    (found,) = many(dockerfile, **files)
    return found


def many(dockerfile: str, **files: str) -> list[Image]:
    named = {name.replace("_", "."): text for name, text in files.items()}
    return images(build(MemoryTree({"Dockerfile": dockerfile, **named})))


STACK = "services:\n  web:\n    build: .\n"


def test_the_plain_facts() -> None:
    image = one(
        "ARG V=3.12\nFROM python:$V-slim AS deps\nRUN apt-get update && apt-get install -y gcc libpq5\n"
        "FROM deps\nRUN --mount=type=cache,target=/root/.cache pip install x\nUSER app\nEXPOSE 8000 80/tcp\n"
        'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["python", "app.py"]\nHEALTHCHECK CMD true\n'
    )
    assert image.base == "python:3.12-slim"
    assert (image.stages, image.stages_used) == (2, 2)
    assert [(tool.name, tool.place.line) for tool in image.build_tools] == [("gcc", 3)]
    assert (image.user, image.runs_as_root) == ("app", False)
    assert (image.health_check, image.init, image.cache_mounts) == ("Dockerfile", "tini", 1)
    assert image.entry == "/usr/bin/tini -- python app.py"
    assert image.ports == ["80/tcp", "8000/tcp"]


def test_tools_of_a_stage_that_does_not_ship_or_that_are_removed_are_not_left() -> None:
    assert one("FROM a:1 AS b\nRUN apt-get install -y gcc\nFROM a:1\nCOPY --from=b /x /x\n").build_tools == []
    removed = "FROM alpine:3\nRUN apk add --no-cache --virtual .deps gcc musl-dev && pip install x && apk del .deps\n"
    assert one(removed).build_tools == []
    assert (
        one("FROM debian:12\nRUN apt-get install -y gcc && make && apt-get purge -y gcc\n").build_tools == []
    )


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("FROM python:3.12\n", True),
        ("FROM scratch\n", True),
        ("FROM python:3.12\nUSER root\n", True),
        ("FROM python:3.12\nUSER 0:0\n", True),
        ("FROM python:3.12\nUSER 1000\n", False),
        ("FROM registry.example.com/base:1\n", None),
        ("FROM python:3.12\nARG WHO\nUSER $WHO\n", None),
    ],
)
def test_who_runs_it(text: str, root: bool | None) -> None:
    assert one(text).runs_as_root is root


def test_what_compose_adds() -> None:
    stack = STACK + (
        "    user: '1000'\n    init: true\n    healthcheck:\n      test: [CMD, 'true']\n"
        "    deploy:\n      resources:\n        limits:\n          memory: ${MEM:-2G}\n          cpus: '0.5'\n"
    )
    image = one("FROM python:3.12\n", compose_yaml=stack)
    assert (image.runs_as_root, image.init, image.health_check) == (False, "compose", "compose")
    assert [(limit.path, limit.service, limit.memory, limit.cpus) for limit in image.limits] == [
        ("compose.yaml", "web", "2G", "0.5")
    ]
    assert image.services == ["web"]
    assert [str(place) for place in image.built_by] == ["compose.yaml:3"]


def test_a_stage_that_builds_ask_for_is_an_image_of_its_own() -> None:
    text = "FROM python:3.12 AS base\nFROM base AS dev\nUSER dev\nFROM base AS prod\n"
    found = many(text, compose_yaml=STACK.replace("build: .", "build:\n      context: .\n      target: dev"))
    assert [(image.target, image.user, image.stages_used) for image in found] == [("dev", "dev", 2)]


def test_caches_and_order_of_stages_that_are_copied_from_count() -> None:
    image = one(
        "FROM python:3.12 AS build\nCOPY . .\nRUN --mount=type=cache,target=/c pip install -r requirements.txt\n"
        "FROM python:3.12\nCOPY --from=build /x /x\nFROM python:3.12 AS unused\nFROM python:3.12\nCOPY --from=build /x /x\n"
    )
    assert (image.stages_used, image.stages, image.cache_mounts, len(image.layer_order)) == (2, 4, 1, 1)


def test_layer_order() -> None:
    (remark,) = one("FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n").layer_order
    assert remark.startswith("`COPY . .` in line 2 comes before `pip install` in line 3")
    assert (
        one(
            "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
        ).layer_order
        == []
    )


@pytest.mark.parametrize(
    "text", ["", "\0\xff" * 50, "FROM", "RUN x", "FROM a AS b\nFROM b AS a\nCOPY --from=x y z", "FROM $X\n"]
)
def test_broken_files_have_no_or_odd_images_and_never_fail(text: str) -> None:
    assert isinstance(many(text), list)


def test_a_compose_file_nobody_loads_runs_no_service() -> None:
    tree = {"Dockerfile": "FROM alpine:3\n", "old/stack.yml": "services:\n  api:\n    build: ..\n"}
    (image,) = images(build(MemoryTree(tree)))
    assert image.services == []
