"""Live, tests, docs, dead."""

import pytest

from dockwright.repository.model import Place, Reference, Status, Strength
from dockwright.repository.status import statuses as solve
from dockwright.text import SourceFile, Span
from tests.repository.small import SCRATCH, inventory, statuses

WEB = "services:\n  web:\n    image: nginx:1.27\n"
BUILDS = "services:\n  web:\n    build: {context: ., dockerfile: web.Dockerfile}\n"
LIVE, TESTS, DOCS, DEAD = Status.LIVE, Status.TESTS, Status.DOCS, Status.DEAD


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({}, DEAD),
        ({"README.md": "web.Dockerfile\n"}, DOCS),
        ({"tools/names.py": 'X = ["web.Dockerfile"]\n'}, DOCS),
        ({"tests/test_x.py": 'X = "web.Dockerfile"\n'}, TESTS),
        ({"tests/up.sh": "docker build -f web.Dockerfile .\n"}, TESTS),
        ({"up.sh": "docker build -f web.Dockerfile .\n"}, LIVE),
        ({"compose.yaml": BUILDS}, LIVE),
        ({"docker-compose.old.yml": BUILDS}, DEAD),
        (
            {
                "docker-compose.e2e.yml": BUILDS,
                "tests/up.sh": "docker compose -f docker-compose.e2e.yml up\n",
            },
            TESTS,
        ),
        ({"docker-compose.e2e.yml": BUILDS, "README.md": "docker-compose.e2e.yml"}, DOCS),
        ({"backups/x/docker-compose.yml": BUILDS.replace("context: .", "context: ../..")}, DEAD),
        ({"archive/up.sh": "docker build -f web.Dockerfile .\n"}, DEAD),
        (
            {
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: docker build -f web.Dockerfile .\n"
            },
            LIVE,
        ),
        (
            {
                ".github/workflows/old/ci.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: docker build -f web.Dockerfile .\n"
            },
            DEAD,
        ),
        (
            {
                "cloudbuild-web.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -f, web.Dockerfile, .]\n"
            },
            DEAD,
        ),
        (
            {
                "cloudbuild-web.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -f, web.Dockerfile, .]\n",
                "deploy.sh": "gcloud builds submit --config cloudbuild-web.yaml\n",
            },
            LIVE,
        ),
        ({"settings.toml": 'file = "web.Dockerfile"\n'}, LIVE),
    ],
)
def test_a_dockerfile_is_as_alive_as_what_builds_it(files, status):
    assert statuses(inventory({"web.Dockerfile": SCRATCH, "a": "", **files}))["web.Dockerfile"] is status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Dockerfile", LIVE),
        ("compose.yaml", LIVE),
        ("docker-compose.override.yml", LIVE),
        ("deploy/docker-compose.yml", DEAD),
        ("docker-compose.prod.yml", DEAD),
        ("app/Dockerfile", DEAD),
        ("docker-bake.hcl", LIVE),
        ("ops/docker-bake.hcl", DEAD),
        ("skaffold.yaml", LIVE),
        (".devcontainer/devcontainer.json", LIVE),
        ("captain-definition-web", LIVE),
    ],
)
def test_default_names(path, status):
    text = SCRATCH if path.endswith("Dockerfile") else "{}" if path.endswith(("json", "web")) else WEB
    assert statuses(inventory({path: text, "a": ""}))[path] is status


def test_a_default_name_beside_a_readme_is_a_project_of_its_own():
    files = {"examples/shop/compose.yaml": WEB, "examples/shop/README.md": "Start it.\n"}
    assert statuses(inventory(files))["examples/shop/compose.yaml"] is LIVE


def test_the_dockerfile_in_a_live_context_is_live():
    files = {
        "api/Dockerfile": SCRATCH,
        "api/a": "",
        "dev.Dockerfile": SCRATCH,
        "compose.yaml": "services:\n  api:\n    build: {context: api, dockerfile: ../dev.Dockerfile}\n",
    }
    assert statuses(inventory(files))["api/Dockerfile"] is LIVE


def test_an_entry_point_nobody_copies_is_dead():
    files = {
        "docker-entrypoint.sh": "exec $@\n",
        "docker-entrypoint-test.sh": "exec $@\n",
        "Dockerfile": "FROM scratch\nCOPY docker-entrypoint.sh /\n",
    }
    found = statuses(inventory(files))
    assert (found["docker-entrypoint.sh"], found["docker-entrypoint-test.sh"]) == (LIVE, DEAD)


def test_scripts_are_alive_by_themselves():
    files = {
        "scripts/docker_up.sh": "docker ps\n",
        "tests/docker_up.sh": "docker ps\n",
        "backups/1/docker_up.sh": "docker ps\n",
    }
    assert statuses(inventory(files)) == {
        "scripts/docker_up.sh": LIVE,
        "tests/docker_up.sh": TESTS,
        "backups/1/docker_up.sh": DEAD,
    }


def reference(holder, target, strength):
    place = Place(SourceFile(holder, b""), Span(0, 0))
    return Reference(place=place, verb="runs", strength=strength, named=target, target=target)


def test_status_runs_along_chains_and_round_circles():
    chain = [reference("root", "a", Strength.RUN), reference("a", "b", Strength.BUILD), reference("b", "a", Strength.BUILD),
             reference("b", "c", Strength.TEST), reference("c", "d", Strength.BUILD), reference("x", "y", Strength.RUN), reference("y", "x", Strength.RUN)]  # fmt: skip
    nodes = frozenset("root a b c d x y".split())  # noqa: SIM905
    found = solve({"root": LIVE}, chain, nodes, lambda _: LIVE)
    assert found == {"root": LIVE, "a": LIVE, "b": LIVE, "c": TESTS, "d": TESTS, "x": DEAD, "y": DEAD}


def test_a_file_does_not_keep_itself_alive():
    assert solve({}, [reference("a", "a", Strength.RUN)], frozenset("a"), lambda _: LIVE) == {"a": DEAD}
