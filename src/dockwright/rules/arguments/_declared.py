"""Which build arguments a Dockerfile declares, and which need no declaration."""

from dockwright.dockerfile.instructions.types import Arg
from dockwright.dockerfile.tree import Dockerfile

PROXIES = frozenset(("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"))


def declared_names(tree: Dockerfile) -> frozenset[str]:
    """Names of all ARGs, global ones included."""
    names = {declaration.name.value for arg in tree.global_args for declaration in arg.declarations}
    for stage in tree.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Arg):
                names.update(declaration.name.value for declaration in instruction.declarations)
    return frozenset(names)


def predefined(name: str) -> bool:
    """True for arguments BuildKit takes without ARG (dockerfile2llb: defaultArgs, and BUILDKIT_* build options)."""
    return name.upper() in PROXIES or name.startswith(("BUILDKIT_", "TARGET", "BUILD")) and (
        name.startswith("BUILDKIT_") or name.endswith(("PLATFORM", "OS", "ARCH", "VARIANT"))
    ) or name == "SOURCE_DATE_EPOCH"
