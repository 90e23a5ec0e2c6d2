"""Compose files: YAML kept lossless, then services, ports, volumes and the rest, each value with its place.

    file = compose.read(data, "docker-compose.yml")
    file.services["web"].build.context.resolved({"ROOT": "."}).text

`yaml` holds the YAML reader, `model` the values of one file, `effective` a view over several.
"""

from dockwright.compose.detect import looks_like_compose
from dockwright.compose.file import ComposeFile
from dockwright.compose.yaml import YamlFile, parse

__all__ = ["ComposeFile", "looks_like_compose", "read", "read_yaml"]


def read(data: bytes, path: str = "") -> ComposeFile:
    """Read one compose file. Never raises: what is wrong is in `ComposeFile.problems`."""
    return read_yaml(parse(data, path))


def read_yaml(file: YamlFile) -> ComposeFile:
    """Read a compose file whose YAML was parsed before."""
    from dockwright.compose.reader import read_file

    return read_file(file)
