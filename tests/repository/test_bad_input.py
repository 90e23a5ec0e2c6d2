"""Any bytes at any place give an inventory, in bounded time, and say what was not looked at."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockwright.repository.files import MAX_BYTES
from dockwright.repository.inventory import build
from dockwright.trees.memory import Link, MemoryTree
from tests.repository.small import SCRATCH, inventory

NAMES = [
    "Dockerfile", "x.Dockerfile", "compose.yaml", "docker-compose.yml", "stack.yml", "docker-bake.hcl", "docker-bake.json",
    ".dockerignore", ".github/workflows/x.yml", ".gitlab-ci.yml", "Jenkinsfile", "cloudbuild.yaml", "captain-definition",
    ".devcontainer/devcontainer.json", "skaffold.yaml", "Tiltfile", "fly.toml", "heroku.yml", "render.yaml", "railway.json", "Makefile",
    "package.json", "docker.sh", "docker.py", "docker.js", "docker.ps1", "docker.bat", "README.md", "docs/x.rst", ".env", "config.toml",
    "main.go", "Procfile", "odd",
]  # fmt: skip
PIECES = [
    "docker build -f x.Dockerfile .", "docker compose -f compose.yaml up", "FROM x AS y\n", "COPY a b\n", "services:\n", "  web:\n",
    "    build: .\n", "jobs:\n", "steps:\n", "- run: docker ps\n", "${{ matrix.x }}", 'target "x" {\n', "}\n", '{"build": {"dockerfile": "x"}}',
    "<<EOF\n", "EOF\n", '"""', "'", "`", "$(", "\\\n", "\0", "\xff", "import docker\n", "def f():\n", "```sh\n", "include: [x.yml]\n", "<<: *a\n", "&a ",
    "docker_build('x', '.')\n", '[build]\ndockerfile = "x"\n', "\t", " ", "#", "!", "**", "{{", "%%X%%", "| ", "docker-compose.$ENV.yml ",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=4
    )
)
def test_any_text_has_an_inventory(files):
    repository = inventory(files)
    for item in repository.items():
        assert item.path.partition("#")[0] in files
    for reference in repository.references:
        assert 0 <= reference.place.span.start <= reference.place.span.end <= len(reference.place.source.data)
        assert reference.place.source.path in files
    for one in repository.builds:
        assert one.place.span.end <= len(one.place.source.data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_any_bytes_have_an_inventory(name, data):
    assert inventory({name: data}) is not None


def test_huge_files_are_skipped_and_said_to_be():
    tree = MemoryTree({"Dockerfile": SCRATCH}, sizes={"Dockerfile": MAX_BYTES + 1})
    repository = build(tree)
    assert repository.dockerfiles == []
    assert [one.what for one in repository.skipped] == ["Dockerfile"]


def test_circles_of_links_includes_and_scripts():
    files = {
        "Dockerfile": Link("Dockerfile"),
        "a.yml": "include: [b.yml]\n",
        "b.yml": "include: [a.yml]\nservices:\n  x: {extends: {file: b.yml, service: x}}\n",
        "a.sh": "./b.sh\ndocker ps\n",
        "b.sh": "./a.sh\ndocker ps\n",
    }
    repository = inventory(files)
    assert [one.what for one in repository.skipped] == ["Dockerfile"]
    assert {item.path for item in repository.scripts} == {"a.sh", "b.sh"}


def test_names_that_are_not_utf_8():
    path = b"docker\xff/api.Dockerfile".decode("utf-8", "surrogateescape")
    repository = inventory(
        {path: SCRATCH, "up.sh": f"docker build -f '{path}' .\n".encode("utf-8", "surrogateescape"), "a": ""}
    )
    assert [build.dockerfile for build in repository.builds] == [path]


@pytest.mark.parametrize(
    "name",
    [
        "docker.sh",
        "Makefile",
        "README.md",
        "compose.yaml",
        "docker.py",
        ".github/workflows/x.yml",
        "Jenkinsfile",
        "x.json",
    ],
)
@pytest.mark.parametrize(
    "piece",
    [
        "docker-compose.yml ",
        "cp docker ",
        "git clone docker ",
        '"docker" ',
        "docker build . ",
        "raise docker see ",
    ],
)
@pytest.mark.slow
def test_long_lines_take_no_more_than_their_share(name, piece):
    """A line of a hundred thousand bytes is read in steps that do not grow with its square (or this never ends)."""
    assert inventory({name: piece * (100_000 // len(piece))}) is not None


def test_deep_nesting():
    deep = {
        "docker.py": "import docker\n" + "(" * 5000 + ")" * 5000,
        "compose.yaml": "services: " + "[" * 5000,
        "docker.sh": "docker $(" * 3000,
        "Jenkinsfile": "{" * 9000 + "docker",
    }
    assert inventory(deep) is not None
