"""`dockwright replay` from the outside: figures, formats, alternatives, what is not there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dockwright.report.replay.as_json import schema_text
from tests.trees.fast_import import MODULE, Content, Made, history, text
from tests.trees.repositories import ENVIRONMENT, git

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
        (2, "WORKDIR", 20, 1),
        (3, "COPY", 0, 21),
        (4, "RUN", 0, 21),
        (5, "RUN", 0, 21),
    ]
    assert one["steps"][2]["sources"] == [
        {"source": ".", "line": 3, "changed": 20, "misses": 20, "first": 20}
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
    assert [step["misses"] for step in other["steps"]] == [1, 1, 11, 11]
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


def cloned(folder: Path, target: Path, *options: str) -> Path:
    git(folder, "config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", "--bare", *options, f"file://{folder}", str(target)],
        env=ENVIRONMENT,
        check=True,
    )
    return target


def test_shallow_clones(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    found = replayed(dockwright, cloned(repository, tmp_path / "s", "--depth", "5"))
    assert found["dockerfiles"][0]["commits"] == 4
    reasons = [one["reason"] for one in found["skipped"]]
    assert any("shallow clone" in reason for reason in reasons)
    assert any("parent is not in this (shallow) clone" in reason for reason in reasons)
    one = dockwright("replay", cloned(repository, tmp_path / "one", "--depth", "1"))
    assert one.code == 0
    assert "the parents of the commits asked for are not in this clone: nothing was replayed" in one.out


def test_clones_without_blobs(dockwright: Any, repository: Path, tmp_path: Path) -> None:
    """Nothing of the Dockerfiles can be read: that is said, and nothing is fetched."""
    clone = cloned(repository, tmp_path / "p", "--filter=blob:none")
    ran = dockwright("replay", clone, "--dockerfile", "docker/web.Dockerfile", "--format", "json")
    if ran.code == 0:
        (one,) = json.loads(ran.out)["dockerfiles"]
        assert one["commits"] == 0
        assert "not in this (partial) clone" in one["undefined"][0]["reason"]
    else:
        assert ran.code == 2
        assert "Dockerfile" in ran.err


def test_clones_that_lack_old_blobs_only(dockwright: Any, tmp_path: Path) -> None:
    """What is copied is never read: only the texts that define builds have to be here."""
    folder = history(tmp_path / "r", commits())
    whole = replayed(dockwright, folder)["dockerfiles"]
    lost = git(folder, "rev-parse", "c4:a.py")
    clone = tmp_path / "broken"
    subprocess.run(["git", "clone", "-q", "--bare", str(folder), str(clone)], env=ENVIRONMENT, check=True)
    subprocess.run(["git", "-C", str(clone), "unpack-objects", "-q"], input=b"", env=ENVIRONMENT, check=False)
    pack = next((clone / "objects" / "pack").glob("*.pack"), None)
    if pack is not None:
        data = pack.read_bytes()
        for one in (clone / "objects" / "pack").iterdir():
            one.unlink()
        subprocess.run(
            ["git", "-C", str(clone), "unpack-objects", "-q"], input=data, env=ENVIRONMENT, check=True
        )
    (clone / "objects" / lost[:2] / lost[2:]).unlink()
    assert replayed(dockwright, clone)["dockerfiles"] == whole


def test_submodules_are_empty_folders(dockwright: Any, tmp_path: Path) -> None:
    module: list[Content] = [(MODULE, digit * 40) for digit in (b"1", b"2")]
    made = [
        Made({"Dockerfile": text("FROM a\nCOPY lib /lib\nCOPY a /\n"), "a": text("0")}),
        Made({"lib/m": module[0]}),
        Made({"lib/m": module[1]}),
        Made({"a": text("1")}),
        Made({"lib/m": None}),
    ]
    found = replayed(dockwright, history(tmp_path / "r", made), "--context", ".")
    (one,) = found["dockerfiles"]
    assert [step["misses"] for step in one["steps"]] == [
        3,
        4,
    ]  # the first commit; it comes, it goes; its commits are not seen
    assert one["buildable"] == 3
    assert not found["skipped"]  # it is gone in the end


def test_what_a_checkout_converts_is_told(dockwright: Any, tmp_path: Path) -> None:
    files: dict[str, Content | None] = {
        "Dockerfile": text("FROM a\nCOPY a /\n"),
        "a": text("0"),
        ".gitattributes": text("*.bin filter=lfs\n*.txt eol=crlf\n"),
        "lib/m": (MODULE, b"1" * 40),
    }
    found = replayed(dockwright, history(tmp_path / "r", [Made(files)]), "--context", ".")
    assert sum("LFS" in note or "converted" in note for note in found["notes"]) == 2
    assert found["skipped"] == [{"what": "lib/m", "reason": "submodule: its files are in another repository"}]


def test_a_folder_of_a_repository(dockwright: Any, tmp_path: Path) -> None:
    """Paths are those below the folder, contexts too; what lies outside of it changes nothing."""
    made = [
        Made({"sub/Dockerfile": text("FROM a\nCOPY . /\n"), "sub/a": text("0"), "a": text("0")}),
        Made({"a": text("1")}),
        Made({"sub/a": text("1")}),
        Made({"sub/Dockerfile": text("FROM a\nCOPY a /\n")}),
    ]
    bare = history(tmp_path / "r", made)
    top = tmp_path / "w"
    subprocess.run(["git", "clone", "-q", str(bare), str(top)], env=ENVIRONMENT, check=True)
    (one,) = replayed(dockwright, top / "sub", "--context", ".")["dockerfiles"]
    assert (one["path"], one["context"], one["commits"], one["edited"]) == ("Dockerfile", ".", 4, 2)
    assert [step["misses"] for step in one["steps"]] == [2]
    (same,) = replayed(dockwright, top, "--context", "sub")["dockerfiles"]
    assert same["steps"] == [{**step, "line": step["line"]} for step in one["steps"]]
    (honest,) = replayed(dockwright, top / "sub", "--context", ".", "--definition", "per-commit")[
        "dockerfiles"
    ]
    assert {step["text"]: step["misses"] for step in honest["steps"]} == {"COPY a /": 1, "COPY . /": 2}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "garbage"), "`garbage` is no date"),
        (("--until", "3 mnths ago"), "`3 mnths ago` is no date"),
        (("--since", ""), "--since is empty"),
        (("--range", " "), "--range is empty"),
        (("--range", "c1..nowhere"), "no revision `nowhere`"),
        (("--range", "nowhere..c1"), "nowhere"),
        (("--at", "nowhere"), "no revision `nowhere`"),
    ],
)
def test_dates_and_revisions_that_are_none(
    dockwright: Any, repository: Path, options: tuple[str, str], said: str
) -> None:
    ran = dockwright("replay", repository, *options)
    assert ran.code == 2
    assert said in ran.err
    assert not ran.out


@pytest.mark.parametrize("options", [("--since", "2098-01-01"), ("--range", "c3..c3"), ("--range", "c5..c3")])
@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_no_commits_are_said_to_be_none(
    dockwright: Any, repository: Path, options: tuple[str, str], form: str
) -> None:
    ran = dockwright("replay", repository, *options, "--format", form)
    assert ran.code == 0
    assert "nothing was replayed" in ran.out
    assert "no commits" not in ran.out  # no table of Dockerfiles with nothing in it


def test_merges_only_are_said_to_be_merges(dockwright: Any, tmp_path: Path) -> None:
    made = [
        Made({"Dockerfile": text("FROM a\nCOPY a /\n"), "a": text("0")}),
        Made({"a": text("1")}),
        Made({"b": text("1")}, parents=(0,)),
        Made({"b": text("1")}, parents=(1, 2)),
    ]
    folder = history(tmp_path / "r", made)
    ran = dockwright("replay", folder, "--range", "c3 ^c1 ^c2", "--context", ".")
    assert (ran.code, "--merges" in ran.out) == (0, True)
    assert replayed(dockwright, folder, "--range", "c3 ^c1 ^c2", "--context", ".", "--merges")["commits"] == 1


def test_what_git_takes_a_date_for_is_shown(dockwright: Any, repository: Path) -> None:
    ran = dockwright("replay", repository, "--since", "2023-11-14T22:20:00Z")
    assert "since 2023-11-14T22:20:00Z (2023-11-14 22:20 UTC)" in ran.out


def test_the_first_commit_builds_everything(dockwright: Any, tmp_path: Path) -> None:
    """Also the steps that no file of it enters: nothing was built before."""
    made = [Made({"Dockerfile": text("FROM x\nRUN make\nCOPY a /\nRUN more\n")}), Made({"b": text("1")})]
    (one,) = replayed(dockwright, history(tmp_path / "r", made), "--context", ".")["dockerfiles"]
    assert [(step["hits"], step["misses"], step["shared"]["misses"]) for step in one["steps"]] == [
        (1, 1, 1)
    ] * 3
    assert one["untouched"] == 1
