"""Service, variant and environment."""

import pytest

from dockwright.repository.classify import compose_words, dockerfile_parts
from tests.repository.small import SCRATCH, inventory


@pytest.mark.parametrize(
    ("name", "service", "variants"),
    [
        ("Dockerfile", "", ()),
        ("api.Dockerfile", "api", ()),
        ("api.podman-optimized.Dockerfile", "api", ("podman-optimized",)),
        ("Dockerfile.api.dev", "api", ("dev",)),
        ("Dockerfile.dev.windows", "", ("dev", "windows")),
        ("Dockerfile.load-tester", "load-tester", ()),
        ("Dockerfile.test-seeder", "test-seeder", ()),
        ("Dockerfile.agent-base", "agent-base", ()),
        ("Dockerfile.postgres-hardened", "postgres", ("hardened",)),
        ("rstudio_4.2.1.Dockerfile", "rstudio", ("4.2.1",)),
        ("Dockerfile.frontend.vite", "frontend", ("vite",)),
        ("v12.Dockerfile", "", ("v12",)),
        ("Dockerfile.cuda11", "", ("cuda11",)),
        ("api.Dockerfile.bak", "api", ()),
    ],
)
def test_parts_of_a_name(name, service, variants):
    parts = dockerfile_parts(name)
    assert (parts.service, parts.variants) == (service, variants)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("docker-compose.yml", []),
        ("docker-compose.test.ci.yml", ["test", "ci"]),
        ("compose.override.yaml", []),
        ("podman-compose.yml", []),
        ("docker-compose-prod.yaml", ["prod"]),
    ],
)
def test_words_of_a_compose_name(name, words):
    assert compose_words(name) == words


def service(files, path):
    return inventory({"a": "", **files}).dockerfile(path)


def test_the_folder_names_the_service_when_the_file_does_not():
    assert (
        service({"services/billing/Dockerfile.dev": SCRATCH}, "services/billing/Dockerfile.dev").service
        == "billing"
    )
    assert (
        service({"images/api/alpine/Dockerfile": SCRATCH}, "images/api/alpine/Dockerfile").variant == "alpine"
    )


def test_the_builder_names_the_service_when_nothing_else_does():
    files = {
        "deploy/Dockerfile": SCRATCH,
        "docker-compose.yml": "services:\n  test-runner:\n    build: {context: ., dockerfile: deploy/Dockerfile}\n"
        "  shop:\n    build: {context: ., dockerfile: deploy/Dockerfile}\n",
    }
    assert service(files, "deploy/Dockerfile").service == "shop"


def test_a_project_of_its_own_stands_in_front():
    files = {
        "projects/shop/web.Dockerfile": SCRATCH,
        "projects/shop/captain-definition": '{"schemaVersion": 2, "dockerfilePath": "./web.Dockerfile"}',
        "web.Dockerfile": SCRATCH,
    }
    facts = inventory({"a": "", **files})
    assert facts.dockerfile("projects/shop/web.Dockerfile").service == "shop/web"
    assert facts.dockerfile("web.Dockerfile").service == "web"


def test_a_folder_that_is_the_context_is_the_service_itself():
    files = {
        "billing/Dockerfile": SCRATCH,
        "billing/a": "",
        "compose.yaml": "services:\n  b:\n    build: billing\n",
    }
    assert service(files, "billing/Dockerfile").service == "billing"


@pytest.mark.parametrize(
    ("name", "text", "environment"),
    [
        ("docker-compose.prod.yml", "services:\n  web: {image: nginx}\n", "production"),
        ("docker-compose.ci.yml", "services:\n  web: {image: nginx}\n", "ci"),
        (
            "docker-compose.yml",
            "services:\n  dev-web: {image: nginx}\n  dev-db: {image: postgres}\n",
            "development",
        ),
        ("docker-compose.yml", "services:\n  dev-web: {image: nginx}\n  test-web: {image: nginx}\n", ""),
        (
            "docker-compose.yml",
            "services:\n  web:\n    image: nginx\n    environment: {APP_ENV: staging}\n",
            "staging",
        ),
        (
            "docker-compose.yml",
            "services:\n  web:\n    image: nginx\n    environment: [NODE_ENV=production]\n",
            "",
        ),
        (
            "docker-compose.yml",
            "services:\n  web:\n    image: nginx\n    environment: ['NODE_ENV=${E:-development}']\n",
            "development",
        ),
    ],
)
def test_environment_of_a_compose_file(name, text, environment):
    assert inventory({name: text}).composes[0].environment == environment


def test_a_dockerfile_has_the_environment_of_the_files_that_build_it():
    files = {"Dockerfile": SCRATCH, "docker-compose.staging.yml": "services:\n  web:\n    build: .\n"}
    assert service(files, "Dockerfile").environment == "staging"
    files["docker-compose.prod.yml"] = "services:\n  web:\n    build: .\n"
    assert service(files, "Dockerfile").environment == ""


def test_a_dockerfile_that_another_build_makes_for_no_environment_has_none():
    found = inventory(
        {
            "docker/Dockerfile": SCRATCH,
            "compose.test.yaml": "services:\n  web:\n    build: {context: ., dockerfile: docker/Dockerfile}\n",
            "docker-bake.hcl": 'target "web" {\n  dockerfile = "docker/Dockerfile"\n}\n',
        }
    )
    assert [item.environment for item in found.dockerfiles] == [""]


def test_an_inline_dockerfile_is_not_called_after_the_file_around_it():
    script = "docker build -t x - <<EOF\nFROM alpine:3.20\nRUN apk add curl\nEOF\n"
    compose = "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM alpine:3.20\n        RUN true\n"
    found = inventory({"tools/deploy_to_cloud.sh": script, "compose.yaml": compose})
    assert sorted((item.service, item.variant) for item in found.dockerfiles if item.inline) == [
        ("", ""),
        ("web", ""),
    ]
