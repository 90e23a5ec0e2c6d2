"""What names say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.repository.names import Kind, is_test_code, kind_of, named_after_containers


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "dockerfile",
        "docker/api.Dockerfile",
        "docker/api.dev.dockerfile",
        "Dockerfile.prod",
        "Dockerfile-alpine",
        "Dockerfile_dev",
        "Containerfile",
        "Containerfile.gpu",
        "ops/web.Containerfile",
        "Dockerfile.python",
        "Dockerfile.template",
        "Dockerfile.j2",
        "api.Dockerfile.tmpl",
        "Dockerfile.bak",
        ".hidden/Dockerfile",
    ],
)
def test_names_of_dockerfiles(path):
    assert kind_of(path) is Kind.DOCKERFILE


@pytest.mark.parametrize(
    "path",
    [
        "dockerfile.v0",
        "Dockerfile.md",
        "docs/dockerfile.html",
        "Dockerfile.py",
        "dockerfile_parser.go",
        "Dockerfile/readme.txt",
        "mydockerfiles.txt",
    ],
)
def test_names_that_only_look_like_dockerfiles(path):
    assert kind_of(path) is not Kind.DOCKERFILE


@pytest.mark.parametrize(
    "path",
    [
        "compose.yaml",
        "docker-compose.yml",
        "docker-compose.test.ci.yml",
        "podman-compose.yml",
        "docker-compose_dev.yaml",
        "search-compose.yml",
        "compose2.yaml",
        "docker-compose.yml.j2",
        "docker-compose.yml.backup",
    ],
)
def test_names_of_compose_files(path):
    assert kind_of(path) is Kind.COMPOSE


@pytest.mark.parametrize(
    "path", ["compose.py", "composer.json", "decompose.yml", "tools/compose.go", "composition.yaml"]
)
def test_names_that_only_look_like_compose_files(path):
    assert kind_of(path) is not Kind.COMPOSE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("docker-bake.hcl", Kind.BAKE),
        ("docker-bake.override.json", Kind.BAKE),
        ("bakefiles/1.2.docker-bake.json", Kind.BAKE),
        (".dockerignore", Kind.IGNORE),
        ("docker/api.Dockerfile.dockerignore", Kind.IGNORE),
        (".containerignore", Kind.IGNORE),
        (".github/workflows/docker-compose.yml", Kind.WORKFLOW),
        (".github/actions/build/action.yml", Kind.WORKFLOW),
        (".gitlab-ci.yml", Kind.PIPELINE),
        (".circleci/config.yml", Kind.PIPELINE),
        ("ci/Jenkinsfile.release", Kind.PIPELINE),
        (".buildkite/pipeline.yml", Kind.PIPELINE),
        ("captain-definition-worker", Kind.CAPTAIN),
        (".devcontainer/devcontainer.json", Kind.DEVCONTAINER),
        ("skaffold.yaml", Kind.SKAFFOLD),
        ("Tiltfile", Kind.TILT),
        ("ops/cloudbuild-api.yaml", Kind.CLOUDBUILD),
        ("fly.toml", Kind.PLATFORM),
        ("Procfile", Kind.PROCFILE),
        ("Makefile", Kind.SCRIPT),
        ("package.json", Kind.SCRIPT),
        ("up.ps1", Kind.SCRIPT),
        ("cmd/main.go", Kind.CODE),
        ("README.md", Kind.DOC),
        (".env.test", Kind.CONFIG),
        ("LICENSE", None),
        ("patches/docker-compose.yml.patch", None),
        ("docker-compose.yml.diff", None),
        ("compose.yaml.rej", None),
        ("Dockerfile.rej", None),
    ],
)
def test_other_kinds(path, kind):
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/e2e/up.py", True),
        ("src/app/test_api.py", True),
        ("web/src/App.test.ts", True),
        ("conftest.py", True),
        ("scripts/test_stack.sh", False),
        ("tests/tools/helper.py", True),
        ("tools/tests/helper.py", True),
        ("src/contest.py", False),
    ],
)
def test_test_code(path, test):
    assert is_test_code(path) is test


def test_named_after_containers():
    assert named_after_containers("scripts/docker_clean.py")
    assert not named_after_containers("docker/clean.py")
    assert not named_after_containers("tools/decompose.py")


@given(st.text(max_size=80))
def test_any_path_has_a_kind_or_none(path):
    assert kind_of(path) is None or kind_of(path) in Kind
