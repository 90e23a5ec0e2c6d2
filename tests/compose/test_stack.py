"""A stack of a repository's compose files, resolved in a tree."""

from dockwright.compose.load import render
from dockwright.compose.stack import Stack, resolve
from dockwright.trees.memory import Link, MemoryTree

BASE = "services:\n  web:\n    image: nginx:${TAG:-1}\n    ports: ['80:80']\n"
TEST = "services:\n  web:\n    ports: !override ['81:80']\n    environment: {A: $A}\n"


def test_files_env_files_and_given_variables():
    tree = MemoryTree({"compose.yaml": BASE, "compose.test.yaml": TEST, ".env": "TAG=2\nA=dot\n"})
    found = resolve(tree, Stack("test", ("compose.yaml", "compose.test.yaml")), {"A": "given"})
    assert found.loaded.errors == ()
    model = render.data(found.project)
    assert model["name"] == "repository"
    assert model["services"]["web"]["image"] == "nginx:2"
    assert model["services"]["web"]["environment"] == {"A": "given"}
    assert [port["published"] for port in model["services"]["web"]["ports"]] == ["81"]
    place = found.place(("services", "web", "ports", 0, "published"))
    assert (place.path, place.line) == ("compose.test.yaml", 3)


def test_without_files_compose_finds_them():
    tree = MemoryTree({"compose.yaml": BASE, "compose.override.yaml": TEST})
    found = resolve(tree, Stack("default"))
    assert render.data(found.project)["services"]["web"]["ports"][0]["published"] == "81"


def test_nothing_outside_the_tree_is_read():
    tree = MemoryTree({"compose.yaml": Link("/etc/hostname"), "a/compose.yaml": "include: [../../x.yaml]\n"})
    found = resolve(tree, Stack("x", ("compose.yaml",)))
    assert "leads nowhere" in found.loaded.errors[0].message
    assert resolve(tree, Stack("x", ("a/compose.yaml",))).loaded.errors


def test_a_missing_file_is_an_error():
    assert resolve(MemoryTree({}), Stack("x", ("compose.yaml",))).loaded.errors
