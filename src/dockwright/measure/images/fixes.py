"""What would have to change in the Dockerfile so that bytes are not shipped, said of the lines concerned."""

import re

from dockwright.image.history import Made
from dockwright.image.replay import Cause

_BOOKKEEPING = ("var/lib/dpkg", "var/cache/debconf", "var/cache/ldconfig", "var/lib/rpm", "lib/apk/db", "var/lib/apt",
                "etc/ld.so.cache", "usr/lib/sysimage/rpm", "usr/lib/apk/db")  # fmt: skip


_CACHES = ("var/cache/apt", "var/lib/apt/lists", "var/cache/dnf", "var/cache/yum", "var/cache/apk", "root/.cache/pip", "root/.npm",
           "root/.cache/uv", "root/.cache/yarn", "root/.cache/go-build", "root/.m2", "root/.gradle")  # fmt: skip
"""Folders that a cache mount keeps out of the image (Dockerfile reference, RUN --mount=type=cache: examples)."""


class Naming:
    """How instructions are named in a fix: by line where it is known, else by what they are."""

    def __init__(self, places: dict[int, str]) -> None:
        self._places = places

    def __call__(self, made: Made | None) -> str:
        if made is None:
            return "an unknown instruction"
        place = self._places.get(made.number)
        if place:
            return f"{made.keyword} ({place})"
        if not made.text and made.layer is not None:
            return f"layer {made.layer}"
        text = made.line
        return f"`{text[:50]}…`" if len(text) > 51 else f"`{text}`"


def fix_of_dead(
    cause: Cause, made: Made | None, by: Made | None, paths: tuple[str, ...], name: Naming
) -> str:
    """The change that keeps dead bytes of one cause from being shipped."""
    copied = made is not None and made.keyword in ("COPY", "ADD")
    copies = by is not None and by.keyword in ("COPY", "ADD")
    maker, killer = name(made), name(by)
    if made is not None and by is not None and made.number == by.number:
        return f"{maker} has the same name twice in its layer: nothing to do in the Dockerfile but to add it once"
    cache = next(
        (one for one in _CACHES if paths and all(f"{path}/".startswith(f"{one}/") for path in paths)), None
    )
    if cache and not copied:
        return f"join {maker} and {killer} into one RUN, or keep it out of the image: `RUN --mount=type=cache,target=/{cache}`"
    if cause in (Cause.CHOWN, Cause.CHMOD):
        return _owner(cause, maker, killer, copied=copied, copies=copies)
    if cause in (Cause.DELETED_FILE, Cause.DELETED_DIRECTORY):
        return _deleted(
            maker, killer, paths, copied=copied, unpacked=made is not None and made.keyword == "ADD"
        )
    if cause is Cause.MOVED:
        if copied:
            return (
                f"let {maker} copy to the final place, or move it in a build stage; drop the move in {killer}"
            )
        return f"make it in its final place in {maker}, or join {maker} and {killer} into one RUN"
    if cause is Cause.COPIED_AGAIN or (cause is Cause.TOUCHED and copies):
        return f"{killer} brings the same files again: take them out of {maker}, or out of {killer} by the ignore file"
    if cause is Cause.EDITED and all(path.startswith(_BOOKKEEPING) for path in paths):
        return f"the package manager's own lists, written anew by each install: install in one RUN, not in {killer} too"
    if cause is Cause.EDITED and copied:
        return f"change the files before {maker} copies them, or in a build stage, not in {killer}"
    return f"join {maker} and {killer} into one RUN, so that only the last state is stored"


def _owner(cause: Cause, maker: str, killer: str, *, copied: bool, copies: bool) -> str:
    flag, tool = ("--chown", "chown") if cause is Cause.CHOWN else ("--chmod", "chmod")
    if copies:
        return f"{killer} brings files that are there with another {'owner' if cause is Cause.CHOWN else 'mode'}: copy once"
    if copied:
        return f"give {maker} `{flag}=…`, and drop the {tool} in {killer}"
    return f"{tool} in {maker}, in the RUN that makes the files" + (
        ", or run that as the user who is to own them" if cause is Cause.CHOWN else ""
    )


def _deleted(maker: str, killer: str, paths: tuple[str, ...], *, copied: bool, unpacked: bool) -> str:
    where = f"/{paths[0]}" if paths else "it"
    if unpacked:
        return (
            f"fetch, use and delete {where} in one RUN, or in a build stage, instead of {maker} and {killer}"
        )
    if copied:
        return (
            f"leave {where} out of {maker} (ignore file, narrower COPY), or only show it to the RUN that needs it: "
            "`--mount=type=bind`"
        )
    return f"join {maker} and {killer} into one RUN: what is deleted where it is made is not stored"


def fix_in_base(base: str) -> str:
    """For bytes that lie in layers of the base image: no instruction of one's own removes them."""
    return f"they come with the base image{f' {base}' if base else ''}: start from one without them"


_MOUNT = re.compile(r"--mount=type=(\w+),target=/\{folder\}")


def fix_of_junk(template: str, folders: tuple[str, ...], maker: str) -> str:
    """The table's fix with the folders and the instruction filled in: a mount for each folder."""
    text = _MOUNT.sub(
        lambda one: " ".join(f"--mount=type={one[1]},target=/{folder}" for folder in folders), template
    )
    text = text.replace("{name}", folders[0].rpartition("/")[2])
    return f"{maker}: {text}"
