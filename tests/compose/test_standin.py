"""What a stack comes to in a clean clone, and what stands in for what that lacks."""

import pytest

from dockwright.compose.stack import Stack
from dockwright.compose.standin import Status, attempt
from dockwright.trees.memory import MemoryTree


def tried(text, **files):
    return attempt(MemoryTree({"compose.yaml": text, **files}), Stack("web", ("compose.yaml",)))


def test_a_stack_that_resolves_says_which_variables_nothing_sets():
    found = tried("services:\n  web: {image: 'x:1', user: '$U', command: '${V:-run}'}\n")
    assert (found.status, found.variables, found.files, found.errors) == (Status.RESOLVES, ("U",), (), ())


def test_variables_that_have_to_be_set():
    found = tried("services:\n  web: {image: 'x:${TAG:?}', ports: ['${PORT}:80', '${A:?}:81']}\n")
    assert found.status is Status.NEEDS
    assert set(found.variables) == {"TAG", "PORT", "A"}
    assert str(found.project.at("services", "web", "image").value) == "x:1"
    assert found.stood_in(found.project.at("services", "web", "image"))


@pytest.mark.parametrize("path", [".env.local", "../above.env", "conf/web"])
def test_env_files_that_are_not_there(path):
    found = tried(f"services:\n  web: {{image: x, env_file: {path}}}\n")
    assert found.status is Status.NEEDS
    assert found.files == (path,)
    assert found.project is not None


def test_what_is_wrong_whatever_the_variables_hold():
    found = tried("services:\n  web: {image: 'x:${TAG:?}', depends_on: [gone], stop_signal: SIGINT}\n")
    assert found.status is Status.REFUSED
    assert [error.code for error in found.errors] == ["consistency"]
    assert "gone" in found.errors[0].message
    assert found.project is not None  # to be compared with others nevertheless


def test_a_complaint_about_the_text_a_variable_stands_in_is_no_error():
    found = tried("services:\n  web: {image: x, volumes: ['${DATA}:/data'], init: '${INIT}'}\n")
    assert found.status is Status.NEEDS
    assert found.errors == ()


def test_a_missing_file_of_the_stack_itself_is_an_error():
    found = tried("include: [gone.yaml]\nservices:\n  web: {image: x, env_file: also-gone.env}\n")
    assert found.status is Status.REFUSED
    assert found.project is None


def test_places_of_values_and_of_what_compose_made_up():
    found = tried("services:\n  web:\n    image: x:${TAG:?}\n")
    assert str(found.place(("services", "web", "image"))) == "compose.yaml:3"
    assert str(found.place(("services", "web", "networks", "default"))) == "compose.yaml:3"
    assert found.place(("nothing",)) is None
