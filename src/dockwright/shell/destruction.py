"""Which container tool calls remove data or state, and how far they reach.

Sources: reference pages of `docker system prune`, `volume prune`, `compose down`, `podman system reset` (2026-08).
"""

import re
from collections.abc import Sequence

from dockwright.shell.calls import Destruction, Reach
from dockwright.shell.flags import Split
from dockwright.shell.words import Hole, Word

_LISTS_ALL = re.compile(
    r"\b(?:docker|podman|nerdctl)\s+(?:container\s+|image\s+|volume\s+|network\s+)?(?:ps|ls|list|images)\b(?P<rest>[^)`]*)"
)
_NARROWED = re.compile(
    r"--filter|\s-f[\s=]|\bgrep\b|\bawk\b|\bname=|\blabel=|\bhead\b|\bimages?\s+(?:ls\s++)?+(?:--?[\w-]++\s++)*+[^\s\-'\"{)`|]"
)
_PRUNES = {
    "container prune": ("stopped containers",),
    "image prune": ("dangling images",),
    "network prune": ("unused networks",),
    "volume prune": ("volumes",),
    "builder prune": ("build cache",),
    "buildx prune": ("build cache",),
    "system prune": ("stopped containers", "unused networks", "dangling images", "build cache"),
    "system reset": ("containers", "networks", "images", "volumes", "build cache"),
    "pod prune": ("stopped pods",),
}
_REMOVES = {
    "container rm": ("containers",),
    "image rm": ("images",),
    "volume rm": ("volumes",),
    "network rm": ("networks",),
    "stack rm": ("containers", "networks"),
    "pod rm": ("containers",),
    "rm": ("containers",),
    "rmi": ("images",),
    "container kill": ("running containers",),
    "container stop": ("running containers",),
    "kill": ("running containers",),
    "stop": ("running containers",),
}


def destruction(engine: str, verb: str, split: Split, arguments: Sequence[Word]) -> Destruction | None:
    """What a call other than compose removes. Stopping counts only where it stops everything."""
    if verb in _PRUNES:
        what = _PRUNES[verb]
        if verb == "system prune" and split.on("--volumes"):
            what = (*what, "volumes")
        if split.on("--all"):
            what = tuple("unused images" if part == "dangling images" else part for part in what)
        reach = Reach.NAMED if _labelled(split) else Reach.MACHINE
        return Destruction(what, reach, split.on("--force"), ())
    if verb not in _REMOVES:
        return None
    what = _REMOVES[verb]
    if what == ("containers",) and split.on("--volumes"):
        what = (*what, "anonymous volumes")
    everything = engine == "podman" and split.on("--all")
    listed = any(lists_everything(word) for word in arguments)
    if what == ("running containers",) and not (everything or listed):
        return None
    reach = Reach.MACHINE if everything or listed else Reach.NAMED
    return Destruction(what, reach, split.on("--force"), tuple(arguments))


def _labelled(split: Split) -> bool:
    """True when a prune is narrowed to what carries a label: one project's own. (`until=` and `label!=` are no such names.)"""
    return any((word.value or "").startswith("label=") for word in split.values("--filter"))


def lists_everything(word: Word) -> bool:
    """The word is the output of a listing of all containers, images or volumes (`$(docker ps -aq)`)."""
    for part in word.parts:
        if not isinstance(part, Hole):
            continue
        match = _LISTS_ALL.search(part.raw)
        if match is not None and not _NARROWED.search(part.raw):
            return True
    return False


def compose_destruction(subcommand: str, split: Split) -> Destruction | None:
    """What a compose subcommand removes: always of one project."""
    if subcommand == "down":
        what = ["containers", "networks"]
        if split.on("--volumes"):
            what.append("volumes")
        if any(flag.name == "--rmi" for flag in split.flags):
            what.append("images")
        if split.on("--remove-orphans"):
            what.append("orphan containers")
        return Destruction(tuple(what), Reach.PROJECT, True, ())
    if subcommand == "rm":
        what = ["containers"] + (["anonymous volumes"] if split.on("--volumes") else [])
        return Destruction(tuple(what), Reach.PROJECT, split.on("--force"), tuple(split.arguments))
    if subcommand in ("up", "create") and split.on("--renew-anon-volumes"):
        return Destruction(("anonymous volumes",), Reach.PROJECT, True, ())
    if subcommand == "up" and split.on("--remove-orphans"):
        return Destruction(("orphan containers",), Reach.PROJECT, True, ())
    return None
