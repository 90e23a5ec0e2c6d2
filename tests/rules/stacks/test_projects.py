"""Which compose files make a project of their own."""

from dockwright.rules._shared.projects import named_by_callers, projects, stands_alone
from dockwright.rules._shared.services import alternatives, plain_name
from dockwright.testing import repository

FULL = "services:\n  web:\n    image: nginx:1.27\n    restart: always\n    ports: ['80:80']\n    init: true\n"
THIN = "services:\n  web:\n    image: nginx:1.28\n"


def alone(files: dict[str, str]) -> list[str]:
    facts = repository(files)
    return [item.path for item in facts.own_composes if stands_alone(facts, item)]


def test_an_override_by_name_set_or_content_is_no_project():
    files = {"docker-compose.yml": FULL, "docker-compose.override.yml": FULL, "docker-compose.fast.yml": THIN}
    assert alone(files) == ["docker-compose.yml"]
    later = {
        "a.compose.yml": FULL,
        "b.compose.yml": FULL,
        "x.sh": "docker compose -f a.compose.yml -f b.compose.yml up\n",
    }
    assert alone(later) == ["a.compose.yml"]


def test_a_piece_for_extends_is_no_project():
    files = {"compose.yaml": "services:\n  web:\n    extends: {file: common.compose.yml, service: base}\n"}
    assert alone({**files, "common.compose.yml": FULL.replace("web", "base")}) == ["compose.yaml"]


def test_names_group_over_folders_and_variables_keep_apart():
    facts = repository(
        {
            "a/compose.yaml": "name: shop\n" + FULL,
            "b/compose.yaml": "name: shop\n" + FULL,
            "c/compose.yaml": "name: ${NAME:-shop}\n" + FULL,
        }
    )
    found = {project.explicit: [item.path for item in project.items] for project in projects(facts)}
    assert found == {"shop": ["a/compose.yaml", "b/compose.yaml"]}


def test_callers_that_always_give_a_name():
    facts = repository(
        {"x.compose.yml": FULL, "y.compose.yml": FULL,
         "up.sh": "docker compose -p mine -f x.compose.yml up\ndocker compose -f y.compose.yml up\n"}
    )  # fmt: skip
    assert named_by_callers(facts, facts.compose("x.compose.yml"))
    assert not named_by_callers(facts, facts.compose("y.compose.yml"))


def test_plain_names():
    assert (
        plain_name("dev-postgres")
        == plain_name("postgres_test")
        == plain_name("alpine-test-postgres")
        == "postgres"
    )
    assert plain_name("dev") == "dev"


def test_alternatives():
    facts = repository(
        {
            "compose.yaml": "services:\n  api:\n    image: a\n  api-prod:\n    image: a\n"
            "  x:\n    image: a\n    profiles: [one]\n  y:\n    image: a\n    profiles: [two]\n"
        }
    )
    services = facts.composes[0].file.services
    assert alternatives(services["api"], services["api-prod"])
    assert alternatives(services["x"], services["y"])
    assert not alternatives(services["api"], services["x"])
