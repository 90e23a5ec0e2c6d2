"""Which engine is meant, with programs on PATH that only pretend: two engines, none, a shim, a client without a daemon."""

import json
import os
from pathlib import Path

import anyio
import pytest

from dockwright.engine.choose import Choice, choose, wanted
from dockwright.engine.docker import Docker
from dockwright.engine.faults import Failed, Kind
from dockwright.engine.podman import Podman
from dockwright.engine.protocol import Engine
from dockwright.errors import ConfigError, DockwrightError, UsageError

DOCKER = {
    "Client": {"Version": "28.2.2"},
    "Server": {"Version": "26.1.5", "Components": [{"Name": "Engine"}]},
}
PODMAN = {"Client": {"Version": "4.3.1", "APIVersion": "4.3.1"}}
INFO = {"host": {"os": "linux", "arch": "amd64", "cpus": 2, "buildahVersion": "1.28.2"}, "store": {}}
NO_DAEMON = (
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
)


def program(folder: Path, name: str, *answers: tuple[str, object], fails: str = "") -> None:
    """A program that answers by its first word."""
    cases = "".join(f"  {word}) cat <<'EOF'\n{json.dumps(said)}\nEOF\n  ;;\n" for word, said in answers)
    end = f"echo '{fails}' >&2; exit 1\n" if fails else ""
    path = folder / name
    path.write_text(f'#!/bin/sh\ncase "$1" in\n{cases}esac\n{end}')
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH that holds an engine's program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cat"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def chosen(choice: Choice) -> Engine:
    async def main() -> Engine:
        engine, _ = await choose(choice)
        return engine

    return anyio.run(main)


def refused(choice: Choice) -> Failed:
    with pytest.raises(Failed) as raised:
        chosen(choice)
    return raised.value


def test_the_only_one_is_meant(path: Path) -> None:
    program(path, "docker", ("version", DOCKER))
    assert isinstance(chosen(Choice()), Docker)
    program(path, "docker", ("version", {**DOCKER, "Server": None}), fails=NO_DAEMON)
    program(path, "podman", ("version", PODMAN), ("info", INFO))
    assert isinstance(chosen(Choice()), Podman)


def test_two_and_no_choice_names_both(path: Path) -> None:
    program(path, "docker", ("version", DOCKER))
    program(path, "podman", ("version", PODMAN), ("info", INFO))
    error = refused(Choice())
    assert error.fault.kind is Kind.NOT_CHOSEN
    assert "docker 26.1.5 and podman 4.3.1" in error.message
    assert "--engine" in error.hint
    assert isinstance(chosen(Choice("podman")), Podman)
    assert isinstance(chosen(Choice("docker")), Docker)


def test_podman_under_dockers_name_is_one_engine(path: Path) -> None:
    """The package podman-docker: `docker` runs podman."""
    for name in ("docker", "podman"):
        program(path, name, ("version", PODMAN), ("info", INFO))
    assert isinstance(chosen(Choice()), Podman)
    assert "Podman under Docker's name" in refused(Choice("docker")).message


def test_a_docker_client_of_podmans_service_is_no_docker(path: Path) -> None:
    served = {
        "Client": {"Version": "28"},
        "Server": {"Version": "4.3.1", "Components": [{"Name": "Podman Engine"}]},
    }
    program(path, "docker", ("version", served))
    assert "Podman" in refused(Choice("docker")).message


def test_none_says_why_of_each(path: Path) -> None:
    error = refused(Choice())
    assert error.fault.kind is Kind.NOT_INSTALLED
    assert "docker" in error.message
    assert "podman" in error.message
    assert error.exit_code == 2
    program(path, "docker", ("version", {**DOCKER, "Server": None}), fails=NO_DAEMON)
    error = refused(Choice())
    assert error.fault.kind is Kind.NOT_ANSWERING
    assert "Cannot connect" in error.message
    assert error.hint


def test_an_answer_that_is_none(path: Path) -> None:
    program(path, "docker", ("version", ["what"]))
    assert refused(Choice("docker")).fault.kind is Kind.NOT_UNDERSTOOD


def test_a_program_in_the_repository_is_not_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "docker", ("version", DOCKER))
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    monkeypatch.chdir(path)
    assert refused(Choice("docker")).fault.kind is Kind.NOT_INSTALLED


def test_who_says_which() -> None:
    declared = Choice("podman", "remote", "")
    assert wanted(None, None, declared, {}) == Choice("podman", "remote", "", "[engine] name")
    assert wanted(None, None, declared, {"DOCKWRIGHT_ENGINE": "docker"}) == Choice(
        "docker", "", "", "DOCKWRIGHT_ENGINE"
    )
    assert wanted("docker", "ci", declared, {}) == Choice("docker", "", "ci", "--engine")
    assert wanted(None, None, Choice(), {}) == Choice()
    own = Choice("docker", "there", "ci")
    assert wanted(None, None, own, {}) == Choice("docker", "there", "ci", "[engine] name")
    assert wanted(None, "mine", Choice(), {}).name == "docker"


@pytest.mark.parametrize(
    ("option", "builder", "declared", "environment", "error"),
    [
        ("dockr", None, Choice(), {}, UsageError),
        (None, None, Choice(), {"DOCKWRIGHT_ENGINE": "x"}, UsageError),
        (None, None, Choice("rkt"), {}, ConfigError),
        ("podman", "ci", Choice(), {}, UsageError),
    ],
)
def test_names_that_are_none(option, builder, declared, environment, error: type[DockwrightError]) -> None:
    with pytest.raises(error):
        wanted(option, builder, declared, environment)
