"""Tells command lines of container tools from lists and strings that only look like them."""

from functools import cache

from dockwright.knowledge.docker_flags import subcommands
from dockwright.shell.words import Hole, Word
from dockwright.shell.wrappers import CONTAINER_TOOLS, unwrapped


def starts_container_tool(words: tuple[Word, ...]) -> bool:
    """The words begin with a container tool and one of its verbs (or a flag)."""
    words = unwrapped(words)[0]
    if len(words) < 2 or words[0].program not in CONTAINER_TOOLS:
        return False
    second = words[1].value
    if second is None:
        return isinstance(words[1].parts[0], Hole)
    if words[0].program.endswith("-compose"):
        return second.startswith("-") or "compose " + second in subcommands("docker")
    return second.startswith("-") or second in _verbs()


@cache
def _verbs() -> frozenset[str]:
    names = {name.split(" ", 1)[0] for tool in ("docker", "podman") for name in subcommands(tool)}
    return frozenset(
        names - {""} | {"bud", "from", "config", "copy", "container", "image", "machine", "version"}
    )


def command_string(word: Word) -> bool:
    """A string that is a command line of a container tool, not a sentence about one."""
    first = word.parts[0]
    if not isinstance(first, str) or not first.lstrip().startswith(_PROGRAM_STARTS) or "\n\n" in first:
        return False
    fields = first.split(None, 3)
    if fields and fields[0] == "sudo":
        fields = fields[1:]
    if not fields or fields[0] not in CONTAINER_TOOLS:
        return False
    if len(fields) == 1:
        return len(word.parts) > 1
    verb = fields[1]
    if fields[0].endswith("-compose"):
        return verb.startswith("-") or "compose " + verb in subcommands("docker")
    return verb.startswith("-") or verb in _verbs()


_PROGRAM_STARTS = (*CONTAINER_TOOLS, "sudo ")
