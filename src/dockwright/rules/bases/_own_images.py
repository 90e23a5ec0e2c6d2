"""Which images the repository builds itself."""

import re

from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.repository.repository import Repository


def own_image(repository: Repository, image: ImageReference) -> bool:
    """True when some build of the repository makes an image of that name."""
    if image.name in repository.memo("own_images", lambda: _own(repository)):
        return True
    if image.repository.rpartition("/")[2] in repository.memo(
        "own_last_parts", lambda: _last_parts(repository)
    ):
        return True
    built = repository.memo("built_services", lambda: _built_services(repository))
    return image.tag is None and any(image.repository.endswith((f"-{name}", f"_{name}")) for name in built)


def _built_services(repository: Repository) -> frozenset[str]:
    """Compose names what it builds `<project>-<service>` when the service has no image name."""
    return frozenset(
        service.name
        for item in repository.composes
        for service in item.file.services.values()
        if service.build is not None and service.image is None
    )


def _last_parts(repository: Repository) -> frozenset[str]:
    """`base` for a build that tags `$(NAME)/base:$(VERSION)`: the rest is known to the caller alone."""
    tags = (tag for build in repository.builds for tag in build.tags)
    parts = {tag.rpartition("/")[2].partition(":")[0] for tag in tags if _OPEN.match(tag)}
    return frozenset(part for part in parts if part and not _HOLE.search(part))


_HOLE = re.compile(r"[…$]")
_OPEN = re.compile(r"[^:$…]*+[$…][^:/]*+/")


def _own(repository: Repository) -> frozenset[str]:
    names = {tag for build in repository.builds for tag in build.tags}
    for item in repository.composes:
        for service in item.file.services.values():
            if service.build is not None and service.image is not None:
                names.add(service.image.default or service.image.raw.partition(":")[0])
    found = set()
    for name in names:
        reference = parse_reference(_HOLE.split(name)[0].rstrip(":") if _HOLE.search(name) else name)
        if isinstance(reference, ImageReference):
            found.add(reference.name)
    return frozenset(found)
