"""No text for people is wider than the terminal. `check` is left out: one finding is one line, for `grep` and editors."""

import subprocess
from pathlib import Path

import pytest

LONG = "a_package_with_a_rather_long_name/and_another_folder"
DOCKERFILE = f"""FROM python:3.12-slim AS build
WORKDIR /app
COPY {LONG}/requirements.txt {LONG}/pyproject.toml /app/
RUN apt-get update && apt-get install -y --no-install-recommends build-essential curl ca-certificates libpq-dev
COPY . /app
RUN --mount=type=cache,target=/root/.cache pip install --requirement /app/requirements.txt --no-deps
"""
FILES = {
    "docker/services/application.Dockerfile": DOCKERFILE,
    "docker/services/application.new.Dockerfile": DOCKERFILE.replace("curl", "wget").replace(
        "python:3.12-slim", "python:3.13-slim"
    ),
    "compose.yaml": "services:\n  web:\n    build: {context: ., dockerfile: docker/services/application.Dockerfile}\n",
    f"{LONG}/requirements.txt": "a\n",
    f"{LONG}/pyproject.toml": "a\n",
    "notes/long_name_of_a_note.md": "a\n",
}


@pytest.fixture
def repository(make, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make(FILES)
    monkeypatch.chdir(folder)
    for number in range(3):
        (folder / "notes/long_name_of_a_note.md").write_text(str(number))
        for arguments in (
            ["init", "-q"],
            ["add", "-A"],
            ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
        ):
            subprocess.run(["git", *arguments], check=True, cwd=folder)
    (folder / LONG / "requirements.txt").write_text("b\n")
    return folder


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "--replay"),
        ("replay", "--branches"),
        ("replay", "--definition", "per-commit"),
        ("why", "web"),
        ("why", "docker/services/application.Dockerfile"),
        ("context", "web"),
        (
            "prove",
            "build",
            "docker/services/application.Dockerfile",
            "docker/services/application.new.Dockerfile",
        ),
        ("explain", "docker/services/application.Dockerfile:3"),
        ("explain", "copy-source-ignored"),
        ("explain", "--list"),
    ],
)
def test_no_line_is_wider_than_the_terminal(
    repository: Path, dockwright, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ran = dockwright(*arguments)
    assert ran.code in (0, 1)
    assert [line for line in ran.out.splitlines() if len(line) > width] == []
