"""Which images the repository builds itself."""

from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.repository.repository import Repository


def own_image(repository: Repository, image: ImageReference) -> bool:
    """True when some build of the repository makes an image of that name."""
    return image.name in repository.memo("own_images", lambda: _own(repository))


def _own(repository: Repository) -> frozenset[str]:
    names = {tag for build in repository.builds for tag in build.tags}
    for item in repository.composes:
        for service in item.file.services.values():
            if service.build is not None and service.image is not None:
                names.add(service.image.default or service.image.raw.partition(":")[0])
    found = set()
    for name in names:
        reference = parse_reference(name.partition("$")[0].rstrip(":") if "$" in name else name)
        if isinstance(reference, ImageReference):
            found.add(reference.name)
    return frozenset(found)
