"""The base that completes a fragment is found wherever somebody says what is loaded together."""

import pytest

from dockwright.repository.environments import environments
from dockwright.rules._shared.projects import stands_alone
from tests.repository.small import inventory

BASE = "services:\n  web:\n    image: nginx:1.27\n"
FRAGMENT = "services:\n  web:\n    environment: {A: b}\n    ports: ['80:80']\n"
SAID = {
    "make target var": (
        "Makefile",
        "FILES = -f base.yml\ndev: FILES += -f deploy/extra.yml\ndev:\n\tdocker compose $(FILES) up\n",
    ),
    "make var": (
        "Makefile",
        "FILES := -f base.yml -f deploy/extra.yml\nCOMPOSE = docker compose $(FILES)\nup:\n\t$(COMPOSE) up -d\n",
    ),
    "make var append": (
        "Makefile",
        "COMPOSE = docker compose -f base.yml\nCOMPOSE += -f deploy/extra.yml\nup:\n\t${COMPOSE} up -d\n",
    ),
    "make cond": (
        "Makefile",
        "ifdef DEV\nEXTRA = -f deploy/extra.yml\nendif\nup:\n\tdocker compose -f base.yml $(EXTRA) up -d\n",
    ),
    "make export COMPOSE_FILE": (
        "Makefile",
        "export COMPOSE_FILE=base.yml:deploy/extra.yml\nup:\n\tdocker compose up -d\n",
    ),
    "sh var": ("up.sh", "#!/bin/sh\nFILES='-f base.yml -f deploy/extra.yml'\ndocker compose $FILES up -d\n"),
    "sh array": (
        "up.sh",
        '#!/bin/bash\nfiles=(-f base.yml -f deploy/extra.yml)\ndocker compose "${files[@]}" up -d\n',
    ),
    "sh array append": (
        "up.sh",
        '#!/bin/bash\nfiles=(-f base.yml)\nfiles+=(-f deploy/extra.yml)\ndocker compose "${files[@]}" up -d\n',
    ),
    "sh cmd array": (
        "up.sh",
        '#!/bin/bash\ndc=(docker compose -f base.yml -f deploy/extra.yml)\n"${dc[@]}" up -d\n',
    ),
    "sh function": (
        "up.sh",
        '#!/bin/bash\ndc() { docker compose -f base.yml -f deploy/extra.yml "$@"; }\ndc up -d\n',
    ),
    "sh export": (
        "up.sh",
        "#!/bin/sh\nexport COMPOSE_FILE=base.yml:deploy/extra.yml\ndocker compose up -d\n",
    ),
    "sh prefix env": ("up.sh", "#!/bin/sh\nCOMPOSE_FILE=base.yml:deploy/extra.yml docker compose up -d\n"),
    ".env": (".env", "COMPOSE_FILE=base.yml:deploy/extra.yml\n"),
    ".env sep": (".env", "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=base.yml;deploy/extra.yml\n"),
    ".env.example": (".env.example", "COMPOSE_FILE=base.yml:deploy/extra.yml\n"),
    "gha env": (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    env:\n      COMPOSE_FILE: base.yml:deploy/extra.yml\n    steps:\n      - run: docker compose up -d\n",
    ),
    "gha top env": (
        ".github/workflows/ci.yml",
        "on: push\nenv:\n  COMPOSE_FILE: base.yml:deploy/extra.yml\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose up -d\n",
    ),
    "gha step env": (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose up -d\n        env:\n          COMPOSE_FILE: base.yml:deploy/extra.yml\n",
    ),
    "gitlab": (
        ".gitlab-ci.yml",
        "variables:\n  COMPOSE_FILE: base.yml:deploy/extra.yml\ntest:\n  script:\n    - docker compose up -d\n",
    ),
    "py environ": (
        "run.py",
        "import os, subprocess\nos.environ['COMPOSE_FILE'] = 'base.yml:deploy/extra.yml'\nsubprocess.run(['docker', 'compose', 'up', '-d'], check=True)\n",
    ),
    "py env dict": (
        "run.py",
        "import os, subprocess\nenv = {**os.environ, 'COMPOSE_FILE': 'base.yml:deploy/extra.yml'}\nsubprocess.run(['docker', 'compose', 'up', '-d'], env=env, check=True)\n",
    ),
    "py list": (
        "run.py",
        "import subprocess\nFILES = ['-f', 'base.yml', '-f', 'deploy/extra.yml']\nsubprocess.run(['docker', 'compose', *FILES, 'up', '-d'], check=True)\n",
    ),
    "py list +": (
        "run.py",
        "import subprocess\ncmd = ['docker', 'compose', '-f', 'base.yml']\ncmd += ['-f', 'deploy/extra.yml']\nsubprocess.run(cmd + ['up', '-d'], check=True)\n",
    ),
    "npm": ("package.json", '{"scripts": {"up": "docker compose -f base.yml -f deploy/extra.yml up -d"}}\n'),
    "just": ("justfile", 'dc := "docker compose -f base.yml -f deploy/extra.yml"\nup:\n    {{dc}} up -d\n'),
    "devcontainer": (
        ".devcontainer/devcontainer.json",
        '{"dockerComposeFile": ["../base.yml", "../deploy/extra.yml"], "service": "web"}\n',
    ),
    "js exec": (
        "run.js",
        "const { execSync } = require('child_process');\nexecSync('docker compose -f base.yml -f deploy/extra.yml up -d');\n",
    ),
}
"""How it is said: a file and its text. All mean base.yml with deploy/extra.yml."""


@pytest.mark.parametrize("how", SAID)
def test_the_two_files_are_found_together(how):
    path, text = SAID[how]
    repository = inventory({"base.yml": BASE, "deploy/extra.yml": FRAGMENT, path: text})
    found = [one for one in environments(repository) if one.files == ("base.yml", "deploy/extra.yml")]
    assert len(found) == 1
    assert [place.path for place in found[0].evidence] == [path]
    assert not any(stands_alone(repository, item) for item in repository.composes if item.path != "base.yml")


def test_an_include_completes_what_it_includes():
    files = {
        "base.yml": BASE,
        "deploy/extra.yml": FRAGMENT,
        "compose.yaml": "include:\n  - path: [base.yml, deploy/extra.yml]\n",
    }
    assert environments(inventory(files))[0].files == ("compose.yaml",)


def test_a_list_that_names_a_missing_file_is_no_environment():
    files = {"base.yml": BASE, ".env": "COMPOSE_FILE=base.yml:deploy/gone.yml\n"}
    assert [one.files for one in environments(inventory(files))] == [("base.yml",)]


def test_a_list_in_a_comment_is_none():
    files = {
        "base.yml": BASE,
        "deploy/extra.yml": FRAGMENT,
        ".env": "# COMPOSE_FILE=base.yml:deploy/extra.yml\n",
    }
    assert ("base.yml", "deploy/extra.yml") not in [one.files for one in environments(inventory(files))]


def test_a_command_and_a_list_that_say_the_same_are_one_environment():
    files = {
        "base.yml": BASE,
        "deploy/extra.yml": FRAGMENT,
        ".env": "COMPOSE_FILE=base.yml:deploy/extra.yml\n",
        "up.sh": "#!/bin/sh\ndocker compose -f base.yml -f deploy/extra.yml up -d\n",
    }
    found = [one for one in environments(inventory(files)) if len(one.files) == 2]
    assert [sorted(place.path for place in one.evidence) for one in found] == [[".env", "up.sh"]]
