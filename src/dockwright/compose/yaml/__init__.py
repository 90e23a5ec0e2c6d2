"""YAML, read lossless: every key, value, comment, anchor and tag with its place in the file.

`parse(data, path)` gives a `YamlFile` for any bytes; it is used for compose files, CI workflows and every other
YAML file of a repository. The tree is in `nodes`, `collections` and `scalar`.
"""

from dockwright.compose.yaml.collections import Alias, Entry, Mapping, Sequence
from dockwright.compose.yaml.file import Document, YamlFile
from dockwright.compose.yaml.nodes import Comment, Node, Problem
from dockwright.compose.yaml.scalar import Scalar
from dockwright.source_file import SourceFile

__all__ = [
    "Alias", "Comment", "Document", "Entry", "Mapping", "Node", "Problem", "Scalar", "Sequence", "YamlFile", "parse",
]  # fmt: skip


def parse(data: bytes, path: str = "") -> YamlFile:
    """Read a YAML stream. Never raises; what is wrong is in `YamlFile.problems`."""
    from dockwright.compose.yaml.parser import parse as parse_source

    return parse_source(SourceFile(path, data))
