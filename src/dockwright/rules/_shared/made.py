"""Directories of dependencies that an image makes while it is built: `node_modules`, `vendor`, `.venv`."""

import posixpath
from collections.abc import Iterator

import msgspec

from dockwright.dockerfile.instructions.types import Copy
from dockwright.rules._shared.images import Built
from dockwright.shell.package_types import Action
from dockwright.text import Span

FOLDERS = {
    **dict.fromkeys(("npm", "yarn", "pnpm", "bun"), "node_modules"),
    "composer": "vendor",
}
"""What a manager fills, below the working directory."""
FRONT_END = frozenset(
    (
        ".next",
        ".nuxt",
        ".svelte-kit",
        ".output",
        ".astro",
        ".angular",
        "node_modules",
        ".vite",
        ".parcel-cache",
    )
)


class MadeFolder(msgspec.Struct, frozen=True):
    """A folder the image holds, and the instruction that made it (a place in the Dockerfile)."""

    path: str
    span: Span
    dockerfile: str


def made_folders(built: Built) -> Iterator[MadeFolder]:
    """The dependency folders of a built image, from its own stages and from those it copies them of."""
    for subject in built.chain:
        stage = subject.stage
        for body in subject.runs:
            workdir = stage.workdir_before(body.instruction)
            for install in body.installs:
                folder = FOLDERS.get(install.manager)
                local = not any(word.value in ("-g", "--global", "global") for word in install.command.args)
                if folder and workdir and local and install.action is Action.INSTALL and not install.packages:
                    yield MadeFolder(
                        posixpath.join(workdir, folder), body.instruction.span, built.dockerfile.path
                    )
        for command in stage.instructions:
            if isinstance(command, Copy) and command.from_ is not None:
                workdir = stage.workdir_before(command) or ""
                for word in command.sources:
                    name = posixpath.basename(word.value.rstrip("/"))
                    if name in ("node_modules", "vendor", ".venv"):
                        target = posixpath.normpath(posixpath.join(workdir, command.destination.value))
                        path = target if posixpath.basename(target) == name else posixpath.join(target, name)
                        if path.startswith("/"):
                            yield MadeFolder(path, command.span, built.dockerfile.path)


def below(path: str, folder: str) -> bool:
    """True when `path` is `folder` or lies below it; both absolute."""
    folder = folder.rstrip("/")
    return path == folder or path.startswith(folder + "/")
