"""Confidence by rule and kind of evidence, as the draws of docs/precision.md set it; and what those draws had mended."""

import pytest

from dockwright.repository.inventory import build
from dockwright.rules.catalogue import find
from dockwright.rules.finding import Confidence, Finding, Severity
from dockwright.testing import examine
from dockwright.trees.memory import MemoryTree

WEB = "services:\n  web:\n    image: nginx:1.27\n"
API = "services:\n  api:\n    build:\n      context: .\n"


def found(name: str, files: dict[str, str]) -> list[Finding]:
    rule = find(name)
    assert rule is not None
    return list(examine(files, [rule]).findings)


CASES = {
    "a compose file names a Dockerfile": (
        "missing-dockerfile",
        Confidence.HIGH,
        {"compose.yaml": f"{API}      dockerfile: gone.Dockerfile\n"},
    ),
    "a command names a Dockerfile": (
        "missing-dockerfile",
        Confidence.MEDIUM,
        {"Makefile": "image:\n\tdocker build -f gone.Dockerfile .\n", "a": ""},
    ),
    "an override names a Dockerfile": (
        "missing-dockerfile",
        Confidence.MEDIUM,
        {"compose.override.yaml": f"{API}      dockerfile: gone.Dockerfile\n"},
    ),
    "a command names its files": (
        "missing-service",
        Confidence.HIGH,
        {"compose.yaml": WEB, "up.sh": "#!/bin/sh\ndocker compose -f compose.yaml up db\n"},
    ),
    "compose looks for its files": (
        "missing-service",
        Confidence.MEDIUM,
        {"compose.yaml": WEB, "up.sh": "#!/bin/sh\ndocker compose up db\n"},
    ),
    "a compose file includes a file": (
        "missing-compose-file",
        Confidence.HIGH,
        {"compose.yaml": f"include:\n  - infra/compose.yaml\n{WEB}"},
    ),
    "a Makefile names a compose file": (
        "missing-compose-file",
        Confidence.MEDIUM,
        {"compose.yaml": WEB, "Makefile": "up:\n\tdocker compose -f e2e.yml up\n"},
    ),
    "what is copied lies elsewhere": (
        "copy-source-missing",
        Confidence.HIGH,
        {"compose.yaml": API, "Dockerfile": "FROM scratch\nCOPY tool /\n", "cmd/tool": ""},
    ),
    "a program that is nowhere": (
        "copy-source-missing",
        Confidence.MEDIUM,
        {"compose.yaml": API, "Dockerfile": "FROM scratch\nCOPY tool /\n"},
    ),
    "a text that is nowhere": (
        "copy-source-missing",
        Confidence.HIGH,
        {"compose.yaml": API, "Dockerfile": "FROM scratch\nCOPY requirements.txt /\n"},
    ),
    "somebody else's image": (
        "moving-tag",
        Confidence.HIGH,
        {"Dockerfile": "FROM grafana/grafana\nRUN true\n"},
    ),
    "an official image": (
        "moving-tag",
        Confidence.HIGH,
        {"mysql/Dockerfile": "FROM mysql:latest\nRUN true\n"},
    ),
    "the image of a module that Maven makes": (
        "moving-tag",
        Confidence.MEDIUM,
        {
            "compose.yaml": "services:\n  a:\n    image: acme/customers-service\n",
            "customers-service/pom.xml": "",
        },
    ),
    "the project's own image": (
        "moving-tag",
        Confidence.MEDIUM,
        {
            "compose.yaml": "services:\n  a:\n    image: acme/shopd:latest\n",
            "go.mod": "module example.org/acme/shopd\n",
        },
    ),
    "a base that a variable names": (
        "moving-tag",
        Confidence.MEDIUM,
        {"Dockerfile": "ARG TAG=latest\nFROM grafana/grafana:$TAG\nRUN true\n"},
    ),
    "a password": (
        "secret-in-compose",
        Confidence.HIGH,
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      DB_PASSWORD: hK93ndk2lPq\n"
        },
    ),
    "a key that clients may know": (
        "secret-in-compose",
        Confidence.MEDIUM,
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      PUSHER_APP_KEY: hK93ndk2lPq\n"
        },
    ),
    "a key that is the name of a user": (
        "secret-in-compose",
        Confidence.MEDIUM,
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      RUSTFS_ACCESS_KEY: hK93ndk2lPq\n"
        },
    ),
    "a secret access key": (
        "secret-in-compose",
        Confidence.HIGH,
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      A_SECRET_ACCESS_KEY: hK93ndk2lPq\n"
        },
    ),
    "a password that is the user's name": (
        "secret-in-image",
        Confidence.MEDIUM,
        {"Dockerfile": "FROM alpine:3.20\nENV DATABASE_URL=mysql://kimai:kimai@127.0.0.1/kimai\n"},
    ),
    "a value made up for a test": (
        "secret-in-command",
        Confidence.MEDIUM,
        {"a.sh": "#!/bin/sh\ndocker run -e AI_API_KEY=azure-base-url-secret-sentinel a:1\n"},
    ),
    "a value that people are to replace": (
        "secret-in-compose",
        Confidence.MEDIUM,
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      JWT_SECRET: ThisIsAVerySecretString\n"
        },
    ),
    "a value that repeats the name": (
        "secret-in-compose",
        Confidence.MEDIUM,
        {"compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      API_TOKEN: api_token\n"},
    ),
    "a password in a URL": (
        "secret-in-command",
        Confidence.HIGH,
        {"a.sh": "#!/bin/sh\ndocker run -e DATABASE_URL=mysql://app:hK93ndk2lPq@db/app a:1\n"},
    ),
    "a development container": (
        "runs-as-root",
        Confidence.MEDIUM,
        {
            ".devcontainer/devcontainer.json": '{"build": {"dockerfile": "Dockerfile"}}\n',
            ".devcontainer/Dockerfile": "FROM python:3.12\nRUN true\n",
        },
    ),
    "an env file of which nothing speaks": (
        "missing-env-file",
        Confidence.MEDIUM,
        {"compose.yaml": "services:\n  a:\n    image: a:1\n    env_file: app.env\n"},
    ),
    "an env file that git ignores": (
        "missing-env-file",
        Confidence.HIGH,
        {".gitignore": "*.env\n", "compose.yaml": "services:\n  a:\n    image: a:1\n    env_file: app.env\n"},
    ),
    "a variable that a workflow sets": (
        "moving-tag",
        Confidence.MEDIUM,
        {
            "test/compose.yml": "services:\n  a:\n    image: ${ACME_IMAGE:-acme/web:latest}\n",
            ".github/workflows/t.yml": "on: push\njobs:\n  t:\n    runs-on: u\n    steps:\n"
            "    - run: docker compose -f test/compose.yml up\n      env:\n        ACME_IMAGE: x:1\n",
        },
    ),
    "a comment says to make the folder": (
        "missing-bind-source",
        Confidence.MEDIUM,
        {
            "compose.yaml": "# mkdir hana-config\nservices:\n  a:\n    image: a:1\n    volumes:\n"
            "    - ./hana-config:/hana/password:ro\n"
        },
    ),
    "an installer brings the file": (
        "missing-bind-source",
        Confidence.MEDIUM,
        {
            "install.sh": "#!/bin/sh\nwget -qO /opt/wait.sh https://example.org/wait.sh\ndocker compose up\n",
            "compose.yaml": "services:\n  a:\n    image: a:1\n    volumes:\n    - ./wait.sh:/wait.sh\n",
        },
    ),
    "a start script that is not seen": (
        "runs-as-root",
        Confidence.MEDIUM,
        {"compose.yaml": API, "Dockerfile": 'FROM debian:12\nENTRYPOINT ["/usr/bin/entrypoint.sh"]\n'},
    ),
    "a single command as another user": (
        "runs-as-root",
        Confidence.HIGH,
        {
            "compose.yaml": API,
            "Dockerfile": 'FROM debian:12\nCOPY scripts/start.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n',
            "scripts/start.sh": '#!/bin/sh\nrunuser -u www -- migrate\nexec "$@"\n',
        },
    ),
    "a task of a package manager is no script": (
        "runs-as-root",
        Confidence.HIGH,
        {"compose.yaml": API, "Dockerfile": 'FROM node:22\nCMD ["pnpm", "run", "start"]\n'},
    ),
    "a command builds what lacks a source": (
        "copy-source-missing",
        Confidence.MEDIUM,
        {
            "web/Dockerfile": "FROM scratch\nCOPY run.sh /\n",
            "run.sh": "",
            "Makefile": "i:\n\tdocker build web\n",
        },
    ),
    "a Makefile fills the context": (
        "copy-source-missing",
        Confidence.LOW,
        {
            "web/Dockerfile": "FROM scratch\nCOPY run.sh /\n",
            "utils/run.sh": "",
            "Makefile": "i:\n\tcp ./utils/*.sh web/\n\tdocker build web\n",
        },
    ),
    "Maven puts the context together": (
        "copy-source-missing",
        Confidence.LOW,
        {
            "msa/node/docker/Dockerfile": "FROM scratch\nCOPY start.sh node.deb /\n",
            "msa/node/pom.xml": "<artifactId>dockerfile-maven-plugin</artifactId>",
        },
    ),
}


@pytest.mark.parametrize(("name", "confidence", "files"), CASES.values(), ids=CASES)
def test_confidence_by_evidence(name: str, confidence: Confidence, files: dict[str, str]) -> None:
    findings = found(name, files)
    assert findings
    assert {finding.confidence for finding in findings} == {confidence}


@pytest.mark.parametrize(
    "name", ["build-tools-in-final-image", "version-skew", "unused-build-argument", "unused-stage"]
)
def test_rules_that_the_files_alone_do_not_settle(name: str) -> None:
    """They were right less often than 95 % on unseen repositories, and no kind of evidence told the wrong ones."""
    rule = find(name)
    assert rule is not None
    assert rule.confidence is Confidence.MEDIUM


def test_a_wrong_context_is_one_finding_where_another_build_goes_through() -> None:
    """One build of the Dockerfile is wrong, not each of its COPY lines; the image is made by another."""
    files = {
        "web/Dockerfile": "FROM scratch\nCOPY Gemfile /\nCOPY web/run.sh /\nCOPY lib /lib\n",
        "Gemfile": "",
        "web/run.sh": "",
        "lib/a.rb": "",
        "compose.yaml": "services:\n  web:\n    build: ./web\n",
    }
    assert [one.severity for one in found("copy-source-missing", files)] == [Severity.CRITICAL] * 3
    files["build.sh"] = "#!/bin/sh\ndocker build -f web/Dockerfile .\n"
    (one,) = found("copy-source-missing", files)
    assert one.severity is Severity.MEDIUM
    assert one.message.startswith("copies `Gemfile` and 2 more")


def test_what_a_build_of_another_target_passes_over_still_counts() -> None:
    """Another build that goes through says nothing when it stops before the COPY."""
    files = {
        "Dockerfile": "FROM scratch AS base\nCOPY a /\nFROM base\nCOPY gone.py /\n",
        "a": "",
        "compose.yaml": f"{API}  base:\n    build:\n      context: .\n      target: base\n",
    }
    (one,) = found("copy-source-missing", files)
    assert one.severity is Severity.CRITICAL


def test_a_linked_dockerfile_is_told_once() -> None:
    files = {"a/Dockerfile": "FROM node\nRUN true\n", "Dockerfile": "-> a/Dockerfile"}
    assert [one.location.path for one in found("moving-tag", files)] == ["a/Dockerfile"]


def test_an_argument_inside_a_tag_is_the_callers() -> None:
    """`FROM node:${VERSION}` without default cannot be built alone; nothing is to be repaired for that."""
    files = {"Dockerfile": "ARG VERSION\nFROM node:${VERSION}\nRUN true\n", "compose.yaml": API}
    assert build(MemoryTree(files)).dockerfile("Dockerfile").buildable is None


def test_a_program_may_read_what_an_env_takes_in() -> None:
    """`cargo build` under `ENV VERGEN_DATE=$COMMIT_DATE`; a package of the system never asks for it."""
    tree = {
        "build.sh": "#!/bin/sh\ndocker build --build-arg BUILD_DATE=$(date) .\n",
        "Dockerfile": "FROM rust:1.89\nARG BUILD_DATE\nENV VERGEN_DATE=$BUILD_DATE\nCOPY . .\nRUN {}\n",
    }
    for command, confidence in (
        ("cargo build", Confidence.MEDIUM),
        ("apt-get install -y jq", Confidence.HIGH),
    ):
        files = tree | {"Dockerfile": tree["Dockerfile"].format(command)}
        assert {one.confidence for one in found("volatile-argument-before-heavy-step", files)} == {confidence}


def test_a_prune_by_label_reaches_what_carries_it() -> None:
    """`--filter label=` names one project's own; `until=` names everybody's."""
    script = "#!/bin/sh\ndocker image prune --force --filter {}\n"
    assert not found("destroys-data", {"a.sh": script.format("label=vendor=acme")})
    assert found("destroys-data", {"a.sh": script.format("until=24h")})


def test_a_job_that_continues_fails_and_its_run_does_not() -> None:
    steps = "    steps:\n    - name: Deploy\n      run: docker run --rm acme/deployer:1\n"
    workflow = f"on: push\njobs:\n  a:\n    runs-on: u\n    continue-on-error: true\n{steps}"
    (one,) = found("ignored-container-failure", {".github/workflows/a.yml": workflow})
    assert one.message.startswith("a failed deployment does not fail the run")


QUIET = {
    "a number behind the word makes a version": (
        "moving-tag",
        {"compose.yaml": "services:\n  a:\n    image: jitsi/jvb:stable-11031\n"},
    ),
    "one publication that stands twice": (
        "port-collision",
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    ports:\n      - 127.0.0.1:8405:8405\n"
            "      - ${IP:-127.0.0.1}:8405:8405\n"
        },
    ),
    "the start script gives up root": (
        "runs-as-root",
        {
            "compose.yaml": API,
            "Dockerfile": 'FROM debian:12\nCOPY docker/entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n',
            "docker/entrypoint.sh": '#!/bin/bash\nexec setpriv --reuid app --regid app --init-groups "$@"\n',
        },
    ),
    "a variable may name the network": (
        "unused-network",
        {
            "compose.yaml": "services:\n  a:\n    image: a:1\n    networks:\n      - ${KIND:-v4}\n"
            "networks:\n  v4: {}\n  v6: {}\n"
        },
    ),
    "images of one company": (
        "destroys-data",
        {"clean.sh": "#!/bin/sh\ndocker rmi -f $(docker images -q acme/*)\n"},
    ),
    "another command fills the mount": (
        "defeated-cache-mount",
        {
            "Dockerfile": "FROM alpine:3\nRUN --mount=type=cache,target=/var/cache/apk "
            "apk add gcc && apk add --no-cache curl\n"
        },
    ),
    "the switch of an application": (
        "trust-authentication",
        {
            "compose.yaml": "services:\n  a:\n    image: bitnami/wordpress:5\n    environment:\n"
            "      - ALLOW_EMPTY_PASSWORD=yes\n"
        },
    ),
    "a shouted placeholder": (
        "secret-in-compose",
        {"compose.yaml": "services:\n  a:\n    image: a:1\n    environment:\n      TOKEN: TOKEN_VALUE\n"},
    ),
    "the COPY says what it leaves out": (
        "whole-context-copied",
        {
            "compose.yaml": API,
            "Dockerfile": "# syntax=docker/dockerfile:1.7-labs\nFROM debian:12\nCOPY --exclude=**/.git . /app\n",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), QUIET.values(), ids=QUIET)
def test_what_the_draws_showed_to_be_wrong(name: str, files: dict[str, str]) -> None:
    assert not found(name, files)


def test_what_stands_beside_it_is_still_told() -> None:
    """The same places without what excuses them."""
    for name, files in QUIET.values():
        plain = {
            path: text.replace("stable-11031", "stable-alpine")
            .replace(":8405\n      - ${", ":8406\n      - ${")
            .replace("setpriv", "env")
            .replace("${KIND:-v4}", "v4")
            .replace(" acme/*", "")
            .replace("add gcc", "add --no-cache gcc")
            .replace("wordpress", "mariadb")
            .replace("TOKEN_VALUE", "hK93ndk2lPq")
            .replace("--exclude=**/.git ", "")
            for path, text in files.items()
        }
        assert found(name, plain), name
