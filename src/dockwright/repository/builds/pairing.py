"""Finding a build's context and Dockerfile together: the directory that makes both exist is the one meant."""

from collections.abc import Sequence

import msgspec

from dockwright.repository.layout import Layout, clean

DOCKER_DEFAULTS = ("Dockerfile", "dockerfile")
"""BuildKit falls back to the lower-case name (frontend/dockerui/config.go: DefaultDockerfileName)."""
PODMAN_DEFAULTS = ("Containerfile", "Dockerfile")
"""containers/buildah: `Containerfile` is preferred."""


class Pair(msgspec.Struct, frozen=True):
    """Context and Dockerfile as paths in the tree; None with the reason in `missing`."""

    context: str | None
    dockerfile: str | None
    missing: tuple[str, ...] = ()


def is_remote(text: str) -> bool:
    """True for contexts that are fetched (moby/buildkit: git URLs, http archives, `github.com/…`)."""
    lowered = text.lower()
    return "://" in lowered or lowered.startswith(
        ("git@", "github.com/", "docker-image:", "target:", "oci-layout:")
    )


def pair(
    layout: Layout,
    starts: Sequence[str],
    context: str,
    dockerfile: str,
    *,
    defaults: Sequence[str] = DOCKER_DEFAULTS,
    in_context: bool = False,
    either: bool = False,
) -> Pair:
    """The context and Dockerfile meant by a build that may run in any of `starts` (the likeliest first).

    `in_context`: the Dockerfile's path is relative to the context (compose, bake), not to the working directory;
    `either`: both are tried (podman).
    """
    places = [(start, clean(start, context)) for start in starts]
    for start, root in places:
        if root is None or not layout.has(root, folder=True):
            continue
        for candidate in _candidates(start, root, dockerfile, defaults, in_context=in_context, either=either):
            if layout.has(candidate):
                return Pair(root, candidate)
    if any(root is not None and layout.foreign(root) for _, root in places):
        return Pair(None, None)  # the files are in another repository
    existing = [(start, root) for start, root in places if root is not None and layout.has(root, folder=True)]
    if existing:
        start, root = existing[-1]
        return Pair(root, None, ("dockerfile",))
    if all(root is None for _, root in places):
        return Pair(None, None)  # lies outside the repository
    return Pair(None, None, ("context",))


def _candidates(
    start: str, root: str, dockerfile: str, defaults: Sequence[str], *, in_context: bool, either: bool
) -> list[str]:
    if not dockerfile:
        return [f"{root}/{name}" if root else name for name in defaults]
    bases = [root] if in_context else [start, root] if either else [start]
    found = [
        clean(base, dockerfile.lstrip("/") if in_context and base == root else dockerfile) for base in bases
    ]
    return [path for path in found if path is not None]
