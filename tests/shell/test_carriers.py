"""Makefiles, package.json, justfiles, Procfiles, JavaScript and text: what they start."""

import pytest

from dockwright.shell.carriers import kind_of, may_start_containers
from dockwright.shell.docker_cli import read_call
from tests.shell.texts import found, shown, source, starts

MAKEFILE = """\
IMAGE := app
TAG ?= latest
FILES = -f a.yml $(EXTRA)
export COMPOSE = docker compose $(FILES)

.PHONY: build up
build: Dockerfile src  # comment
\t@docker build -t $(IMAGE):$(TAG) \\
\t  --build-arg SHA=$(shell git rev-parse HEAD) -f $< .
\t-docker push $(REGISTRY)/$(IMAGE)

up:
\tcd deploy && $(COMPOSE) up -d $@
\tfor i in 1 2; do docker logs c$$i; done
one: ; docker ps
ifeq ($(CI),true)
ci:
\t$(MAKE) build
endif
"""


def test_recipes_of_a_makefile():
    words = starts(MAKEFILE, "Makefile")
    assert ["docker", "build", "-t", "app:latest", "--build-arg", "SHA=…", "-f", "Dockerfile", "."] in words
    assert ["git", "rev-parse", "HEAD"] in words
    assert ["docker", "push", "…/app"] in words
    assert ["docker", "compose", "-f", "a.yml", "…", "up", "-d", "up"] in words
    assert ["docker", "logs", "c{1|2}"] in words
    assert ["docker", "ps"] in words
    assert ["make", "build"] in words


def test_targets_and_places_of_recipes():
    invocations = found(MAKEFILE, "Makefile").invocations
    build = next(item for item in invocations if shown(item.argv)[:2] == ["docker", "build"])
    assert (build.function, build.via) == ("build", "make")
    span = build.argv[1].span
    assert MAKEFILE[span.start : span.end] == "build"
    tag = build.argv[3]
    assert tag.assumed
    assert MAKEFILE[tag.span.start : tag.span.end].startswith("$(IMAGE)")
    up = next(item for item in invocations if item.function == "up")
    assert shown(up.argv) == ["cd", "deploy"]


def test_a_variable_that_holds_a_whole_command():
    text = "DC = cd deploy && docker compose\nup:\n\t$(DC) up\n"
    assert ["docker", "compose", "up"] in starts(text, "Makefile")


def test_variables_that_refer_to_themselves_end():
    assert starts("A = $(B)\nB = $(A)\nx:\n\tdocker $(A) ps\n", "Makefile")


def test_scripts_of_package_json():
    text = '{"name": "x", "scripts": {"up": "docker compose -f \\"a.yml\\" up", "db": "npm run x && docker run -d db"}, "y": {}}'
    assert ["docker", "compose", "-f", "a.yml", "up"] in starts(text, "web/package.json")
    result = found(text, "package.json")
    run = next(item for item in result.invocations if shown(item.argv)[:2] == ["docker", "run"])
    assert (run.function, run.link.value) == ("db", "&&")
    assert text[run.argv[0].span.start : run.argv[0].span.end] == "docker"


def test_a_justfile():
    text = 'image := "app"\n\nbuild tag="x": lint\n    @docker build -t {{image}}:{{tag}} .\n\nup:\n    docker compose up\n'
    words = starts(text, "justfile")
    assert ["docker", "build", "-t", "app:…", "."] in words
    assert found(text, "justfile").invocations[-1].function == "up"


def test_a_procfile():
    assert starts("web: gunicorn app:app\nup: docker compose up\n", "Procfile") == [
        ["gunicorn", "app:app"], ["docker", "compose", "up"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("execSync('docker ps -a')", ["docker", "ps", "-a"]),
        ("child_process.exec(`docker rm ${name}`, cb)", ["docker", "rm", "…"]),
        (
            "spawn('docker', ['compose', '-f', file, 'up'], {stdio: 'inherit'})",
            ["docker", "compose", "-f", "…", "up"],
        ),
        ("await execa('docker', ['ps'])", ["docker", "ps"]),
        ("await $`docker ps`", ["docker", "ps"]),
        ('exec.Command("docker", "build", "-t", tag, ".")', ["docker", "build", "-t", "…", "."]),
        ("sh 'docker build .'", ["docker", "build", "."]),
        ('sh """\n  docker build .\n"""', ["docker", "build", "."]),
        ('system("docker", "ps")', ["docker", "ps"]),
    ],
)
def test_calls_by_their_look(text, words):
    assert words in starts(text, "tool.js")


@pytest.mark.parametrize(
    "text", ["// exec('docker ps')", "const x = 'docker ps'", "console.log('docker ps')", "regex.exec(text)"]
)
def test_code_that_starts_nothing(text):
    assert starts(text, "tool.ts") == []


def test_command_lines_in_documentation():
    text = "# Use\n\nRun `docker compose up -d` first.\n\n```\n$ docker build -f a.Dockerfile \\\n    -t x .\ndocker is a tool\n```\n"
    assert starts(text, "README.md") == [
        ["docker", "compose", "up", "-d"], ["docker", "build", "-f", "a.Dockerfile", "-t", "x", "."],
    ]  # fmt: skip


def test_exported_variables_reach_the_calls_after_them():
    text = "#!/bin/sh\nexport COMPOSE_FILE=a.yml\ndocker compose up\n"
    invocation = found(text, "up.sh").invocations[-1]
    assert shown(read_call(invocation.argv, invocation.env).files) == ["a.yml"]


@pytest.mark.parametrize(
    ("path", "first", "kind"),
    [
        ("a.sh", "", "shell"), ("bin/run", "#!/usr/bin/env bash\n", "shell"), ("bin/run", "#!/usr/bin/env -S python3 -u\n", "python"),
        ("bin/run", "#!/bin/sh -e\n", "shell"), ("Makefile", "", "make"), ("Makefile.dev", "", "make"), ("x.mk", "", "make"),
        ("a/package.json", "", "npm"), ("a.PY", "", "python"), ("x.ps1", "", "powershell"), ("x.bat", "", "cmd"),
        ("Jenkinsfile", "", "code"), ("tool.mjs", "", "code"), ("data.bin", "\x7fELF", ""), ("README.md", "", "text"),
    ],
)  # fmt: skip
def test_kinds(path, first, kind):
    assert kind_of(path, first.encode()) == kind


def test_the_cheap_test_of_bytes():
    assert may_start_containers(b"subprocess.run(['docker', 'ps'])")
    assert may_start_containers(b"podman-compose up")
    assert not may_start_containers(b"the dockerized app")
    assert not may_start_containers(b"nothing of the kind")


def test_a_file_of_no_known_kind_gives_nothing():
    assert found("docker ps", "data.bin").invocations == ()
    assert source("x").path == "script.sh"
