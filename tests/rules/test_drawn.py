"""What rules once said wrongly of real repositories (docs/precision.md), made small: each must stay as it is now."""

import pytest

from dockwright.rules.catalogue import all_rules, find
from dockwright.rules.finding import Confidence, Severity
from dockwright.testing import examine

WEB = "services:\n  web:\n    image: nginx:1.27\n"
BUILD = "services:\n  api:\n    build: .\n    ports: ['8080:8080', '8443:8443']\n"

QUIET = {
    "a class's full name is no secret": (
        "secret-in-compose",
        {
            "compose.yaml": "services:\n  connect:\n    image: kafka:3\n    environment:\n"
            "      CONNECT_KEY_CONVERTER: org.apache.kafka.connect.storage.StringConverter\n"
            "      PROVIDERS_SECRET_CLASS: io.confluent.connect.secretregistry.InternalSecretConfigProvider\n"
        },
    ),
    "configuration that the image holds listens on the port": (
        "unserved-port",
        {
            "compose.yaml": BUILD,
            "Dockerfile": "FROM nginx:1.27\nCOPY tls.conf /etc/nginx/\nEXPOSE 8080\n",
            "tls.conf": "server {\n  listen 8443 ssl;\n}\n",
        },
    ),
    "a compiler wrapper reads it": (
        "unused-build-argument",
        {"Dockerfile": "FROM golang:1.24\nARG MACOSX_VERSION_MIN=11.0\nRUN xx-go build .\n"},
    ),
}

QUIET["the fingerprint of a public key"] = (
    "secret-in-image",
    {"Dockerfile": "FROM debian:12\nENV POSTGRES_REPO_KEY=B97B0AFCAA1A47F044F244A07FCC7D46ACCC4CF8\n"},
)
QUIET["every clone has a .git"] = (
    "copy-source-missing",
    {"compose.yaml": "services:\n  a:\n    build: .\n", "Dockerfile": "FROM scratch\nCOPY .git .git\n"},
)
QUIET["the context is a folder between"] = (
    "copy-source-missing",
    {
        "runtime/server/src/main/docker/Dockerfile.jvm": "FROM scratch\nCOPY distribution/NOTICE /\n",
        "runtime/server/distribution/NOTICE": "",
    },
)
QUIET["the .env lists the files"] = (
    "missing-service",
    {
        ".env": "COMPOSE_FILE=docker-compose.yml;docker/ml.yml\n",
        "docker-compose.yml": WEB,
        "docker/ml.yml": "services:\n  triton:\n    image: triton:1\n",
        "Makefile": "ml:\n\tdocker compose up -d triton\n",
    },
)
QUIET["a test builds the folder"] = (
    "dead-file",
    {
        "tests/community/test_server.py": 'image = DockerImage(path=HERE / "samples/python_server")\n',
        "tests/community/samples/python_server/Dockerfile": "FROM scratch\nCOPY a /\n",
        "tests/community/samples/python_server/a": "",
    },
)
QUIET["an override leaves the Dockerfile to its base"] = (
    "missing-dockerfile",
    {
        "docker-compose.yml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: api.Dockerfile\n",
        "docker-compose.override.unit_tests.yml": "services:\n  api:\n    build:\n      target: tests\n",
        "api.Dockerfile": "FROM scratch AS tests\nCOPY a /\n",
        "a": "",
    },
)
QUIET["a lint stage is no image"] = (
    "runs-as-root",
    {
        "docker-bake.hcl": 'target "lint" {\n  dockerfile = "lint.Dockerfile"\n  output = ["type=cacheonly"]\n}\n',
        "lint.Dockerfile": "FROM golang:1.24-alpine AS lint\nRUN go vet\n",
    },
)
QUIET["a variable that collects compose files"] = (
    "missing-compose-file",
    {
        "e2e.sh": 'file=e2e/compose.yaml\nif [ -n "$X" ]; then file="${file}:./e2e/compose.ssh.yaml"; fi\n'
        "COMPOSE_FILE=$file docker compose up -d\n",
        "e2e/compose.yaml": WEB,
        "e2e/compose.ssh.yaml": WEB,
    },
)


@pytest.mark.parametrize("case", QUIET)
def test_quiet(case: str) -> None:
    rule, files = QUIET[case]
    found = find(rule)
    assert found is not None
    assert examine(files, [found]).findings == []


def test_the_same_without_what_makes_it_quiet() -> None:
    """The cases above are about what they say: without it the rules do speak."""
    port, used = find("unserved-port"), find("unused-build-argument")
    assert port is not None
    assert used is not None
    files = {"compose.yaml": BUILD, "Dockerfile": "FROM nginx:1.27\nEXPOSE 8080\n"}
    assert [one.rule for one in examine(files, [port]).findings] == ["unserved-port"]
    text = {"Dockerfile": "FROM golang:1.24\nARG VERSION_MIN=11.0\nRUN go build .\n"}
    assert [one.rule for one in examine(text, [used]).findings] == ["unused-build-argument"]


def test_a_wrong_port_is_pointed_at() -> None:
    files = {
        "compose.yaml": "services:\n  api:\n    image: example.com/api:1\n    ports: ['8081:8080']\n    healthcheck:\n"
        "      test: curl -f http://localhost:8081/health\n"
    }
    (finding,) = examine(
        files, [rule for rule in all_rules() if rule.id == "wrong-healthcheck-port"]
    ).findings
    line = files["compose.yaml"].splitlines()[finding.location.line - 1]
    assert line[finding.location.column - 1 : finding.location.end_column - 1] == "8081"


def test_services_that_share_an_anchor_are_one_finding() -> None:
    files = {
        "compose.yaml": "x-waits: &waits\n  depends_on: [db]\nservices:\n  a: {<<: *waits, image: 'a:1'}\n"
        "  b: {<<: *waits, image: 'b:1'}\n  db:\n    image: postgres:16\n    healthcheck: {test: pg_isready}\n"
    }
    rule = find("dependency-without-condition")
    assert rule is not None
    (finding,) = examine(files, [rule]).findings
    assert finding.evidence == ("so do `b`, by the same lines",)


DOWN = 'import subprocess\n\n\ndef stop(project):\n    subprocess.run(["docker", "compose", {}"down", "-v"], check=True)\n'


@pytest.mark.parametrize(
    ("path", "flags", "severity"),
    [
        ("tests/test_e2e.py", '"-p", project, ', Severity.NOTE),
        ("tests/test_e2e.py", '"-f", "docker-compose.test.yml", ', Severity.NOTE),
        ("tests/test_e2e.py", '"-f", "docker-compose.yml", ', Severity.HIGH),
        ("tests/test_e2e.py", "", Severity.HIGH),
        ("deploy/stop.py", '"-p", project, ', Severity.HIGH),
    ],
)
def test_tests_that_destroy_what_is_theirs(path: str, flags: str, severity: Severity) -> None:
    files = {path: DOWN.replace("{}", flags), "docker-compose.yml": WEB, "docker-compose.test.yml": WEB}
    rule = find("destroys-data")
    assert rule is not None
    (finding,) = examine(files, [rule]).findings
    assert finding.severity is severity


def test_portainer_makes_its_env_file() -> None:
    rule = find("missing-env-file")
    assert rule is not None
    (finding,) = examine({"compose.yaml": WEB + "    env_file: stack.env\n"}, [rule]).findings
    assert finding.severity is Severity.NOTE


def dead(files: dict[str, str]) -> dict[str, str]:
    rule = find("dead-file")
    assert rule is not None
    return {one.location.path: one.message for one in examine(files, [rule]).findings}


def test_a_file_that_only_a_dead_file_uses_is_said_to_be_used_by_it() -> None:
    files = {
        "old/compose.e2e.yml": "services:\n  api:\n    build: ./api\n",
        "old/api/Dockerfile": "FROM scratch\nCOPY a /\n",
        "old/api/a": "",
    }
    assert dead({path.replace("old", "x"): text for path, text in files.items()})["x/api/Dockerfile"] == (
        "used only by `x/compose.e2e.yml`, which nothing uses itself"
    )


def test_a_readme_that_links_the_folder_is_a_mention() -> None:
    files = {"examples/cron/apache/Dockerfile": "FROM scratch\nCOPY a /\n", "examples/cron/apache/a": ""}
    assert "nothing in the repository names" in dead(files)["examples/cron/apache/Dockerfile"]
    linked = {**files, "examples/README.md": "[cron](https://x.example/tree/main/examples/cron/apache)\n"}
    assert "only mentioned (examples/README.md)" in dead(linked)["examples/cron/apache/Dockerfile"]


MADE = {
    "what git ignores is generated: a Dockerfile": (
        "missing-dockerfile",
        {".gitignore": "/Dockerfile.dev\n", "Makefile": "dev:\n\tdocker build -f Dockerfile.dev -t dev .\n"},
    ),
    "what git ignores is generated: a compose file": (
        "missing-compose-file",
        {".gitignore": "tools/_sources\n", "up.sh": "docker compose -f tools/_sources/compose.yml up\n"},
    ),
    "what git ignores is installed: a context": (
        "missing-context",
        {
            ".gitignore": "/vendor\n",
            "compose.yaml": "services:\n  app:\n    build: ./vendor/laravel/sail/runtimes/8.4\n",
        },
    ),
    "a Makefile has a rule for it": (
        "missing-dockerfile",
        {
            "Makefile": "Dockerfile.kube: tools/Dockerfile.j2\n\tansible-playbook tools/dockerfile.yml\n\n"
            "kube: Dockerfile.kube\n\tdocker build -f Dockerfile.kube -t kube .\n"
        },
    ),
    "a hole in a format": (
        "missing-compose-file",
        {
            "make.ps1": "$file = 'build-windows_{0}.yaml' -f $type\n$cmd = 'docker-compose --file={0}' -f $file\n"
        },
    ),
    "the program gives compose its files": (
        "missing-service",
        {
            "compose.yaml": WEB,
            "more.yaml": "services:\n  db:\n    image: postgres:16\n",
            "up.py": 'import os, subprocess\nos.environ["COMPOSE_FILE"] = "compose.yaml:more.yaml"\n'
            'subprocess.run(["docker", "compose", "up", "db"])\n',
        },
    ),
    "the workflow gives compose its files": (
        "missing-service",
        {
            "compose.yaml": WEB,
            "more.yaml": "services:\n  db:\n    image: postgres:16\n",
            "up.sh": "docker compose up -d db\n",
            ".github/workflows/ci.yml": "env:\n  COMPOSE_FILE: compose.yaml:more.yaml\njobs:\n  t:\n    runs-on: x\n    steps:\n"
            "      - run: ./up.sh\n",
        },
    ),
    "a plain else is no fallback": (
        "fallback",
        {
            "restore.sh": '#!/bin/bash\nif [[ -f "$1/backup.gz" ]]; then\n  docker run -u mysql db:1\nelse\n  docker run db:1\nfi\n'
        },
    ),
    "the else of another if": (
        "fallback",
        {
            "up.sh": "#!/bin/bash\nif [ $MODE = all ]; then\n  if ! command -v docker; then\n    exit 1\n  fi\n"
            "  docker compose up -d\nelse\n  docker compose up -d web\nfi\n",
            "compose.yaml": WEB,
        },
    ),
    "credentials of a fixture": (
        "whole-context-copied",
        {
            ".dockerignore": ".git\n",
            "Dockerfile": "FROM scratch\nCOPY . /\n",
            "login/fixtures/credentials.json": "{}",
            "compose.yaml": "services:\n  a:\n    build: .\n",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), MADE.values(), ids=MADE)
def test_what_is_made_or_meant_is_no_fault(name: str, files: dict[str, str]) -> None:
    rule = find(name)
    assert rule is not None
    assert not examine(files, [rule]).findings


def test_the_else_of_a_check_for_the_engine_is_a_fallback() -> None:
    rule = find("fallback")
    assert rule is not None
    text = "#!/bin/sh\nif command -v podman; then\n  podman run db:1\nelse\n  docker run db:1\nfi\n"
    assert len(examine({"up.sh": text}, [rule]).findings) == 1


def test_a_name_nobody_can_pull_is_made_here() -> None:
    rule = find("moving-tag")
    assert rule is not None
    files = {"a/Dockerfile": "FROM bats-jenkins\n", "b/Dockerfile": "FROM alpine\n"}
    found = {one.message.split("`")[1]: one.confidence for one in examine(files, [rule]).findings}
    assert found == {"bats-jenkins": Confidence.LOW, "alpine": Confidence.HIGH}


def test_a_password_that_is_the_user_s_name_guards_nothing() -> None:
    rule = find("secret-in-compose")
    assert rule is not None
    files = {
        "compose.yaml": "services:\n  db:\n    image: mysql:8\n    environment:\n      MYSQL_USER: shop-app\n"
        "      MYSQL_PASSWORD: shop-app\n      MYSQL_ROOT_PASSWORD: 7h3-r34l-0n3\n"
    }
    found = {one.message.split("`")[1]: one.severity for one in examine(files, [rule]).findings}
    assert found == {"MYSQL_PASSWORD": Severity.LOW, "MYSQL_ROOT_PASSWORD": Severity.HIGH}


def test_what_documentation_names_is_a_question() -> None:
    rule = find("dead-file")
    assert rule is not None
    files = {
        "compose.yaml": WEB,
        "local.compose.yaml": WEB,
        "CONTRIBUTING.md": "Start it with local.compose.yaml.\n",
        "conf/NAME/compose.override.yaml": "services:\n  web:\n    ports: ['1:1']\n",
    }
    found = {one.location.path: one for one in examine(files, [rule]).findings}
    assert all(one.confidence is Confidence.LOW for one in found.values())
    assert found["local.compose.yaml"].message == (
        "only documentation names this compose file (CONTRIBUTING.md:1): does anybody still use it?"
    )
    assert "conf/NAME/compose.override.yaml" in found


KAFKA = "services:\n  kafka:\n    image: confluentinc/cp-kafka:7.6\n"
FRESH = {
    "the name of a file of credentials": (
        "secret-in-compose",
        {"compose.yaml": KAFKA + "    environment:\n      KAFKA_SSL_KEY_CREDENTIALS: broker_sslkey_creds\n"},
    ),
    "a word in a frame is to be replaced": (
        "secret-in-compose",
        {"compose.yaml": KAFKA + "    environment:\n      ADMIN_PASSWORD: _admin_password_\n"},
    ),
    "tags of an image made here are names": (
        "version-skew",
        {
            "build.sh": "docker build -t me/kuma:base2 -f base.dockerfile .\n",
            "base.dockerfile": "FROM scratch\nCOPY a /\n",
            "a": "",
            "app.dockerfile": "FROM me/kuma:base2\n",
            "compose.yaml": "services:\n  kuma:\n    image: me/kuma:2\n",
        },
    ),
    "what is extended from another file is the same service": (
        "shared-project-name",
        {
            "db.yml": "name: shop\nservices:\n  db:\n    image: postgres:16\n",
            "services.yml": "name: shop\nservices:\n  db:\n    extends: {file: db.yml, service: db}\n    profiles: ['']\n",
            "app.yml": "name: shop\nservices:\n  app:\n    image: nginx:1.27\n",
            "up.sh": "docker compose -f db.yml up\ndocker compose -f services.yml up\ndocker compose -f app.yml up\n",
        },
    ),
    "an image for people to develop in": (
        "build-tools-in-final-image",
        {
            "docker/develop/noble/Dockerfile": "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y make gcc\n",
            "build.sh": "docker build docker/develop/noble\n",
        },
    ),
    "a credentials module of a vendored package": (
        "whole-context-copied",
        {
            ".dockerignore": ".git\n",
            "Dockerfile": "FROM scratch\nCOPY . /\n",
            "vendor/x.example/minio/credentials/credentials.json": "{}",
            "compose.yaml": "services:\n  a:\n    build: .\n",
        },
    ),
    "the context depends on the image": (
        "copy-source-missing",
        {
            ".github/workflows/images.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/one.yml\n    with:\n      image: web\n"
            "      dockerfile: op/web.Dockerfile\n  b:\n    uses: ./.github/workflows/one.yml\n    with:\n      image: bundle\n"
            "      dockerfile: op/bundle/bundle.Dockerfile\n",
            ".github/workflows/one.yml": "on:\n  workflow_call:\n    inputs:\n      image: {type: string}\n      dockerfile: {type: string}\n"
            "jobs:\n  one:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/build-push-action@v6\n"
            "        with:\n          context: ${{ inputs.image == 'bundle' && 'op/bundle' || 'op' }}\n          file: ${{ inputs.dockerfile }}\n",
            "op/web.Dockerfile": "FROM scratch\nCOPY go.mod /\n",
            "op/go.mod": "",
            "op/bundle/bundle.Dockerfile": "FROM scratch\nCOPY ./manifests /manifests\n",
            "op/bundle/manifests/a.yaml": "",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), FRESH.values(), ids=FRESH)
def test_fresh_repositories(name: str, files: dict[str, str]) -> None:
    rule = find(name)
    assert rule is not None
    assert not [one for one in examine(files, [rule]).findings if one.confidence is Confidence.HIGH]


def test_a_name_within_a_name_is_no_manager_of_containers() -> None:
    rule = find("docker-socket-mounted")
    assert rule is not None
    text = KAFKA + "    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n"
    assert [one.severity for one in examine({"compose.yaml": text}, [rule]).findings] == [Severity.HIGH]


def test_a_secret_of_an_anchor_is_said_once() -> None:
    rule = find("secret-in-compose")
    assert rule is not None
    text = (
        "x-env: &env\n  DB_PASSWORD: 7h3-r34l-0n3\nservices:\n  a:\n    image: x:1\n    environment:\n      <<: *env\n"
        "  b:\n    image: x:1\n    environment:\n      <<: *env\n"
    )
    assert len(examine({"compose.yaml": text}, [rule]).findings) == 1


THIRD = {
    "a folder that the script makes": (
        "missing-context",
        {
            "build.sh": "#!/bin/sh\nOUT=target/docker\nmkdir -p $OUT\ncp -r src/* $OUT/\ncd $OUT\ndocker build -t x .\n"
        },
    ),
    "a piece that a program loads with others": (
        "undefined-service",
        {
            "suites/A/compose.yml": "services:\n  backend:\n    depends_on: [ldap]\n",
            "suites/B/compose.yml": "services:\n  ldap:\n    image: ldap:1\n",
            "suites/env.go": 'package s\nvar f = "A/compose.yml"\nvar g = "B/compose.yml"\n',
        },
    ),
    "a piece whose paths are seen from above": (
        "missing-bind-source",
        {
            "suites/A/compose.yml": "services:\n  backend:\n    volumes: ['./A/conf.yml:/conf.yml']\n",
            "suites/A/conf.yml": "",
        },
    ),
    "what a compiler makes": (
        "copy-source-missing",
        {
            "Makefile": "NAME=harbor_core\n\nbuild:\n\tgo build -o $(OUT)/$(NAME)\n\tdocker build -f core/Dockerfile .\n",
            "core/Dockerfile": "FROM scratch\nCOPY core/harbor_core /\n",
        },
    ),
    "an env file of a test": (
        "missing-env-file",
        {"tests/compose.yml": WEB + "    env_file: config/db/env\n"},
    ),
    "a program is no compose file": (
        "missing-dockerfile",
        {"src/dockerCompose.yaml.js": "services:\n  web:\n    build: .\n"},
    ),
    "an ignore file beside a Dockerfile that is built in a way that is not known": (
        "unread-ignore-file",
        {
            "Makefile": "define one\n\tdocker build -f $(1)/Dockerfile $(1)/.\nendef\n\nall:\n\tdocker build .\n",
            "Dockerfile": "FROM scratch\nCOPY a /\n",
            "a": "",
            "web/Dockerfile": "FROM scratch\nCOPY b /\n",
            "web/b": "",
            "web/.dockerignore": "c\n",
        },
    ),
    "an image that makes a package": (
        "build-tools-in-final-image",
        {
            "Makefile": "rpm:\n\tdocker build -f packaging/rpm/Dockerfile .\n",
            "packaging/rpm/Dockerfile": "FROM rockylinux:9\nRUN dnf install -y rpm-build\n",
        },
    ),
    "an image that people work in": (
        "build-tools-in-final-image",
        {
            "compose.yaml": "services:\n  php:\n    build: {context: ., dockerfile: php.Dockerfile}\n    volumes: ['./:/app']\n",
            "php.Dockerfile": "FROM php:8.3-alpine\nRUN apk add --no-cache icu-dev\n",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), THIRD.values(), ids=THIRD)
def test_the_third_draw(name: str, files: dict[str, str]) -> None:
    rule = find(name)
    assert rule is not None
    assert not [one for one in examine(files, [rule]).findings if one.confidence is Confidence.HIGH]


FOURTH = {
    "a stage that the README names": (
        "unused-stage",
        {
            "README.md": "The supported values for target are: slim, geoip.\n",
            "Dockerfile": "FROM alpine:3 AS slim\nFROM slim AS geoip\nRUN true\nFROM slim AS full\n",
            "build.sh": "docker build -t a .\n",
        },
    ),
    "a command that a program tells people": (
        "missing-compose-file",
        {
            "a.go": 'package a\n\nvar e = fmt.Errorf("did you run docker compose -f x/docker-compose.yaml up -d?")\n'
        },
    ),
    "a folded command of a task": (
        "missing-dockerfile",
        {
            "Taskfile.yml": "version: '3'\ntasks:\n  a:\n    cmds:\n    - cmd: >\n        docker build --rm\n        -f docker/Dockerfile.x\n"
            "        -t x .\n",
            "docker/Dockerfile.x": "FROM scratch\n",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), FOURTH.values(), ids=FOURTH)
def test_the_fourth_draw(name: str, files: dict[str, str]) -> None:
    rule = find(name)
    assert rule is not None
    assert not [one for one in examine(files, [rule]).findings if one.confidence is Confidence.HIGH]


@pytest.mark.parametrize(
    ("run", "stays"),
    [
        ("apk add gcc && apk del curl", True),
        ("apk add gcc && apk del gcc", False),
        ("apk add --virtual .deps gcc && apk del .deps", False),
        ("apk add -t build-deps gcc && apk del build-deps", False),
        ("apk add gcc && apk del $DEPS", False),
    ],
)
def test_what_is_removed_is_gone_and_what_else_is_removed_is_not(run: str, stays: bool) -> None:
    rule = find("build-tools-in-final-image")
    assert rule is not None
    files = {"Dockerfile": f"FROM alpine:3\nRUN {run}\n", "compose.yaml": "services:\n  a:\n    build: .\n"}
    assert bool(examine(files, [rule]).findings) is stays


FIFTH = {
    "Windows has no root": (
        "runs-as-root",
        {"Dockerfile": "FROM golang:1.26-windowsservercore-ltsc2025\nRUN go version\n"},
    ),
    "git-lfs builds nothing": (
        "build-tools-in-final-image",
        {
            "Dockerfile": "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y git git-lfs\n",
            "compose.yaml": "services:\n  a:\n    build: .\n",
        },
    ),
    "an import that is meant to be optional": (
        "missing-module",
        {
            "pkg/__init__.py": "",
            "pkg/docker_run.py": "import subprocess\ntry:\n    from pkg.local import X\nexcept ImportError:\n    X = 1\n"
            "subprocess.run(['docker', 'ps'])\n",
        },
    ),
}


@pytest.mark.parametrize(("name", "files"), FIFTH.values(), ids=FIFTH)
def test_the_fifth_draw(name: str, files: dict[str, str]) -> None:
    rule = find(name)
    assert rule is not None
    assert not [one for one in examine(files, [rule]).findings if one.confidence is Confidence.HIGH]
