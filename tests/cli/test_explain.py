"""`dockwright explain`: rules, and lines of files."""

import json

import pytest

from tests.cli.conftest import BROKEN

FILES = {
    **BROKEN,
    "Dockerfile": (
        "ARG TAG=3.12\nFROM python:${TAG}-slim AS base\nENV HOME_DIR=/app\nFROM base\n"
        "COPY --chown=1:1 app.py $HOME_DIR/\nRUN echo $HOME_DIR\n"
    ),
    "compose.yaml": "name: shop\nservices:\n  web:\n    build:\n      context: .\n    ports:\n      - ${PORT:-8080}:80\n",
    "up.sh": "docker compose down -v\n",
}


@pytest.fixture
def explain(make, dockwright, monkeypatch):
    monkeypatch.chdir(make(FILES))

    def call(subject: str) -> str:
        ran = dockwright("explain", subject)
        assert ran.code == 0, ran.err
        return ran.out

    return call


def test_a_rule_by_its_name_and_by_what_others_call_it(dockwright) -> None:
    page = dockwright("explain", "copy-source-ignored").out
    assert page.startswith("copy-source-ignored: ")
    for part in (
        "severity critical",
        "What to do:",
        "Found in this",
        "# dockwright: ignore[copy-source-ignored]",
    ):
        assert part in page
    assert dockwright("explain", "buildkit:CopyIgnoredFile").out == page
    assert dockwright("explain", "CopyIgnoredFile").out == page
    assert json.loads(dockwright("explain", "copy-source-ignored", "--format", "json").out)["examples"]


def test_the_list_names_every_rule(dockwright) -> None:
    from dockwright.rules.catalogue import all_rules

    listed = {line.split()[0] for line in dockwright("explain", "--list").out.splitlines()}
    assert listed == {rule.id for rule in all_rules()}


def test_an_instruction(explain) -> None:
    out = explain("Dockerfile:5")
    for part in (
        "COPY --chown=1:1 app.py $HOME_DIR/",
        "stage 2 of 2, without a name; its image ships",
        "built on stage `base`  [Dockerfile:2]",
        "base: image `python:3.12-slim`",
        "`$HOME_DIR/` becomes `/app/`",
        "HOME_DIR=/app (ENV)  [Dockerfile:3]",
        "the ignore file hides it  [.dockerignore:1]",
        "compose for `web`, context `.`: runs it",
        "critical[copy-source-ignored]",
        "who uses the file:",
    ):
        assert part in out


def test_variables_of_from_and_of_shell_form(explain) -> None:
    assert "TAG=3.12 (ARG before the first FROM)  [Dockerfile:1]" in explain("Dockerfile:2")
    assert "HOME_DIR=/app (ENV)  [Dockerfile:3]" in explain("Dockerfile:6")


def test_a_service(explain) -> None:
    out = explain("compose.yaml:7")
    for part in (
        "- ${PORT:-8080}:80",
        "`web`, lines 3 to 7",
        "port: 8080:80 (written `${PORT:-8080}:80`)",
        "a clean clone cannot build it; context `.`  [Dockerfile]",
        "PORT: `8080` when it is not set",
    ):
        assert part in out


def test_a_command_of_a_script(explain) -> None:
    out = explain("up.sh:1")
    assert "docker compose down" in out
    assert "removes" in out
    assert "high[destroys-data]" in out or "medium[destroys-data]" in out


def test_other_files_and_empty_lines(explain) -> None:
    assert "rests on it" in explain(".dockerignore:1")


def test_json(make, dockwright) -> None:
    root = make(FILES)
    found = json.loads(dockwright("explain", "Dockerfile:5", "--root", root, "--format", "json").out)
    assert [section["title"] for section in found["sections"]][:2] == ["the instruction", "the stage"]
