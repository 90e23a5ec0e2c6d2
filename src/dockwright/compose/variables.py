"""Every use of a variable in the values of a compose file.

compose-go interpolates values, never keys; list items like `${K}=v` are values.
"""

from collections.abc import Iterator

from dockwright.compose.interpolate import Template
from dockwright.compose.model import VariableUse
from dockwright.compose.yaml.collections import walk
from dockwright.compose.yaml.file import YamlFile
from dockwright.compose.yaml.scalar import Scalar


def variable_uses(file: YamlFile) -> tuple[VariableUse, ...]:
    """All uses in all documents, in order of the file; nothing is looked at in a file without a dollar."""
    if b"$" not in file.data:
        return ()
    found: list[VariableUse] = []
    for document in file.documents:
        for node in walk(document.root):
            if isinstance(node, Scalar) and "$" in node.text:
                found.extend(_uses(node, node.text))
    return tuple(found)


def _uses(node: Scalar, text: str) -> Iterator[VariableUse]:
    for use in Template.parse(text).uses:
        operand = use.operand.text if use.operand is not None else ""
        span = node.text_span(use.start, use.end)
        yield VariableUse(use.name, span, node, use.operator, operand, use.nested)
