"""Base images: default user, distribution, shell, programs present, ports (data/base_images.toml)."""

import re
from functools import cache, lru_cache

import msgspec

from dockwright.knowledge.tables import typed


class _Group(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    has: tuple[str, ...]
    lacks: tuple[str, ...]


class _Variant(msgspec.Struct, forbid_unknown_fields=True):
    pattern: str
    distribution: str | None = None
    like: tuple[str, ...] | None = None
    has: tuple[str, ...] | None = None
    manager: str | None = None
    shell: str | None = None
    user: str | None = None
    ports: tuple[str, ...] | None = None


class _Image(msgspec.Struct, forbid_unknown_fields=True):
    distribution: str
    source: str = ""
    names: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    manager: str = ""
    shell: str = ""
    user: str = "root"
    users: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    confidence: str = "high"
    variants: tuple[_Variant, ...] = ()


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    groups: dict[str, _Group]
    images: dict[str, _Image]


class BaseImage(msgspec.Struct, frozen=True):
    """What is documented of one image under one tag."""

    name: str
    distribution: str
    """debian, ubuntu, alpine, busybox, fedora, rhel, amazon, suse, arch, wolfi, distroless, windows, none."""
    user: str | None
    """The user a container starts as (`root` where the image sets none); None when it is not known."""
    users: tuple[str, ...]
    """Other users the image has, ready to be chosen."""
    shell: str
    """What `/bin/sh` is: dash, busybox, bash, none; empty when it is not known."""
    manager: str
    """Its package manager, as in `knowledge.packages`; empty when it has none."""
    ports: tuple[str, ...]
    present: frozenset[str]
    absent: frozenset[str]
    confidence: str
    """high, medium or low: how sure the lists of programs are."""
    source: str

    def has(self, program: str) -> bool | None:
        """Whether the image holds a program; None when nothing is documented."""
        if program in self.present:
            return True
        return False if program in self.absent else None


@cache
def _data() -> _Data:
    return typed("base_images", _Data)


@cache
def _by_name() -> dict[str, tuple[str, _Image]]:
    out: dict[str, tuple[str, _Image]] = {}
    for name, image in _data().images.items():
        for spelled in (name, *image.names):
            out[spelled] = (name, image)
    return out


def familiar(name: str) -> str:
    """An image name as people write it: without Docker Hub's host and `library/`."""
    for prefix in ("docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"):
        name = name.removeprefix(prefix)
    return name.removeprefix("library/")


@lru_cache(maxsize=512)
def base_image(name: str, tag: str = "") -> BaseImage | None:
    """What is documented of the image `name` under `tag`; None when it is not in the table.

    Mirrors of the official images are recognised (`public.ecr.aws/docker/library/python`, `mirror.gcr.io/library/node`).
    """
    name = familiar(name)
    for marker in ("/docker/library/", "/library/"):
        if marker in name:
            name = name.partition(marker)[2]
    found = _by_name().get(name)
    if found is None:
        return None
    canonical, image = found
    variant = next((item for item in image.variants if re.search(item.pattern, tag)), _Variant(""))
    return _made(canonical, image, variant)


def _made(name: str, image: _Image, variant: _Variant) -> BaseImage:
    groups = [_data().groups[group] for group in (image.like if variant.like is None else variant.like)]
    own = image.has if variant.has is None else variant.has
    present = frozenset(own).union(*(group.has for group in groups))
    absent = frozenset(image.lacks).union(*(group.lacks for group in groups)) - present
    return BaseImage(
        name=name,
        distribution=image.distribution if variant.distribution is None else variant.distribution,
        user=image.user if variant.user is None else variant.user,
        users=image.users,
        shell=image.shell if variant.shell is None else variant.shell,
        manager=image.manager if variant.manager is None else variant.manager,
        ports=image.ports if variant.ports is None else variant.ports,
        present=present,
        absent=absent,
        confidence=image.confidence,
        source=image.source or "; ".join(group.source for group in groups),
    )
