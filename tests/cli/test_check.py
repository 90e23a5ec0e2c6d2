"""`dockwright check` over directories and single files."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.cli.conftest import BROKEN, GOOD, process

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"
ONLY = ("--rule", "copy-source-ignored")


def test_a_directory_is_checked_with_cross_file_rules(make, dockwright, monkeypatch) -> None:
    monkeypatch.chdir(make(BROKEN))
    ran = dockwright("check", *ONLY)
    assert ran.code == 1
    first, *_, last = ran.out.splitlines()
    assert first.startswith("Dockerfile:2:6: critical[copy-source-ignored] copies `app.py`")
    assert last.startswith("1 finding (1 critical); ")


def test_paths_are_as_seen_from_the_working_directory(make, dockwright, monkeypatch) -> None:
    root = make(BROKEN)
    monkeypatch.chdir(root.parent)
    assert dockwright("check", "repository", *ONLY).out.startswith("repository/Dockerfile:2:6: ")
    assert dockwright("check", f"{root}/", *ONLY).out.startswith(f"{root}/Dockerfile:2:6: ")


def test_nothing_found_is_clean(make, dockwright) -> None:
    ran = dockwright("check", make(GOOD), "--rule", "copy-source-ignored")
    assert (ran.code, ran.out.splitlines()[0].split(";")[0]) == (0, "no findings")


@pytest.mark.parametrize(("level", "code"), [("critical", 1), ("note", 1), ("never", 0)])
def test_fail_on(level: str, code: int, make, dockwright) -> None:
    assert dockwright("check", make(BROKEN), *ONLY, "--fail-on", level).code == code


def test_exclusion(make, dockwright) -> None:
    ran = dockwright("check", make(BROKEN), "--exclude-rule", "copy-source-ignored", "--format", "json")
    assert "copy-source-ignored" not in ran.out


def test_one_file_is_checked_alone_and_says_so(make, dockwright, monkeypatch) -> None:
    text = "FROM python:3.12\nENV DB_PASSWORD=Tr0ub4dor-and-3\nCOPY conftest.py /app/ 2>/dev/null || true\n"
    monkeypatch.chdir(make({"docker/Dockerfile": text}))
    ran = dockwright("check", "docker/Dockerfile")
    assert ran.code == 1
    assert "docker/Dockerfile:3:" in ran.out
    assert "[copy-shell-syntax]" in ran.out
    assert "[secret-in-image]" in ran.out
    assert "Tr0ub4dor" not in ran.out
    assert "rules that look across files were left out: give `dockwright check` the directory" in ran.out


def test_one_file_is_not_judged_by_what_only_the_repository_knows(make, dockwright, monkeypatch) -> None:
    monkeypatch.chdir(make({}))
    Path("Dockerfile").write_text(
        "ARG BASE=3.12\nFROM python:${BASE} AS build\nCOPY missing /x\nFROM build AS dev\nUSER 1000\nFROM build\nUSER 1000\n",
        "utf-8",
    )
    ran = dockwright("check", "Dockerfile", "--format", "json")
    found = {one["rule"] for one in json.loads(ran.out)["findings"]}
    assert not found & {"copy-source-missing", "dead-file", "unused-stage", "undeclared-build-argument"}


def test_files_of_every_kind(make, dockwright, monkeypatch) -> None:
    monkeypatch.chdir(
        make(
            {
                "compose.yaml": "services:\n  a:\n    image: x:1\n    privileged: true\n",
                "docker-bake.hcl": 'target "a" {\n  dockerfile = "x"\n}\n',
                "clean.sh": "docker system prune -af --volumes\n",
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker system prune -af\n",
            }
        )
    )
    for path, rule in (
        ("compose.yaml", "privileged-service"),
        ("docker-bake.hcl", ""),
        ("clean.sh", "destroys-data"),
        (".github/workflows/ci.yml", "destroys-data"),
    ):
        ran = dockwright("check", path)
        assert ran.code in {0, 1}, ran.err
        assert rule in ran.out


def test_configuration_of_the_repository_holds_for_its_files(make, dockwright, monkeypatch) -> None:
    accepted = '[[ignore.findings]]\nrule = "copy-shell-syntax"\npath = "docker/*"\nreason = "x"\n'
    files = {"docker/Dockerfile": "FROM a:1\nCOPY a b || true\n", "dockwright.toml": accepted}
    monkeypatch.chdir(make(files))
    assert "copy-shell-syntax" not in dockwright("check", "docker/Dockerfile").out
    monkeypatch.chdir("docker")
    assert "copy-shell-syntax" not in dockwright("check", "Dockerfile").out


def test_json_is_what_the_schema_says(make, dockwright) -> None:
    ran = dockwright("check", make(BROKEN), "--format", "json")
    schema = json.loads((SCHEMAS / "check-1.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(json.loads(ran.out))
    assert json.loads(ran.out)["findings"]


def test_github_commands(make, dockwright, monkeypatch) -> None:
    monkeypatch.chdir(make(BROKEN))
    ran = dockwright("check", *ONLY, "--format", "github", "--quiet")
    assert ran.code == 1
    (line,) = ran.out.splitlines()
    assert line.startswith(
        "::error file=Dockerfile,line=2,col=6,endLine=2,endColumn=12,title=critical%3A copy-source-ignored::copies `app.py`"
    )


def test_a_fingerprint_survives_moved_lines(make, dockwright) -> None:
    def prints(files: dict[str, str]) -> list[str]:
        found = json.loads(dockwright("check", make(files), *ONLY, "--format", "json").out)["findings"]
        return [one["fingerprint"] for one in found]

    first = prints(BROKEN)
    assert first
    assert prints({**BROKEN, "Dockerfile": "# a\n# b\n" + BROKEN["Dockerfile"]}) == first


@pytest.mark.slow
def test_a_process_ends_with_the_code_and_nothing_on_stderr(make) -> None:
    ran = process("check", make(BROKEN))
    assert (ran.returncode, ran.stderr) == (1, "")
