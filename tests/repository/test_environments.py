"""Which compose files are used together."""

from dockwright.repository.environments import environments
from tests.repository.small import inventory

WEB = "services:\n  web:\n    image: nginx:1.27\n"
OVER = "services:\n  web:\n    environment: {A: b}\n"


def told(files):
    return {one.name: (one.files, one.profiles) for one in environments(inventory(files))}


def test_commands_say_what_is_loaded_together():
    files = {
        "compose.yaml": WEB,
        "compose.test.yaml": OVER,
        "compose.prod.yaml": OVER,
        "Makefile": "test:\n\tdocker compose -f compose.yaml -f compose.test.yaml --profile e2e up -d\n",
        "deploy.sh": "#!/bin/sh\ndocker compose -f compose.yaml -f compose.prod.yaml up -d\n",
    }
    found = environments(inventory(files))
    assert {one.name: (one.files, one.profiles) for one in found} == {
        "prod": (("compose.yaml", "compose.prod.yaml"), ()),
        "test": (("compose.yaml", "compose.test.yaml"), ("e2e",)),
    }
    assert [(place.path, place.line) for place in found[0].evidence] == [("deploy.sh", 2)]


def test_a_default_file_has_its_override_by_itself():
    assert told({"compose.yaml": WEB, "compose.override.yaml": OVER}) == {
        "default": (("compose.yaml", "compose.override.yaml"), ())
    }


def test_an_override_nobody_loads_belongs_to_the_base_beside_it():
    assert told({"compose.yaml": WEB, "compose.staging.yaml": OVER}) == {
        "default": (("compose.yaml",), ()),
        "staging": (("compose.yaml", "compose.staging.yaml"), ()),
    }


def test_files_that_are_projects_alone_are_environments_of_their_own():
    assert told({"docker-compose.dev.yml": WEB, "docker-compose.alpine-dev.yml": WEB}) == {
        "dev": (("docker-compose.dev.yml",), ()),
        "dev-alpine": (("docker-compose.alpine-dev.yml",), ()),
    }


def test_ci_files_and_ci_callers_make_ci():
    files = {
        "docker-compose.test.yml": WEB,
        "docker-compose.test.ci.yml": OVER,
        ".github/workflows/test.yml": (
            "jobs:\n  t:\n    runs-on: x\n    steps:\n"
            "      - run: docker compose -f docker-compose.test.yml -f docker-compose.test.ci.yml run web\n"
        ),
        "Makefile": "t:\n\tdocker compose -f docker-compose.test.yml run web\n",
    }
    assert told(files) == {
        "ci": (("docker-compose.test.yml", "docker-compose.test.ci.yml"), ()),
        "test": (("docker-compose.test.yml",), ()),
    }


def test_a_name_that_is_no_environment_makes_none():
    assert told({"compose.yaml": WEB, "compose.extras.yaml": OVER}) == {"default": (("compose.yaml",), ())}


def test_names_are_numbered_where_all_words_are_taken():
    files = {f"{folder}/x/compose.yaml": WEB for folder in ("a", "b", "c", "d", "e")}
    assert not [name for name in told(files) if "#" in name or name.endswith(".yaml")]


def test_what_only_tests_load_is_not_production_because_a_variable_says_so():
    files = {
        "stack.yaml": "services:\n  web:\n    image: nginx:1.27\n    environment: {APP_ENV: production}\n",
        ".github/workflows/test.yml": "jobs:\n  t:\n    runs-on: x\n    steps:\n      - run: docker compose -f stack.yaml up -d\n",
    }
    assert [one.kind for one in environments(inventory(files))] == ["test"]
