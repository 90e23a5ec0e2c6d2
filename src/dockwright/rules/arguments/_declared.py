"""Which build arguments a Dockerfile declares."""

from dockwright.dockerfile.instructions.types import Arg
from dockwright.dockerfile.tree import Dockerfile


def declared_names(tree: Dockerfile) -> frozenset[str]:
    """Names of all ARGs, global ones included."""
    names = {declaration.name.value for arg in tree.global_args for declaration in arg.declarations}
    for stage in tree.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Arg):
                names.update(declaration.name.value for declaration in instruction.declarations)
    return frozenset(names)
