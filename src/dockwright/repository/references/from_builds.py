"""References that builds make: to Dockerfiles, to contexts, and between Dockerfiles by the tags of images."""

import re
from collections.abc import Iterable, Iterator, Sequence

from dockwright.dockerfile.stages import SourceKind
from dockwright.repository.model import Build, DockerfileItem, Place, Reference, Strength


def of_build(build: Build) -> Iterator[Reference]:
    """What one build names: its Dockerfile, and its context when it is written."""
    if build.inline:
        if build.dockerfile is not None:
            yield _reference(build, build.place, "Dockerfile", build.dockerfile, "dockerfile")
        return
    named = build.dockerfile_named or "Dockerfile"
    place = build.dockerfile_place or build.place
    if build.dockerfile is not None or "dockerfile" in build.missing:
        yield _reference(build, place, named, build.dockerfile, "dockerfile")
    if "context" in build.missing or (build.context is not None and build.context_place is not None):
        yield _reference(
            build, build.context_place or build.place, build.context_named, build.context, "context"
        )


def _reference(build: Build, place: Place, named: str, target: str | None, expects: str) -> Reference:
    resolved = target if target is not None else _would_be(build, named) if expects == "dockerfile" else ""
    return Reference(
        place=place,
        verb="builds",
        strength=build.strength,
        named=named,
        target=target,
        expects=expects,
        uncertain=build.uncertain if target is None else "",
        resolved=resolved,
    )


def _would_be(build: Build, named: str) -> str:
    """Where a missing Dockerfile would lie, as far as that can be said."""
    named = named.removeprefix("./")
    if build.kind in ("compose", "bake") or not build.dockerfile_named:
        return f"{build.context}/{named}" if build.context else named
    return named


def between_dockerfiles(items: Sequence[DockerfileItem], builds: Iterable[Build]) -> Iterator[Reference]:
    """`FROM` (and `COPY --from`) of an image that a build of another Dockerfile tags.

    An image that nobody tags, but whose name ends in another Dockerfile's, is noted as a name only: somebody once
    built it by hand.
    """
    by_tag = _tagged(builds)
    by_name = {key: item.path for item in items if not item.inline and (key := _own_name(item.path))}
    for item in items:
        for name, place in used_images(item):
            bare = _bare(name)
            for path in sorted(by_tag.get(bare, ())):
                if path != item.path:
                    yield _extends(place, name, path, Strength.BUILD, "")
            likely = by_name.get(_after_first_dash(bare)) if bare not in by_tag else None
            if likely is not None and likely != item.path:
                yield _extends(
                    place, name, likely, Strength.NAME_LIST, "only its name says so, no build tags it"
                )


def _tagged(builds: Iterable[Build]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for build in builds:
        if build.dockerfile is not None and build.strength >= Strength.TEST:
            for tag in build.tags:
                if tag and "…" not in tag and "$" not in tag:
                    found.setdefault(_bare(tag), set()).add(build.dockerfile)
    return found


def _extends(place: Place, name: str, path: str, strength: Strength, uncertain: str) -> Reference:
    return Reference(
        place=place, verb="extends", strength=strength, named=name, target=path, expects="dockerfile",
        uncertain=uncertain, resolved=path,
    )  # fmt: skip


_FILE = re.compile(r"(?:docker|container)file[._-]?|[._-]?(?:docker|container)file$", re.IGNORECASE)


def _own_name(path: str) -> str:
    """`Dockerfile.pytest-fast` → pytest-fast; empty for short names, which say too little."""
    name = _FILE.sub("", path.rpartition("/")[2]).replace(".", "-").lower()
    return name if len(name) >= MIN_NAME else ""


MIN_NAME = 6


def _after_first_dash(image: str) -> str:
    """`shop-pytest-fast:1` → pytest-fast; empty for images of a registry or organisation."""
    name = image.partition(":")[0]
    return name.partition("-")[2].lower() if "/" not in name else ""


def used_images(item: DockerfileItem) -> Iterator[tuple[str, Place]]:
    """Images a Dockerfile builds on or copies from, with their places."""
    for stage in item.tree.stages:
        for source in (stage.base, *stage.sources):
            if source.kind is SourceKind.IMAGE and source.name:
                yield source.name, Place(item.source, source.span)


def _bare(tag: str) -> str:
    """A tag without `:latest` and without the default registry."""
    name = tag.removeprefix("docker.io/").removeprefix("library/").partition("@")[0]
    return name.removesuffix(":latest")
