"""Which files are found, and as what."""

from dockwright.config import Config, Ignore
from dockwright.repository.inventory import build
from dockwright.trees.memory import Link, MemoryTree, Program
from tests.repository.small import SCRATCH, inventory

COMPOSE = "services:\n  web:\n    image: nginx:1.27\n"


def paths(items):
    return [item.path for item in items]


def test_dockerfiles_by_content_have_any_name_without_an_ending():
    facts = inventory(
        {
            "images/runner": "# the runner\nFROM debian:12 AS base\nRUN true\n",
            "notes": "FROM the beginning\n",
            "a": "",
        }
    )
    assert paths(facts.dockerfiles) == ["images/runner"]
    assert facts.dockerfiles[0].why == "content"


def test_a_name_is_not_enough_when_the_content_is_another_language():
    files = {
        "Dockerfile.build": "#!/bin/sh\nset -e\necho build\n",
        "Dockerfile.config": '{"image": "x"}\n',
        "Dockerfile.blob": b"\0\1\2",
        "Dockerfile.empty": "",
    }
    assert paths(inventory(files).dockerfiles) == ["Dockerfile.empty"]


def test_a_directory_called_dockerfile_is_none():
    assert inventory({"Dockerfile/readme.txt": "hello"}).dockerfiles == []


def test_an_odd_name_that_a_build_uses_is_a_dockerfile():
    files = {"image.txt": SCRATCH, "a": "", "Makefile": "image:\n\tdocker build -f image.txt .\n"}
    (item,) = inventory(files).dockerfiles
    assert (item.path, item.why, len(item.builds)) == ("image.txt", "reference", 1)


def test_compose_files_by_content():
    files = {
        "stack.yml": COMPOSE,
        "k8s.yaml": "apiVersion: v1\nkind: Service\n",
        "symfony/services.yaml": "services:\n  App\\:\n    resource: ../src\n",
        "roles/x/docker-compose.yml": "- name: install compose\n  apt: {name: docker}\n",
    }
    facts = inventory(files)
    assert paths(facts.composes) == ["stack.yml"]


def test_a_compose_file_without_services_counts_by_its_name():
    assert paths(inventory({"docker-compose.base.yml": "x-env: &env\n  A: b\n"}).composes) == [
        "docker-compose.base.yml"
    ]


def test_workflows_in_odd_folders_by_content():
    text = "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build .\n"
    files = {"ci/templates/release.yml": text, "Dockerfile": SCRATCH, "a": ""}
    assert paths(inventory(files).workflows) == ["ci/templates/release.yml"]


def test_a_workflow_called_docker_compose_is_a_workflow():
    text = (
        "on: push\njobs:\n  up:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose up -d\n"
    )
    facts = inventory({".github/workflows/docker-compose.yml": text})
    assert (paths(facts.workflows), facts.composes) == ([".github/workflows/docker-compose.yml"], [])


def test_workflows_that_touch_no_container_are_not_listed():
    text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make lint # no docker here\n"
    assert inventory({".github/workflows/lint.yml": text}).workflows == []


def test_hidden_folders_are_looked_into():
    facts = inventory({".config/docker/Dockerfile": SCRATCH, ".config/docker/.dockerignore": "x\n"})
    assert paths(facts.dockerfiles) == [".config/docker/Dockerfile"]
    assert paths(facts.ignores) == [".config/docker/.dockerignore"]


def test_scripts_are_told_apart():
    files = {
        "tools/engine.py": 'import subprocess\nsubprocess.run(["docker", "ps"])\n',
        "tools/report.py": "import tools.engine\n",
        "tools/docker_names.py": "NAMES = 1  # docker\n",
        "tools/other.py": "print(1)\n",
        "web/ToastContainer.tsx": "export const x = 1\n",
        "tests/test_up.py": "import testcontainers.redis  # docker\n",
    }
    facts = inventory(files)
    found = {item.path: (bool(item.invocations), item.named, item.managers) for item in facts.scripts}
    assert found == {
        "tools/engine.py": (True, False, []),
        "tools/docker_names.py": (False, True, []),
        "tests/test_up.py": (False, False, ["testcontainers.redis"]),
    }


def test_a_module_that_imports_a_manager_is_listed():
    files = {
        "tools/docker_engine.py": 'import subprocess\nsubprocess.run(["docker", "ps"])\n',
        "tools/report.py": "from tools import docker_engine\nfrom tools.docker_gone import x\n",
    }
    item = inventory(files).item("tools/report.py")
    assert sorted(item.managers) == ["tools.docker_gone", "tools/docker_engine.py"]


def test_scripts_without_an_ending_by_their_first_line():
    facts = inventory(
        {"bin/up": Program("#!/usr/bin/env bash\ndocker compose up -d\n"), "compose.yaml": COMPOSE}
    )
    assert [(item.path, item.language, item.why) for item in facts.scripts] == [
        ("bin/up", "shell", "shebang")
    ]


def test_files_left_out_by_configuration_are_said_to_be():
    tree = MemoryTree({"old/Dockerfile": SCRATCH, "Dockerfile": SCRATCH, "a": ""})
    facts = build(tree, Config(ignore=Ignore(files=("old/**",))))
    assert paths(facts.dockerfiles) == ["Dockerfile"]
    assert [(one.what, "[ignore]" in one.reason) for one in facts.skipped] == [("old/Dockerfile", True)]


def test_links_inside_are_followed_and_links_outside_are_reported():
    files = {
        "docker/Dockerfile": SCRATCH,
        "Dockerfile": Link("docker/Dockerfile"),
        "x.Dockerfile": Link("../../x"),
        "a": "",
    }
    facts = inventory(files)
    assert paths(facts.dockerfiles) == ["Dockerfile", "docker/Dockerfile"]
    assert [one.what for one in facts.skipped] == ["x.Dockerfile"]


def test_equal_content_has_equal_ids():
    first, second = inventory({"a/Dockerfile": SCRATCH, "b/Dockerfile": SCRATCH}).dockerfiles
    assert first.content == second.content
    assert first.lines == 2
