"""Paths without the root that was made up for the loader."""

import pytest

from dockwright.compose.made_up import as_seen, made_up_root
from dockwright.compose.stack import Stack, resolve
from dockwright.trees.memory import MemoryTree

ROOT = made_up_root("shop")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"{ROOT}/conf/a.env: no such file", "conf/a.env: no such file"),
        (f"env file {ROOT}/a.env not found", "env file a.env not found"),
        (ROOT, "."),
        (f"{ROOT}: is a directory", ".: is a directory"),
        (f"{ROOT[: -len('/shop')]}/up", "../up"),
        (f"{ROOT[: -len('/shop')]}/shop-2/x", "../shop-2/x"),
        (ROOT[: -len("/.above-1/shop")] + "/x", "../../x"),
        ("/.above-6", "../../../../../.."),
        ("/up", "/up"),
        ("nothing", "nothing"),
        (f"type=bind,source={ROOT}/a,target=/b and {ROOT}/c", "type=bind,source=a,target=/b and c"),
    ],
)
def test_how_paths_are_told(text: str, seen: str) -> None:
    assert as_seen(text, ROOT) == seen


def test_a_folder_beside_the_root_is_none_of_the_machine() -> None:
    tree = MemoryTree(
        {"a.yaml": "services: {a: {image: x, volumes: ['../etc/x:/x', '/etc/x:/y', './z:/z']}}\n"}
    )
    found = resolve(tree, Stack("a", ("a.yaml",)), root=ROOT)
    assert found.project is not None
    sources = [found.project.at("services", "a", "volumes", n, "source").value for n in range(3)]
    assert [as_seen(one, ROOT) for one in sources] == ["../etc/x", "/etc/x", "z"]
