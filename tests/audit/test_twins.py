"""Scripts that do the same, and scripts left behind."""

from dockwright.audit.twins import left_behind, twins
from dockwright.repository.model import Invocation, Strength
from tests.audit.facts import DEAD, place, repository, script, used


def starts(*commands: str) -> list[Invocation]:
    return [Invocation(place=place("x"), call=None, text=text) for text in commands]


def test_equal_bytes_equal_commands_equal_names() -> None:
    facts = repository(
        script("a.sh", content="1"),
        script("b.sh", content="1"),
        script("c.sh", content="2", invocations=starts("docker ps", "docker rm x", "docker images")),
        script(
            "d.py", content="3", invocations=starts("docker images", "docker rm x", "docker ps", "docker ps")
        ),
        script("docker_up.sh", content="4", named=True),
        script("docker-up.bat", content="5", named=True),
        script("test_docker_up.py", content="1", test=True),
    )
    assert [(twin.same, list(twin.files)) for twin in twins(facts)] == [
        ("bytes", ["a.sh", "b.sh"]),
        ("commands", ["c.sh", "d.py"]),
        ("name", ["docker-up.bat", "docker_up.sh"]),
    ]


def test_two_common_commands_are_chance() -> None:
    same = starts("docker ps", "docker images")
    facts = repository(
        script("a.sh", content="1", invocations=same), script("b.sh", content="2", invocations=same)
    )
    assert twins(facts) == []


def test_left_behind_names_what_is_gone() -> None:
    item = script("up.sh", status=DEAD)
    gone = used("up.sh", None, "runs", Strength.RUN, "compose")
    facts = repository(item, references=[gone])
    assert left_behind(facts, item) == [
        "names gone.yml, which does not exist",
        "names no Docker file that exists",
    ]


def test_a_test_may_name_what_it_makes_itself() -> None:
    item = script("tests/test_deploy.py", test=True)
    gone = used("tests/test_deploy.py", None, "reads", Strength.TEST, "compose")
    assert left_behind(repository(item, references=[gone]), item) == []
    elsewhere = used("up.sh", None, "runs", Strength.RUN, "compose")
    assert left_behind(repository(item, references=[gone, elsewhere]), item)


def test_a_script_nobody_calls_is_not_left_behind_for_that_alone() -> None:
    item = script("up.sh", status=DEAD)
    assert left_behind(repository(item), item) == []
