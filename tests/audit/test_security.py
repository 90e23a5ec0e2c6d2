"""The security summary: each topic in compose files and in what scripts and workflows start."""

import pytest

from dockwright.audit.model import Topic
from dockwright.audit.run import audit
from dockwright.trees.memory import MemoryTree


def topic(name: str, files: dict[str, str]) -> Topic:
    found = audit(MemoryTree(files), rules=())
    return next(one for one in found.security if one.id == name)


def places(name: str, files: dict[str, str]) -> list[str]:
    return list(map(str, topic(name, files).places))


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("privileged", "--privileged"),
        ("privileged", "--cap-add SYS_ADMIN"),
        ("privileged", "--cap-add=CAP_NET_ADMIN"),
        ("host", "--network host"),
        ("host", "--net=host"),
        ("host", "--pid=host"),
        ("sockets", "-v /var/run/docker.sock:/var/run/docker.sock"),
    ],
)
def test_what_a_script_runs_counts(name: str, option: str) -> None:
    script = f"#!/bin/sh\ntrue\ndocker run {option} alpine:3.20\n"
    workflow = (
        f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker run {option} alpine:3.20\n"
    )
    found = places(name, {"run.sh": script, ".github/workflows/ci.yml": workflow})
    assert found == ["run.sh:3", ".github/workflows/ci.yml:6"]


@pytest.mark.parametrize("name", ["privileged", "host", "sockets"])
def test_what_is_not_there_has_no_places(name: str) -> None:
    script = "docker run --cap-add NET_BIND_SERVICE --network mine -v data:/var/run/docker alpine:3.20\n"
    assert places(name, {"run.sh": script}) == []


def test_a_service_that_is_privileged() -> None:
    text = "services:\n  a:\n    image: x:1\n    privileged: true\n    network_mode: host\n"
    assert places("privileged", {"compose.yaml": text}) == ["compose.yaml:4"]
    assert places("host", {"compose.yaml": text}) == ["compose.yaml:5"]
