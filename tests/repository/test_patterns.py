"""Docker files that are used without being named: loops, `find`, names with holes, COMPOSE_FILE, included Makefiles."""

import pytest

from dockwright.repository.model import Status
from tests.repository.small import inventory

DOCKERFILE = "FROM scratch\nCOPY a /\n"
COMPOSE = "services:\n  a:\n    image: nginx:1.27\n"
BASE = {
    "docker/x.Dockerfile": DOCKERFILE,
    "docker/y.Dockerfile": DOCKERFILE,
    "a": "",
    "docker-compose.yml": COMPOSE,
    "deploy/prod.yml": COMPOSE,
    "deploy/compose.extra.yml": COMPOSE,
}
BOTH = ["docker/x.Dockerfile", "docker/y.Dockerfile"]
RAW = "https://raw.githubusercontent.com/o/r/main/deploy/compose.$V.yml"


@pytest.mark.parametrize(
    ("files", "alive"),
    [
        ({"b.sh": 'for f in docker/*.Dockerfile; do\n  docker build -f "$f" .\ndone\n'}, BOTH),
        ({"b.sh": 'for f in docker/*; do\n  n=$(basename "$f")\n  docker build -f "docker/$n" .\ndone\n'}, BOTH),
        ({"b.sh": 'find docker -name "*.Dockerfile" | while read -r f; do docker build -f "$f" .; done\n'}, BOTH),
        ({"b.sh": 'git ls-files "*.Dockerfile" | xargs -n1 docker build . -f\n'}, BOTH),
        ({"b.sh": "cat docker/x.Dockerfile | docker build -t a -\n"}, BOTH[:1]),
        ({"svc/p/Dockerfile": DOCKERFILE, "b.sh": "for d in svc/*; do (cd $d && docker build .); done\n"}, ["svc/p/Dockerfile"]),
        (
            {
                "svc/p/Makefile": "include ../../mk/docker.mk\n",
                "svc/p/boot/Containerfile": DOCKERFILE,
                "mk/docker.mk": "FILE ?= Containerfile\nbuild:\n\tpodman build -f boot/$(FILE) .\n",
            },
            ["svc/p/boot/Containerfile"],
        ),
        (
            {
                "svc/p/Makefile": "NAMED = boot/Big.Dockerfile\ninclude ../../mk/docker.mk\n",
                "svc/p/boot/Big.Dockerfile": DOCKERFILE,
                "mk/docker.mk": "build:\n\tpodman build -f $(NAMED) .\n",
            },
            ["svc/p/boot/Big.Dockerfile"],
        ),
        ({".env": "COMPOSE_FILE=docker-compose.yml:deploy/prod.yml\n"}, ["deploy/prod.yml"]),
        (
            {
                ".github/workflows/c.yml": "on: push\nenv:\n  COMPOSE_FILE: docker-compose.yml:deploy/prod.yml\njobs:\n  a:\n"
                "    runs-on: x\n    steps:\n      - run: docker compose up -d\n"
            },
            ["deploy/prod.yml"],
        ),
        (
            {"u.py": 'import os\nos.environ["COMPOSE_FILE"] = (\n    "docker-compose.yml:deploy/prod.yml"\n)\nrun(["docker", "compose"])\n'},
            ["deploy/prod.yml"],
        ),
        ({"dodo.py": 'X = ["docker compose -f deploy/compose.%(target)s.yml up"]\n'}, ["deploy/compose.extra.yml"]),
        ({"i.sh": f'wget "{RAW}" -O docker-compose.yml\n'}, ["deploy/compose.extra.yml"]),
    ],
)  # fmt: skip
def test_used_without_being_named(files: dict[str, str], alive: list[str]) -> None:
    facts = inventory({**BASE, **files})
    items = (*facts.dockerfiles, *facts.composes)
    found = [item.path for item in items if item.status is Status.LIVE and item.path != "docker-compose.yml"]
    assert sorted(found) == sorted(alive)


@pytest.mark.parametrize(
    "files",
    [
        {
            "check.py": 'from pathlib import Path\nfor f in Path("docker").glob("*.Dockerfile"):\n    print(f)\n'
        },
        {"docs/a.sh": "# COMPOSE_FILE=docker-compose.yml:deploy/prod.yml\n"},
        {"b.sh": "for f in docs/*; do docker build other; done\n"},
    ],
)
def test_what_only_walks_over_files_uses_none(files: dict[str, str]) -> None:
    facts = inventory({**BASE, **files})
    assert all(item.status is not Status.LIVE for item in facts.dockerfiles)
    assert all(item.status is not Status.LIVE for item in facts.composes if item.path != "docker-compose.yml")


def test_paths_in_a_file_that_compose_file_lists_start_at_the_first_one() -> None:
    extra = "services:\n  b:\n    image: nginx:1.27\n    volumes: ['./data/x:/x']\n"
    facts = inventory(
        {"docker-compose.yml": COMPOSE, "deploy/more.yml": extra, "data/x": "", ".env": "COMPOSE_FILE=docker-compose.yml:deploy/more.yml\n"}
    )  # fmt: skip
    assert [one.target for one in facts.references if one.expects == "bind"] == ["data/x"]
