"""Compose files: YAML kept lossless, then services, ports, volumes and the rest, each value with its place.

    file = compose.read(data, "docker-compose.yml")
    file.services["web"].build.context.resolved({"ROOT": "."}).text

`yaml` holds the YAML reader, `model` the values of one file, `effective` a view over several.
"""

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.detect import looks_like_compose
    from dockwright.compose.file import ComposeFile
    from dockwright.compose.yaml import YamlFile

__all__ = ["ComposeFile", "looks_like_compose", "read", "read_yaml"]


def read(data: bytes, path: str = "") -> "ComposeFile":
    """Read one compose file. Never raises: what is wrong is in `ComposeFile.problems`."""
    from dockwright.compose.yaml import parse

    return read_yaml(parse(data, path))


def read_yaml(file: "YamlFile") -> "ComposeFile":
    """Read a compose file whose YAML was parsed before."""
    from dockwright.compose.reader import read_file

    return read_file(file)


_WHERE = {
    "looks_like_compose": "dockwright.compose.detect",
    "ComposeFile": "dockwright.compose.file",
    "YamlFile": "dockwright.compose.yaml",
    "parse": "dockwright.compose.yaml",
}


def __getattr__(name: str) -> object:
    """What is imported when it is first asked for: the loader needs none of it."""
    if name in _WHERE:
        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(name)
