"""A repository's tree as files of a project."""

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.run import Request, run
from dockwright.compose.load.tree_files import TreeFiles
from dockwright.compose.load.versions import Semantics
from dockwright.trees.memory import MemoryTree


def load(texts: dict[str, str], **more):
    files = TreeFiles(MemoryTree({name: text.encode() for name, text in texts.items()}), "/shop")
    request = Request(("/shop/compose.yaml",), "/shop", Environment(), files, Semantics(), **more)
    return run(request)


def test_paths_names_and_env_files_are_those_of_the_tree():
    loaded = load(
        {
            "compose.yaml": "services: {web: {build: web, env_file: [web/.env]}}",
            "web/.env": "A=1\n",
            "web/Dockerfile": "",
        }
    )
    assert loaded.project is not None
    assert loaded.project.name == "shop"
    web = loaded.project.services["web"]
    assert web.mapping("build").text("context") == "/shop/web"
    assert web.mapping("environment").text("A") == "1"


def test_nothing_outside_of_the_tree_is_read():
    loaded = load({"compose.yaml": "services: {web: {image: a, env_file: [../../etc/passwd]}}"})
    assert [(error.code, error.exit_code) for error in loaded.errors] == [("not-found", 14)]
    assert "outside of the repository" in loaded.errors[0].message
    assert loaded.errors[0].places[0].line == 1
