"""Reading compose files into services and resources."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose import looks_like_compose, parse, read
from tests.compose.corpus_files import compose_texts

FULL = b"""\
name: demo
x-base: &base
  restart: unless-stopped
  environment: &env
    LOG: info
include:
  - common.yaml
  - path: [db.yaml, db.override.yaml]
    project_directory: ./db
    env_file: db.env
services:
  web:
    <<: *base
    image: registry.example/web:${TAG:-latest}
    container_name: web
    build:
      context: ./web
      dockerfile: Dockerfile.prod
      target: ${TARGET}
      args: [A=1, B]
      additional_contexts: {lib: ../lib}
      tags: ["web:1"]
      platforms: [linux/amd64]
      cache_from: ["type=gha"]
    command: ["serve", "--port", "80"]
    entrypoint: /run.sh
    env_file:
      - .env
      - path: local.env
        required: false
    environment:
      <<: *env
      PORT: 8080
      DEBUG:
      SECRET: ${SECRET:?set it}
    expose: [9000]
    networks:
      front: {aliases: [www], ipv4_address: 10.0.0.2}
      back:
    secrets: [token, {source: key, target: /k}]
    configs: [conf]
    depends_on:
      db: {condition: service_healthy, required: false}
    healthcheck:
      test: ["CMD-SHELL", "curl -f localhost"]
      interval: 10s
      retries: 3
    profiles: [prod]
    deploy:
      replicas: 2
      resources:
        limits: {cpus: '0.5', memory: 512M}
        reservations: {memory: 256M}
      restart_policy: {condition: on-failure}
    develop:
      watch:
        - {path: ./src, action: sync, target: /app, ignore: [node_modules/]}
    user: "1000"
    privileged: true
    cap_add: [NET_ADMIN]
    extra_hosts: ["a:1.2.3.4"]
    labels: {com.x: y}
  db:
    extends: {file: base.yaml, service: pg}
    depends_on: [web]
    healthcheck: {test: pg_isready, disable: true}
    mem_limit: 1g
    tmpfs: /tmp
    network_mode: host
networks:
  front: {name: shared, external: true}
  back:
    ipam: {config: [{subnet: 10.1.0.0/16}]}
volumes:
  data: {driver: local, driver_opts: {device: ./d}}
secrets:
  token: {file: ./token}
configs:
  conf: {content: "x"}
"""


@pytest.fixture(scope="module")
def full():
    file = read(FULL, "dir/compose.yaml")
    assert file.problems == []
    return file


def test_top_level(full):
    assert full.name.raw == "demo"
    assert list(full.services) == ["web", "db"]
    assert full.networks["front"].external
    assert full.networks["front"].name.raw == "shared"
    assert full.networks["back"].subnets[0].raw == "10.1.0.0/16"
    assert full.volumes["data"].driver.raw == "local"
    assert full.secrets["token"].file.located() == "dir/token"
    assert full.configs["conf"].content.raw == "x"
    assert [[path.raw for path in include.paths] for include in full.includes] == [
        ["common.yaml"], ["db.yaml", "db.override.yaml"],
    ]  # fmt: skip
    assert full.includes[1].project_directory.raw == "./db"
    assert full.anchors == {"base": 1, "env": 1}
    assert not full.is_fragment


def test_build(full):
    build = full.services["web"].build
    assert (build.context.raw, build.dockerfile.raw, build.target.raw) == (
        "./web",
        "Dockerfile.prod",
        "${TARGET}",
    )
    assert [(arg.name, arg.value.raw if arg.value else None) for arg in build.args] == [
        ("A", "1"),
        ("B", None),
    ]
    assert build.additional_contexts[0].value.raw == "../lib"
    assert build.context.located() == "dir/web"
    assert [tag.raw for tag in build.tags] == ["web:1"]
    short = read(b"services: {a: {build: ./x}}").services["a"].build
    assert short.short
    assert short.context.raw == "./x"


def test_values_and_variables(full):
    web = full.services["web"]
    assert web.image.default == "registry.example/web:latest"
    assert web.image.resolved({"TAG": "2"}).text == "registry.example/web:2"
    assert web.image.literal is None
    assert web.container_name.literal == "web"
    assert web.build.target.resolved({}).unset == ("TARGET",)
    assert full.yaml.source.text(web.image.use_span(web.image.uses[0])) == "${TAG:-latest}"
    assert [(use.name, use.default, use.required) for use in full.variables()] == [
        ("TAG", "latest", False), ("TARGET", None, False), ("SECRET", None, True),
    ]  # fmt: skip
    assert full.yaml.source.text(full.variables()[2].span) == "${SECRET:?set it}"


def test_environment(full):
    found = {pair.name: pair.value.raw if pair.value else None for pair in full.services["web"].environment}
    assert found == {"PORT": "8080", "DEBUG": None, "SECRET": "${SECRET:?set it}", "LOG": "info"}


def test_bytes_of_commands_map_back():
    file = read(b"services: {a: {image: x, command: 'npm ci && npm start', environment: ['A=b c']}}")
    service = file.services["a"]
    mapped = service.command.text.mapped
    at = mapped.text.index("npm start")
    span = mapped.span(at, at + 9)
    assert file.yaml.data[span.start : span.end] == b"npm start"
    mapped = service.environment[0].value.mapped
    assert [file.yaml.data[mapped.offset(at)] for at in range(3)] == list(b"b c")


def test_the_rest_of_a_service(full):
    web, db = full.services["web"], full.services["db"]
    assert web.restart.raw == "unless-stopped"
    assert [word.raw for word in web.command.words] == ["serve", "--port", "80"]
    assert web.entrypoint.text.raw == "/run.sh"
    assert [(env.path.raw, env.required) for env in web.env_file] == [(".env", True), ("local.env", False)]
    assert [(net.name.raw, len(net.aliases)) for net in web.networks] == [("front", 1), ("back", 0)]
    assert [(ref.source.raw, ref.target.raw if ref.target else None) for ref in web.secrets] == [
        ("token", None), ("key", "/k"),
    ]  # fmt: skip
    dependency = web.depends_on[0]
    assert (dependency.service.raw, dependency.condition.raw, dependency.required) == (
        "db",
        "service_healthy",
        False,
    )
    assert web.healthcheck.shell
    assert web.healthcheck.retries.raw == "3"
    assert (web.limits.cpus.raw, web.limits.memory.raw, web.reservations.memory.raw) == (
        "0.5",
        "512M",
        "256M",
    )
    assert (web.replicas.raw, web.restart_policy.raw) == ("2", "on-failure")
    assert (web.watch[0].path.raw, web.watch[0].ignore[0].raw) == ("./src", "node_modules/")
    assert web.extra_hosts[0].value.raw == "1.2.3.4"
    assert "deploy" in web.keys
    assert (db.extends.file.raw, db.extends.service.raw) == ("base.yaml", "pg")
    assert db.depends_on[0].condition is None
    assert db.healthcheck.disabled
    assert db.healthcheck.shell
    assert db.limits.memory.raw == "1g"
    assert db.tmpfs[0].raw == "/tmp"


def test_places(full):
    web = full.services["web"]
    source = full.yaml.source
    assert source.text(web.span) == "web"
    assert source.text(web.build.target.span) == "${TARGET}"
    assert source.text(web.environment[0].span) == "PORT"
    assert source.text(web.build.args[0].value.span) == "1"
    assert source.text(web.depends_on[0].node.span) == "db"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("services: [a]", "services: is no mapping"),
        ("services: {a: [b]}", "services.a: service is no mapping"),
        ("services: {a: {image: [x]}}", "services.a.image: is no text"),
        ("services: {a: {ports: '80:80'}}", "services.a.ports: is no list"),
        ("services: {a: {environment: x}}", "services.a.environment: is no mapping or list"),
        ("services: {a: {volumes: ['/a::ro']}}", "empty section"),
        ("include: [[x]]", "include is no path"),
        ("- a", "top-level value is no mapping"),
    ],
)
def test_wrong_forms_are_named(text, message):
    problems = read(text.encode()).problems
    assert [problem.kind for problem in problems] == ["form"]
    assert message in problems[0].message


def test_reset_values_count_as_absent():
    found = read(
        b"services:\n  a:\n    image: !reset x\n    ports: !reset []\n    command: !override [b]\n    depends_on: {c: !reset null}\n"
    ).services["a"]
    assert found.image is None
    assert found.ports == ()
    assert found.command.words[0].raw == "b"
    assert found.depends_on == ()


def test_null_services_and_fragments():
    assert read(b"services: {a: , b: {image: x}}").services["a"].image is None
    assert read(b"services: {a: {ports: ['80']}}").is_fragment
    assert read(b"").is_fragment
    assert not read(b"include: [a.yaml]").is_fragment
    assert not read(b"services: {a: {extends: b}, b: {image: x}}").is_fragment


def test_further_documents_are_kept():
    file = read(b"services: {a: {image: x}}\n---\nservices: {a: {image: y}}\n")
    assert file.services["a"].image.raw == "x"
    assert file.further[0].services["a"].image.raw == "y"


COMPOSE = [
    "services: {a: {image: x}}",
    "services: {a: {build: .}}\nx-y: 1",
    "version: '3.8'\nservices: {a: {ports: ['80']}}",
    "include: [a.yaml]",
    "version: '3'\nnetworks: {a: }",
    "services: {a: {extends: {file: b}}}",
    "services:\n  a: !reset null",
]
OTHERS = [
    "apiVersion: v1\nkind: Service\nspec: {ports: [80]}",
    "on: push\njobs: {a: {runs-on: x, services: {db: {image: pg}}, steps: []}}",
    "services: [docker]\nstages: [a]",
    "steps: {a: {image: x}}\nservices: {db: {image: pg}}",
    "openapi: 3.0.0\npaths: {}",
    "parameters: {}\nservices: {app.x: {class: X}}",
    "environments: {dev: {services: {a: {image: x}}}}",
    "services: {a: {type: php}}",
    "version: 2\nupdates: []",
    "version: '1.0'\nname: x",
    "just text",
    "",
    "- a",
    "services: {}",
    "services: {a: 1}",
]


@pytest.mark.parametrize("text", COMPOSE)
def test_compose_files_are_recognised(text):
    assert looks_like_compose(parse(text.encode()))


@pytest.mark.parametrize("text", OTHERS)
def test_other_files_are_not(text):
    assert not looks_like_compose(parse(text.encode()))


# A broken test input, and two overrides that change nothing.
NOT_RECOGNISED = {
    "containers/podman-compose:tests/integration/parse-error/docker-compose-error.yml",
    "zulip/docker-zulip:ci/backup-restore-volume/compose.yaml",
    "zulip/docker-zulip:ci/legacy-env/compose.yaml",
}


@pytest.mark.slow
def test_corpus(corpus: Path):
    services = uses = 0
    for name, text in compose_texts(corpus):
        file = read(text.encode(), name)
        services += len(file.services)
        for use in file.variables():
            assert file.yaml.source.text(use.span).lstrip("${").startswith(use.name), name
            uses += 1
        assert looks_like_compose(file.yaml) == (name not in NOT_RECOGNISED), name
    assert services > 2_900
    assert uses > 5_000


KEYS = [
    "services",
    "a",
    "image",
    "build",
    "ports",
    "volumes",
    "environment",
    "networks",
    "depends_on",
    "x",
    "<<",
]
ANY = st.recursive(
    st.sampled_from(["x", "80:80", "./a:/b", "${A:-b}", "1", "~", "true", "!reset x", "&a y", "*a"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=15,
)


@given(ANY)
def test_any_shape_is_read(text):
    file = read(f"services: {{a: {text}, b: {{build: {text}, ports: {text}, volumes: {text}}}}}".encode())
    file.variables()
    looks_like_compose(file.yaml)


def test_importing_brings_no_parser():
    code = (
        "import sys, dockwright.compose, dockwright.bake\n"
        "dockwright.compose.read(b'services: {a: {image: x}}')\n"
        "assert not any(name.startswith(('tree_sitter', 'yaml')) for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
