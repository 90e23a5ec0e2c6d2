"""`dockwright replay` from the outside: figures, formats, alternatives, what is not there."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dockwright.report.replay.as_json import schema_text
from tests.trees.fast_import import Content, Made, history, text
from tests.trees.repositories import git

BEFORE = (
    "FROM python:3.12\nWORKDIR /app\nCOPY . /app\nRUN apt-get update && apt-get install -y gcc\nRUN make\n"
)
AFTER = (
    "FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc\nCOPY . /app\nRUN make\n"
)
COMPOSE = "services:\n  web:\n    build: {context: ., dockerfile: docker/web.Dockerfile}\n"


def commits(count: int = 20) -> list[Made]:
    """Ten commits to code, ten to documentation."""
    files: dict[str, Content | None] = {
        "docker/web.Dockerfile": text(BEFORE),
        "compose.yaml": text(COMPOSE),
        "a.py": text("0"),
    }
    made = [Made(files)]
    for number in range(count):
        made.append(Made({"a.py" if number % 2 else "docs/x.md": text(str(number))}))
    return made


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return history(tmp_path / "r", commits())


def replayed(dockwright: Any, *arguments: object) -> dict[str, Any]:
    ran = dockwright("replay", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema_rs.validate(json.loads(schema_text()), found)
    return found


def test_steps_and_sources(dockwright: Any, repository: Path) -> None:
    found = replayed(dockwright, repository)
    (one,) = found["dockerfiles"]
    assert (one["path"], one["context"], one["commits"]) == ("docker/web.Dockerfile", ".", 21)
    assert one["untouched"] == 0
    assert [(step["line"], step["instruction"], step["hits"], step["misses"]) for step in one["steps"]] == [
        (2, "WORKDIR", 21, 0),
        (3, "COPY", 0, 21),
        (4, "RUN", 0, 21),
        (5, "RUN", 0, 21),
    ]
    assert one["steps"][2]["sources"] == [
        {"source": ".", "line": 3, "changed": 21, "misses": 21, "first": 21}
    ]
    assert one["sends_git"] is True
    assert one["orders"][0]["lines"] == [2, 4, 3, 5]
    assert one["orders"][0]["after"]["value"] < one["orders"][0]["before"]["value"]


def test_alternatives_stand_beside(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "new").write_text(AFTER)
    (tmp_path / "ignore").write_text("docs\n*.yaml\n")
    found = replayed(
        dockwright, repository, "--what-if", tmp_path / "new", "--ignore-file", tmp_path / "ignore"
    )
    plain, other = found["dockerfiles"]
    assert plain["label"] == ""
    assert "new in its place" in other["label"]
    assert [step["misses"] for step in other["steps"]] == [0, 0, 11, 11]
    assert other["untouched"] == 10
    assert other["seconds"]["value"] < plain["seconds"]["value"]


def test_ranges_and_dates(dockwright: Any, repository: Path) -> None:
    assert replayed(dockwright, repository, "--range", "c10..c15")["commits"] == 5
    assert replayed(dockwright, repository, "--range", "c10..c15")["revision"] == git(
        repository, "rev-parse", "c15"
    )
    assert replayed(dockwright, repository, "--since", "1700000900 +0000")["commits"] == 6
    assert replayed(dockwright, repository, "--at", "c3")["commits"] == 4
    assert dockwright("replay", repository, "--range", "nothing..c3").code == 2
    assert dockwright("replay", repository, "--at", "nothing").code == 2


def test_given_times(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "times.toml").write_text('[seconds]\n"docker/web.Dockerfile:5" = 100\n')
    (one,) = replayed(dockwright, repository, "--times", tmp_path / "times.toml")["dockerfiles"]
    assert one["steps"][3]["seconds"]["value"] == 100
    assert one["steps"][3]["seconds"]["basis"] == "measured"
    assert one["seconds"]["basis"] == "assumed"
    (tmp_path / "times.toml").write_text("[seconds]\n")
    assert dockwright("replay", repository, "--times", tmp_path / "times.toml").code == 2


def test_definitions_of_each_commit(dockwright: Any, tmp_path: Path) -> None:
    made = [
        Made({"a": text("0")}),
        Made({"Dockerfile": text("FROM x\nCOPY a /\nRUN make\n")}),
        Made({"a": text("1")}),
        Made({"Dockerfile": text("FROM x\nCOPY a /\nRUN make it\n")}),
        Made({"Dockerfile": text("FROM x\nCOPY\n")}),
        Made({"Dockerfile": text("FROM x\nCOPY a /\nRUN make it\n"), ".dockerignore": text("b\n")}),
        Made({"README": text("1")}),
    ]
    found = replayed(dockwright, history(tmp_path / "r", made), "--definition", "per-commit")
    (one,) = found["dockerfiles"]
    assert one["commits"] == 5
    assert {item["reason"]: item["commits"] for item in one["undefined"]} == {
        "there is no such Dockerfile": 1,
        "COPY requires at least two arguments, but only one was provided. Destination could not be determined": 1,
    } or len(one["undefined"]) == 2
    texts = {step["text"]: (step["hits"], step["misses"], step["current"]) for step in one["steps"]}
    assert texts == {"COPY a /": (2, 3, True), "RUN make it": (1, 2, True), "RUN make": (0, 2, False)}


def test_renamed_dockerfiles_are_followed_when_asked(dockwright: Any, tmp_path: Path) -> None:
    lines = "FROM x\nWORKDIR /a\nCOPY a /\nRUN one\nRUN two\n"
    made = [
        Made({"Dockerfile": text(lines), "a": text("0")}),
        Made({"a": text("1")}),
        Made({"Dockerfile": None, "docker/api.Dockerfile": text(lines + "RUN three\n")}),
        Made({"a": text("2")}),
    ]
    folder = history(tmp_path / "r", made)
    options = (folder, "--definition", "per-commit", "--context", ".")
    assert replayed(dockwright, *options)["dockerfiles"][0]["commits"] == 2
    (one,) = replayed(dockwright, *options, "--follow")["dockerfiles"]
    assert one["commits"] == 4
    assert [step["hits"] for step in one["steps"]] == [3, 1, 1, 1, 0]


def test_all_formats(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    plain = dockwright("replay", repository, "--heat-map", tmp_path / "h.svg")
    assert plain.code == 0
    assert "0.0% of 21 commits need no rebuild" in plain.out
    marked = dockwright("replay", repository, "--format", "markdown")
    assert "| 4 | `RUN apt-get update && apt-get install -y gcc` | 0.0% | 21 |" in marked.out
    assert (tmp_path / "h.svg").read_text().startswith("<svg ")


def test_names_that_are_not_there(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    wrong = dockwright("replay", repository, "--dockerfile", "docker/web.dockerfile")
    assert wrong.code == 2
    assert "did you mean docker/web.Dockerfile?" in wrong.err
    assert dockwright("replay", tmp_path).code == 2
    empty = history(tmp_path / "e", [Made({"a": text("0")})])
    assert "no Dockerfile" in dockwright("replay", empty).err
