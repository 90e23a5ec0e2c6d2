"""Which compose files are loaded together."""

from dockwright.rules._shared.loading import (
    below_tests,
    companions,
    file_sets,
    is_override_name,
    loaded_alone,
    ways,
)
from dockwright.testing import repository

WEB = "services:\n  web:\n    image: nginx:1.27\n"


def paths(items) -> list[str]:
    return [item.path for item in items]


def test_a_default_name_goes_with_its_override():
    facts = repository({"compose.yaml": WEB, "docker-compose.override.yml": WEB, "compose.prod.yaml": WEB})
    assert file_sets(facts) == (("compose.yaml", "docker-compose.override.yml"),)
    (way,) = ways(facts, facts.compose("docker-compose.override.yml"))
    assert paths(way.items) == ["compose.yaml", "docker-compose.override.yml"]
    assert way.known


def test_commands_tell_the_sets():
    facts = repository(
        {
            "a.yml": WEB,
            "b.yml": WEB,
            "up.sh": "docker compose -f a.yml -f b.yml up -d\ndocker compose -f a.yml down\n",
        }
    )
    assert set(file_sets(facts)) == {("a.yml", "b.yml"), ("a.yml",)}
    assert loaded_alone(facts.compose("a.yml"))
    assert not loaded_alone(facts.compose("b.yml"))


def test_a_file_nothing_loads_is_assumed_to_be_alone():
    facts = repository({"stack.compose.yml": WEB})
    (way,) = ways(facts, facts.compose("stack.compose.yml"))
    assert (paths(way.items), way.known, way.complete) == (["stack.compose.yml"], False, True)


def test_includes_are_followed_and_missing_ones_are_told():
    facts = repository(
        {
            "compose.yaml": "include: [parts/db.yaml]\n" + WEB,
            "parts/db.yaml": "include:\n  - path: ../volumes.yaml\n  - nowhere.yaml\nvolumes:\n  data:\n",
            "volumes.yaml": "include: [parts/db.yaml]\nvolumes:\n  more:\n",
        }
    )
    (way,) = ways(facts, facts.compose("compose.yaml"))
    assert paths(way.items) == ["compose.yaml", "parts/db.yaml", "volumes.yaml"]
    assert not way.complete
    assert way.defines("volumes", "more")


def test_companions_are_near_or_above_unless_the_file_is_known_to_be_alone():
    files = {"compose.yaml": WEB, "extensions/x/x-compose.yml": WEB, "other/compose.yaml": WEB}
    facts = repository(files)
    assert paths(companions(facts, facts.compose("extensions/x/x-compose.yml"))) == ["compose.yaml"]
    alone = repository({**files, "up.sh": "docker compose -f extensions/x/x-compose.yml up\n"})
    assert companions(alone, alone.compose("extensions/x/x-compose.yml")) == ()


def test_names_of_overrides():
    assert is_override_name("docker-compose.override.yml")
    assert is_override_name("overrides/compose.https.yaml")
    assert not is_override_name("docker-compose.overrides-test.yml")
    assert not is_override_name("docker-compose.prod.yml")


def test_a_file_named_after_tests_is_no_test_code():
    assert not below_tests("docker-compose.test.yml")
    assert below_tests("tests/e2e/docker-compose.yml")
