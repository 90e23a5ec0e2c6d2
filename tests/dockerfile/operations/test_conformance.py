"""BuildKit's Dockerfile2LLB, run on 194 Dockerfiles, against our build graphs: operations, inputs, names, lines."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.engine import Engine
from dockwright.dockerfile.operations.llb import as_llb
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.settings import BaseImage, Settings
from tests.dockerfile import buildkit_form

ONLY_A_REGISTRY_KNOWS = {
    "copy_from_missing": "docker.io/library/nope:latest",
    "mount/bind_from_missing": "docker.io/library/nope:latest",
    "bad_ref": "UPPER/case:latest",
}
"""Images that do not exist. We ask no registry: the graph is made, and names them as unknown."""
Row = dict[str, Any]


@pytest.fixture(scope="module")
def recorded(corpus: Path) -> list[Row]:
    text = (corpus / "conformance" / "llb_cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def graph_of(row: Row, images: dict[str, BaseImage], dialect: Dialect) -> BuildGraph | Problem:
    target = row.get("target", "")
    settings = Settings(args=row.get("build_args", {}), target=target, images=images)
    tree = parse(row["dockerfile"].encode(), dialect=dialect)
    return build_graph(tree.build(settings).target(target), Engine(frontend=dialect))


def comparable(operations: list[Row]) -> list[Row]:
    """Without what is no part of the work: image digests (made up in the cases), progress groups, defaults written out."""
    found = []
    for one in json.loads(json.dumps(operations)):
        one.pop("command", None)
        one.pop("progress_group", None)
        one["name"] = re.sub(r"@sha256:\w+", "", one["name"])
        if "identifier" in one:
            one["identifier"] = re.sub(r"@sha256:\w+$", "", one["identifier"])
        for mount in one["exec"]["mounts"] if "exec" in one else ():
            for field in ("input", "output"):
                if mount.get(field) == 0:
                    del mount[field]
        found.append(one)
    return found


@pytest.mark.parametrize(
    ("key", "dialect", "cases"),
    [("expected", Dialect.LATEST, 194), ("expected_0_13", Dialect.V0_13, 21)],
    ids=["newest", "0.13"],
)
def test_every_case(recorded, key, dialect, cases):
    images = buildkit_form.base_images(recorded[0]["images"])
    compared = 0
    for row in recorded[1:]:
        expected = row.get(key)
        if expected is None or expected.get("ops", "error") is None:
            continue  # 0.13 panics on a file of ARGs only
        graph = graph_of(row, images, dialect)
        compared += 1
        if row["name"] in ONLY_A_REGISTRY_KNOWS:
            assert isinstance(graph, BuildGraph)
            assert ONLY_A_REGISTRY_KNOWS[row["name"]] in graph.unknown_images
        elif "error" in expected:
            assert isinstance(graph, Problem), row["name"]
            assert graph.text == expected["error"], row["name"]
        else:
            assert isinstance(graph, BuildGraph), row["name"]
            assert comparable(as_llb(graph.operations)) == comparable(expected["ops"]), row["name"]
            assert graph.unknown_images == (), row["name"]
    assert compared == cases
