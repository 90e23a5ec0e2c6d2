"""Does an image hold a program: held, absent, or not known."""

import pytest

from dockwright.rules._shared.presence import in_stage
from dockwright.rules.subjects import dockerfile_subjects
from dockwright.testing import repository


def presence(dockerfile: str, program: str):
    facts = repository({"Dockerfile": dockerfile, "install.sh": "", "curl": ""})
    (subject,) = dockerfile_subjects(facts)
    return in_stage(subject.stages[-1], program)


@pytest.mark.parametrize(
    ("dockerfile", "program"),
    [
        ("FROM python:3.12-slim\n", "curl"),
        ("FROM python:3.12-slim AS a\nRUN apt-get update && apt-get install -y git\nFROM a\n", "nc"),
        ("FROM alpine:3.20\nRUN apk add --no-cache tini\n", "bash"),
        ("FROM debian:12\nCOPY app /app\nRUN chmod +x /app/start.sh\n", "curl"),
        ("FROM python:3.12-slim\nRUN pip install -r requirements.txt\n", "curl"),
    ],
)
def test_absent(dockerfile, program):
    found = presence(dockerfile, program)
    assert found.held is False
    assert found.because


@pytest.mark.parametrize(
    ("dockerfile", "program"),
    [
        ("FROM python:3.12-slim\nRUN apt-get install -y curl\n", "curl"),
        ("FROM python:3.12-slim AS a\nRUN apt-get install -y netcat-openbsd\nFROM a\n", "nc"),
        ("FROM alpine:3.20\n", "wget"),
        ("FROM python:3.12\n", "curl"),
    ],
)
def test_held(dockerfile, program):
    assert presence(dockerfile, program).held is True


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM example.com/base:1\n",
        "ARG BASE\nFROM ${BASE}\n",
        "FROM python:3.12-slim\nCOPY install.sh /\nRUN sh /install.sh\n",
        "FROM python:3.12-slim\nRUN python -c 'print(1)' | sh\n",
        "FROM python:3.12-slim\nCOPY curl /usr/local/bin/\n",
        "FROM python:3.12-slim\nCOPY --from=tools /usr/bin/curl /usr/bin/curl\n",
        "FROM python:3.12-slim\nARG PKGS\nRUN apt-get install -y $PKGS\n",
        "FROM python:3.12-slim\nRUN tar -xf /x.tar curl -C /usr/bin\n",
    ],
)
def test_not_known(dockerfile):
    assert presence(dockerfile, "curl").held is not False
