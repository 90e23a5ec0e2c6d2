"""Every recorded case gives what Compose gave, for both recorded versions, except the differences that are named."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dockwright.compose.load import render_yaml
from tests.compose.load import cases, library_cases

HERE = Path(__file__).parent
CASES = "conformance/compose_cases.jsonl"


def named() -> dict[tuple[str, str], str]:
    """The named differences."""
    rows = tomllib.loads((HERE / "differences.toml").read_text())["difference"]
    return {(row["case"], row["version"]): row["cause"] for row in rows}


def rows(corpus: Path, *kinds: str) -> list[dict[str, Any]]:
    with (corpus / CASES).open() as lines:
        return [row for row in map(json.loads, lines) if row["kind"] in kinds]


@pytest.mark.slow
@pytest.mark.parametrize(("version", "semantics"), [("recorded", cases.RECORDED), ("head", cases.NEWEST)])
def test_config(corpus: Path, version: str, semantics: Any):
    """Canonical output or class of error and exit code, of `docker compose config`."""
    known = {case for case, of in named() if of == version}
    wrong: dict[str, Any] = {}
    compared = 0
    for row in rows(corpus, "config"):
        wanted = cases.expected(row, version)
        if wanted is None:
            continue
        compared += 1
        got = cases.outcome(row, semantics)
        if row.get("nondeterministic") and got[0] == wanted[0] == "error":
            continue
        if "--images" in row["argv"]:  # in an order Compose leaves to chance
            got, wanted = (sorted(one[1].splitlines()) for one in (got, wanted))
        if got != wanted:
            wrong[row["id"]] = (got, wanted)
    assert compared > 1_380
    assert not (wrong.keys() - known), {key: wrong[key] for key in sorted(wrong.keys() - known)[:5]}
    assert known <= wrong.keys(), f"no difference any more: {sorted(known - wrong.keys())}"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("load", 341), ("merge", 66), ("normalize", 8), ("unicity", 4)])
def test_library(corpus: Path, kind: str, count: int):
    """What compose-go's own tests load, merge, normalise and make unique."""
    found = rows(corpus, kind)
    assert len(found) == count
    wrong = {}
    for row in found:
        got, wanted = library_cases.played(row)
        if got != wanted:
            wrong[row["id"]] = (got, wanted)
    assert not wrong, dict(list(wrong.items())[:3])


@pytest.mark.slow
def test_yaml(corpus: Path):
    """The YAML text compose-go writes, byte for byte."""
    found = [row for row in rows(corpus, "load") if row.get("expected_yaml") and not row.get("error")]
    assert len(found) == 280
    wrong = []
    for row in found:
        project = library_cases.loaded(row).project
        assert project is not None, row["id"]
        got = render_yaml.text(project, escape=False)
        if got != library_cases.at(row, row["expected_yaml"]):
            wrong.append(row["id"])
    assert wrong == [
        "compose-go/load/loader.TestLoadSSHWithKeysValuesInBuildConfig#1"
    ]  # keys in an order of chance


@pytest.mark.slow
def test_equivalences(corpus: Path):
    """Two ways of writing one project give one model, and where Compose says they differ, two."""
    found = rows(corpus, "equivalence")
    assert len(found) == 18
    for row in found:
        first, second = (_canonical(row, row[argv]) for argv in ("argv_a", "argv_b"))
        assert (first == second) is row["equal"], row["id"]


def _canonical(row: dict[str, Any], argv: list[str]) -> Any:
    kind, model, _ = cases.outcome({**row, "cwd": "."}, cases.RECORDED, argv)
    if kind == "error":
        assert row["equal"] is False, (row["id"], model)
        return model
    if "services.*.profiles" in row["modulo"]:
        for service in model["services"].values():
            service.pop("profiles", None)
    if "x-*" in row["modulo"]:
        return {key: value for key, value in model.items() if not key.startswith("x-")}
    return model


def test_differences_are_few(corpus: Path):
    """At most one case in a hundred."""
    assert len({case for case, _ in named()}) <= len(rows(corpus, "config")) / 100
