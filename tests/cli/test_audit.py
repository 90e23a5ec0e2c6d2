"""`dockwright audit` as people call it."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest

from tests.cli.conftest import BROKEN, GOOD, process

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"


def git(root: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *settings, *arguments], cwd=root, check=True, capture_output=True)


def test_it_exits_with_0_whatever_it_finds(make, dockwright) -> None:
    ran = dockwright("audit", make(BROKEN))
    assert ran.code == 0
    assert ran.err == ""
    assert "copy-source-ignored" in ran.out
    assert "(1 cannot be built)" in ran.out.splitlines()[-1]


@pytest.mark.parametrize(("level", "code"), [("critical", 1), ("low", 1), ("never", 0)])
def test_fail_on_makes_it_a_gate(level: str, code: int, make, dockwright) -> None:
    assert dockwright("audit", make(BROKEN), "--fail-on", level).code == code


def test_a_clean_repository_passes_any_gate(make, dockwright) -> None:
    assert dockwright("audit", make({"README.md": "nothing here\n"}), "--fail-on", "note").code == 0


def test_json_is_what_the_schema_says(make, dockwright) -> None:
    ran = dockwright("audit", make(BROKEN), "--format", "json")
    found = json.loads(ran.out)
    schema = json.loads((SCHEMAS / "audit-1.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(found)
    assert found["schema"] == "dockwright.audit/1"
    (dockerfile,) = found["inventory"]["dockerfiles"]
    assert (dockerfile["path"], dockerfile["status"], dockerfile["buildable"]) == (
        "Dockerfile",
        "live",
        False,
    )
    assert [use["path"] for use in dockerfile["used_by"]][:1] == ["compose.yaml"]
    finding = next(one for one in found["findings"] if one["rule"] == "copy-source-ignored")
    assert finding["location"] | {"snippet": "", "route": ""} == {
        "path": "Dockerfile",
        "line": 2,
        "column": 6,
        "end_line": 2,
        "end_column": 12,
        "snippet": "",
        "route": "",
    }


@pytest.mark.parametrize(("output", "way"), [("audit.md", ""), ("docs/deep/audit.md", "../../")])
def test_markdown_written_into_the_repository_links_to_its_files(
    make, dockwright, output: str, way: str
) -> None:
    root = make(BROKEN)
    target = root / output
    target.parent.mkdir(parents=True, exist_ok=True)
    assert dockwright("audit", root, "--format", "markdown", "-o", target).code == 0
    places = re.findall(r"\]\(([^)#]+)#L\d+\)", target.read_text("utf-8"))
    assert places
    for place in places:
        assert place.startswith(way)
        assert (target.parent / place).is_file()


def test_markdown_written_elsewhere_has_no_links_to_files(make, dockwright, tmp_path: Path) -> None:
    target = tmp_path / "audit.md"
    root = make(BROKEN)
    assert not target.is_relative_to(root)
    assert dockwright("audit", root, "--format", "markdown", "-o", target).code == 0
    assert "#L" not in target.read_text("utf-8")


def test_markdown_and_output_file(make, dockwright, tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("older", "utf-8")
    target.chmod(0o640)
    ran = dockwright("audit", make(BROKEN), "--format", "markdown", "-o", target)
    assert (ran.code, ran.out) == (0, "")
    assert target.read_text("utf-8").startswith("# Docker audit of repository\n")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.md"]


def test_quiet_prints_one_line(make, dockwright) -> None:
    assert len(dockwright("audit", make(BROKEN), "--quiet").out.splitlines()) == 1


def test_the_same_files_give_the_same_report(make, dockwright) -> None:
    root = make(BROKEN)
    for form in ("terminal", "markdown", "json"):
        assert (
            dockwright("audit", root, "--format", form).out == dockwright("audit", root, "--format", form).out
        )


def test_a_revision_is_audited_without_a_checkout(make, dockwright) -> None:
    root = make(BROKEN)
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    (root / ".dockerignore").unlink()
    git(root, "commit", "-am", "second")
    (root / "Dockerfile").write_text("FROM nowhere AS\n", "utf-8")
    before = json.loads(dockwright("audit", root, "--at", "HEAD~1", "--format", "json").out)
    after = json.loads(dockwright("audit", root, "--at", "HEAD", "--format", "json").out)
    assert [one["inventory"]["dockerfiles"][0]["buildable"] for one in (before, after)] == [False, True]
    assert before["subject"]["state"] == "commit"
    assert len(before["subject"]["revision"]) == 40
    assert (root / "Dockerfile").read_text("utf-8") == "FROM nowhere AS\n"
    assert dockwright("audit", root, "--at", "nonsense").code == 2


def test_a_folder_of_a_repository_at_a_revision(make, dockwright) -> None:
    root = make({f"part/{name}": text for name, text in GOOD.items()} | {"Dockerfile": "FROM scratch\n"})
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    found = json.loads(dockwright("audit", root / "part", "--at", "HEAD", "--format", "json").out)
    assert [one["path"] for one in found["inventory"]["dockerfiles"]] == ["Dockerfile"]
    assert found["inventory"]["dockerfiles"][0]["used_by"]


def test_names_that_are_not_utf8_survive_in_every_format(make, dockwright) -> None:
    root = make(GOOD)
    odd = bytes(root) + b"/caf\xe9.Dockerfile"
    with open(odd, "wb") as file:
        file.write(b"FROM scratch\nCOPY nothing /\n")
    for form in ("terminal", "markdown", "json"):
        ran = dockwright("audit", root, "--format", form)
        assert ran.code == 0
        assert "caf\\" in ran.out
        ran.out.encode("utf-8")


def test_configured_acceptance_is_counted_with_its_reason(make, dockwright) -> None:
    accepted = '[[ignore.findings]]\nrule = "copy-source-ignored"\nreason = "not built here"\n'
    root = make({**BROKEN, "dockwright.toml": accepted})
    found = json.loads(dockwright("audit", root, "--format", "json").out)
    assert [(one["finding"]["rule"], one["reason"], one["by"]) for one in found["suppressed"]] == [
        ("copy-source-ignored", "not built here", "configuration")
    ]
    assert "1 finding accepted" in " ".join(dockwright("audit", root).out.split())


def test_acceptance_runs_out(make, dockwright) -> None:
    accepted = '[[ignore.findings]]\nrule = "copy-source-ignored"\nreason = "x"\nuntil = "2020-01-01"\n'
    found = json.loads(
        dockwright("audit", make({**BROKEN, "dockwright.toml": accepted}), "--format", "json").out
    )
    assert found["suppressed"] == []


def test_a_comment_accepts_with_its_reason(make, dockwright) -> None:
    text = BROKEN["Dockerfile"].replace("COPY", "# dockwright: ignore[copy-source-ignored] made by CI\nCOPY")
    found = json.loads(dockwright("audit", make({**BROKEN, "Dockerfile": text}), "--format", "json").out)
    assert [(one["reason"], one["by"]) for one in found["suppressed"]] == [("made by CI", "comment")]


def test_a_pipe_gets_no_colour_and_no_progress(make) -> None:
    ran = process("audit", make(BROKEN))
    assert ran.returncode == 0
    assert "\x1b" not in ran.stdout
    assert ran.stderr == ""


def test_output_that_cannot_be_encoded_is_escaped(make) -> None:
    import os

    ran = process("audit", make(BROKEN), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert "\\u2500" in ran.stdout


@pytest.fixture
def part(make, monkeypatch) -> Path:
    """A repository whose compose file at the top builds what lies in `a part/`; the working directory is its top."""
    root = make({"a part/Dockerfile": "FROM scratch\n", "compose.yaml": "services: {a: {build: a part}}\n"})
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("options", [(), ("--at", "HEAD")])
@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_a_part_of_a_repository_is_said_to_be_one(part: Path, dockwright, form: str, options: tuple) -> None:
    """What lies above builds these files, and an audit of the part cannot know."""
    ran = dockwright("audit", "a part", "--format", form, *options)
    assert ran.code == 0
    text = " ".join(ran.out.split()).replace("`", "")
    assert "a folder of the repository at ." in text
    assert " ".join(["dockwright audit .", *options]) in text
    for whole in (".", part):
        assert "a folder of the repository" not in dockwright("audit", whole, "--format", form, *options).out


def test_the_command_for_the_whole_is_one(part: Path, dockwright, monkeypatch) -> None:
    """It can be pasted: relative to the working directory, and quoted."""
    part.rename(part.parent / "it's")
    monkeypatch.chdir(part.parent / "it's" / "a part")
    assert "`dockwright audit ..`" in dockwright("audit", "--format", "json").out
    monkeypatch.chdir(part.parent)
    found = json.loads(dockwright("audit", "it's/a part", "--format", "json").out)
    assert """dockwright audit 'it'"'"'s'""" in found["subject"]["notes"][0]
    assert "of the repository" in dockwright("audit", "it's/a part", "--quiet").out
    assert "not looked at: it's/a part" in dockwright("check", "it's/a part").out


def test_a_repository_inside_another_is_whole(part: Path, dockwright) -> None:
    git(part / "a part", "init")
    assert "a folder of the repository" not in dockwright("audit", "a part").out


@pytest.mark.parametrize(
    ("files", "said"),
    [({}, "no file is here"), ({"notes/a.txt": "", "b.txt": ""}, "found none among 2 files")],
)
@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_a_folder_without_docker_files_is_said_to_be_one(make, dockwright, form, files, said) -> None:
    ran = dockwright("audit", make(files), "--format", form)
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "looked for Dockerfiles, compose, bake and ignore files" in text
    assert said in text
    if form == "terminal":
        assert len(ran.out.splitlines()) < 10


def test_findings_without_docker_files_are_still_shown(make, dockwright) -> None:
    """Scripts and workflows count too: a repository may only run what others build."""
    ran = dockwright("audit", make({"run.sh": "#!/bin/sh\ndocker system prune -af --volumes\n"}))
    assert "What is dangerous" in ran.out


@pytest.mark.parametrize("arguments", [("audit", "--at", "HEAD"), ("audit",), ("replay",)])
def test_objects_from_outside_of_the_repository_are_said_to_be_so(make, tmp_path: Path, arguments) -> None:
    """A shared clone has none of its own, so they are read; but never without a word."""
    root = make(GOOD)
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    git(tmp_path, "clone", "--shared", str(root), "shared")
    ran = process(*arguments, tmp_path / "shared", "--format", "json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)
    assert f"objects are read from {root}/.git/objects too" in ran.stderr
    assert ran.stderr.count("alternates") == 1
    assert process(*arguments, root, "--format", "json").stderr == ""
    git(tmp_path / "shared", "repack", "-a", "-d")
    (tmp_path / "shared/.git/objects/info/alternates").unlink()
    assert process(*arguments, tmp_path / "shared", "--format", "json").stderr == ""


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_a_bare_repository_is_said_to_be_one(make, tmp_path: Path, dockwright, form: str) -> None:
    root = make(GOOD)
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    git(tmp_path, "clone", "--bare", str(root), "bare")
    ran = dockwright("audit", tmp_path / "bare", "--format", form)
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "a bare git repository" in text
    assert "--at HEAD" in text
    assert "a bare git repository" not in dockwright("audit", tmp_path / "bare", "--at", "HEAD").out
    assert "a bare git repository" not in dockwright("audit", root).out
