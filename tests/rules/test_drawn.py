"""What rules once said wrongly of real repositories (docs/precision.md), made small: each must stay as it is now."""

import pytest

from dockwright.rules.catalogue import all_rules, find
from dockwright.rules.finding import Severity
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
