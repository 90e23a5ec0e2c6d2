"""References that builds make: to Dockerfiles, to contexts, and between Dockerfiles by the tags of images."""

from collections.abc import Iterable, Iterator

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


def between_dockerfiles(items: Iterable[DockerfileItem], builds: Iterable[Build]) -> Iterator[Reference]:
    """`FROM` (and `COPY --from`) of an image that a build of another Dockerfile tags."""
    by_tag: dict[str, set[str]] = {}
    for build in builds:
        if build.dockerfile is None or build.strength < Strength.TEST:
            continue
        for tag in build.tags:
            if tag and "…" not in tag and "$" not in tag:
                by_tag.setdefault(_bare(tag), set()).add(build.dockerfile)
    if not by_tag:
        return
    for item in items:
        for name, place in used_images(item):
            for path in sorted(by_tag.get(_bare(name), ())):
                if path != item.path:
                    yield Reference(
                        place=place,
                        verb="extends",
                        strength=Strength.BUILD,
                        named=name,
                        target=path,
                        expects="dockerfile",
                        resolved=path,
                    )


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
