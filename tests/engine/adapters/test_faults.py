"""Faults: the engine's own words bounded and without secrets, and what kind they mean."""

import pytest

from dockwright.engine.faults import MAX_SAID, Kind, fault, kind_of, redacted


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
            Kind.NOT_ANSWERING,
        ),
        ("ERROR: failed to solve: ... write /x: no space left on device", Kind.DISK_FULL),
        ('ERROR: no builder "x" found', Kind.NO_SUCH_BUILDER),
        ("permission denied while trying to connect to the Docker daemon socket", Kind.REFUSED),
        ('process "/bin/sh -c x" did not complete successfully: exit code: 3', Kind.STEP_FAILED),
        ("Error: inspecting object: nosuch: image not known", Kind.NO_SUCH_IMAGE),
        (
            "docker.io/library/x:1: failed to resolve source metadata for docker.io/library/x:1",
            Kind.BASE_NOT_FOUND,
        ),
        (
            "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
            Kind.LOST,
        ),
        ("something else", Kind.OTHER),
    ],
)
def test_kinds(said: str, kind: Kind) -> None:
    assert kind_of(said) is kind


def test_who_has_begun_is_lost() -> None:
    assert kind_of("error during connect: EOF", begun=True) is Kind.LOST


def test_secrets_are_out_and_words_bounded() -> None:
    argv = ("docker", "build", "--build-arg", "DB_PASSWORD=correct-horse-7", "https://u:hunter2x9@host/x")
    one = fault(
        Kind.OTHER, "it failed", argv, 1, "x" * 10_000 + "\nAPI_TOKEN=sk-live-51H8x9aaaaaaaaaaaaaaaaaaaa"
    )
    assert "correct-horse-7" not in str(one)
    assert "hunter2x9" not in str(one)
    assert "sk-live" not in str(one)
    assert len(one.said) <= MAX_SAID
    assert redacted(("--build-arg", "VERSION=3")) == ("--build-arg", "VERSION=3")
