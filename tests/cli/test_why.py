"""`dockwright why` from the outside: for each kind of change the verdicts and the cause in one line."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dockwright.report.why import schema_text
from tests.trees.repositories import ENVIRONMENT, commit, repository, write

DOCKERFILE = """FROM python:3.12 AS build
ARG VERSION=1
ENV MODE=fast
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY src/ src/
RUN make
FROM python:3.12
COPY --from=build /app/out /out
COPY docs /docs
USER app
RUN check
"""
FILES: dict[str, str | bytes] = {
    "docker/Dockerfile": DOCKERFILE,
    "compose.yaml": "services:\n  web:\n    build: {context: ., dockerfile: docker/Dockerfile, args: {VERSION: '2'}}\n",
    "requirements.txt": "a\n",
    "src/a.py": "a\n",
    "src/b.py": "b\n",
    "docs/x.md": "x\n",
    ".dockerignore": ".git\n",
}
LINES = (4, 5, 6, 7, 8, 10, 11, 13)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "r", FILES)


def asked(dockwright: Any, top: Path, *arguments: object) -> dict[int, tuple[str, str]]:
    """Verdict and cause by line."""
    target = (
        () if arguments and not str(arguments[0]).startswith("-") else ("docker/Dockerfile", "--context", ".")
    )
    ran = dockwright("why", *target, *arguments, "--root", top, "--format", "json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    jsonschema_rs.validate(json.loads(schema_text()), found)
    return {step["line"]: (step["verdict"], step["cause"]) for step in found["steps"]}


def verdicts(found: dict[int, tuple[str, str]]) -> str:
    return "".join(verdict[0] for verdict, _ in found.values())


def test_nothing_changed(dockwright: Any, top: Path) -> None:
    found = asked(dockwright, top)
    assert tuple(found) == LINES
    assert set(found.values()) == {("hit", "")}


def edited(before: str, after: str) -> dict[str, str | bytes]:
    assert before in DOCKERFILE
    return {"docker/Dockerfile": DOCKERFILE.replace(before, after)}


@pytest.mark.parametrize(
    ("files", "expected", "line", "cause"),
    [
        ({"src/a.py": "new"}, "hhhmmuuu", 7, "`src/a.py` changed"),
        ({"src/new.py": "new"}, "hhhmmuuu", 7, "`src/new.py` was added"),
        ({"docs/x.md": "new"}, "hhhhhhmm", 11, "`docs/x.md` changed"),
        ({"README": "new"}, "hhhhhhhh", 4, ""),
        (
            {".dockerignore": ".git\nsrc/b.py\n"},
            "hhhmmuuu",
            7,
            "`src/b.py` is not sent any more: ignore rule `src/b.py` (line 2)",
        ),
        (
            {".dockerignore": ".git\ndocs\n"},
            "hhhhhhmm",
            11,
            "`docs` is left out by ignore rule `docs` (line 2): the build stops here",
        ),
        (edited("VERSION=1", "VERSION=2"), "hhmmmuuu", 6, "ARG VERSION changed: `1` → `2`"),
        (edited("MODE=fast", "MODE=slow"), "hhmmmuuu", 6, "ENV MODE changed: `fast` → `slow`"),
        (edited("RUN make", "RUN make it"), "hhhhmuuu", 8, "instruction changed: `RUN make` → `RUN make it`"),
        (edited("/app\n", "/srv\n"), "mmmmmuuu", 4, "instruction changed: `WORKDIR /app` → `WORKDIR /srv`"),
        (edited("USER app", "USER root"), "hhhhhhhm", 13, "USER changed: `app` → `root`"),
        (
            edited("python:3.12\nCOPY", "python:3.13\nCOPY"),
            "hhhhhmmm",
            10,
            "base image docker.io/library/python:3.12 → docker.io/library/python:3.13",
        ),
        (edited("src/ src/", "--chown=1 src/ src/"), "hhhmmuuu", 7, "instruction changed: "),
        (
            edited("COPY docs /docs\n", "COPY docs /docs\nRUN more\n"),
            "hhhhhhhmm",
            12,
            "no such instruction before",
        ),
    ],
)
def test_causes(
    dockwright: Any, top: Path, files: dict[str, str | bytes], expected: str, line: int, cause: str
) -> None:
    write(top, files)
    found = asked(dockwright, top)
    assert verdicts(found) == expected
    assert found[line][1].startswith(cause)
    if cause:
        assert min(number for number, (verdict, _) in found.items() if verdict != "hit") == line


def test_modes_and_removed_files(dockwright: Any, top: Path) -> None:
    (top / "src/a.py").chmod(0o755)
    assert asked(dockwright, top)[7] == ("miss", "mode of `src/a.py` changed: 644 → 755")
    (top / "src/b.py").unlink()
    assert asked(dockwright, top)[7][1].endswith("(and 1 more)")


def test_what_follows_names_the_line(dockwright: Any, top: Path) -> None:
    write(top, {"src/a.py": "new"})
    found = asked(dockwright, top)
    assert found[8] == ("miss", "follows from line 7")
    assert found[10] == ("unknown", "hits exactly if what line 8 gives is what it was before")


def test_two_revisions_of_a_service(dockwright: Any, top: Path) -> None:
    write(top, {"compose.yaml": str(FILES["compose.yaml"]).replace("'2'", "'3'")})
    commit(top, "second")
    write(top, {"src/a.py": "not committed"})
    found = asked(dockwright, top, "web", "--from", "HEAD~1", "--to", "HEAD")
    assert found[6] == ("miss", "ARG VERSION changed: `2` → `3`")
    assert asked(dockwright, top, "compose.yaml:web")[7] == ("miss", "`src/a.py` changed")
    assert asked(dockwright, top, "web", "--to", "HEAD")[7] == ("hit", "")


def test_the_checkout_itself_is_sent_where_nothing_leaves_it_out(dockwright: Any, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"Dockerfile": "FROM a\nCOPY . /\n", "a": "1"})
    subprocess.run(
        ["git", "-C", str(top), "commit", "-q", "--allow-empty", "-m", "x"], env=ENVIRONMENT, check=True
    )
    found = asked(dockwright, top, "Dockerfile", "--context", ".", "--from", "HEAD~1", "--to", "HEAD")
    assert found[2] == ("miss", "`.git` is sent and copied, and every commit changes it")


def test_secrets_are_not_shown(dockwright: Any, top: Path) -> None:
    write(top, edited("ENV MODE=fast", "ENV MODE=fast\nENV DB_PASSWORD=hunter2hunter2"))
    ran = dockwright("why", "docker/Dockerfile", "--context", ".", "--root", top)
    assert ran.code == 0
    assert "DB_PASSWORD" in ran.out
    assert "hunter2" not in ran.out


def test_names_that_mean_nothing(dockwright: Any, top: Path) -> None:
    for arguments in (
        ("wep",),
        ("docker/Dockerfile", "--context", "nowhere"),
        ("web", "--from", "nothing"),
        ("src/a.py",),
        ("web", "--build-arg", "X"),
    ):
        ran = dockwright("why", *arguments, "--root", top)
        assert ran.code == 2, arguments
    assert "did you mean web" in dockwright("why", "wep", "--root", top).err


def test_terminal_and_markdown(dockwright: Any, top: Path) -> None:
    write(top, {"src/a.py": "new"})
    ran = dockwright("why", "docker/Dockerfile", "--root", top)
    assert "because `src/a.py` changed" in ran.out
    assert ran.out.endswith("3 hit, 2 miss, 3 unknown; 1 of them for a reason of its own\n")
    marked = dockwright("why", "docker/Dockerfile", "--root", top, "--format", "markdown").out
    assert "| 7 | `COPY src/ src/` | miss | **`src/a.py` changed** |" in marked


def test_one_line_is_enough_where_everything_hits(dockwright: Any, top: Path) -> None:
    ran = dockwright("why", "docker/Dockerfile", "--context", ".", "--root", top)
    assert ran.out == (
        "docker/Dockerfile (context .): HEAD built, then worktree: all 8 steps hit, if no tag of a base image moved\n"
    )


def test_a_dockerfile_without_steps(dockwright: Any, tmp_path: Path) -> None:
    top = repository(tmp_path / "e", {"Dockerfile": 'FROM x\nCMD ["x"]\n'})
    ran = dockwright("why", "Dockerfile", "--context", ".", "--root", top)
    assert (ran.code, "no step that runs or copies" in ran.out, len(ran.out.splitlines())) == (0, True, 1)


@pytest.mark.parametrize("command", ["why", "context"])
def test_a_dockerfile_as_people_paste_it(dockwright: Any, top: Path, command: str) -> None:
    for name in (
        top / "docker/Dockerfile",
        "./docker/Dockerfile",
        "docker/../docker/Dockerfile",
        "docker//Dockerfile",
    ):
        ran = dockwright(command, name, "--root", top)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("docker/Dockerfile (context .)")
    for name in ("", " ", "../Dockerfile", "/Dockerfile", "docker", "no\nsuch"):
        ran = dockwright(command, name, "--root", top)
        assert (ran.code, ran.out) == (2, ""), name


@pytest.mark.parametrize("command", ["why", "context"])
def test_a_folder_of_a_repository_is_said_to_be_one(dockwright: Any, top: Path, command: str) -> None:
    ran = dockwright(command, "Dockerfile", "--context", ".", "--root", top / "docker")
    assert "a folder of the repository" in " ".join(ran.out.split())
    assert "a folder of the repository" not in dockwright(command, "docker/Dockerfile", "--root", top).out


def test_a_stage_that_is_not_there(dockwright: Any, top: Path) -> None:
    ran = dockwright("why", "docker/Dockerfile", "--root", top, "--target", "nope")
    assert ran.code == 2
    assert "nope" in ran.err
    assert "line 0" not in ran.err
