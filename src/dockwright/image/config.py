"""The documents of an image: its configuration, history and manifests, as the OCI and Docker specifications have them."""

from typing import Any, TypeVar

import msgspec

from dockwright.image.limits import ImageError

_T = TypeVar("_T")


class Health(msgspec.Struct, frozen=True, rename="pascal"):
    """HEALTHCHECK as the image carries it; durations are nanoseconds."""

    test: list[str] | None = None
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


class Running(msgspec.Struct, frozen=True, rename="pascal"):
    """What a container starts with."""

    user: str = ""
    exposed_ports: dict[str, Any] | None = None
    env: list[str] | None = None
    entrypoint: list[str] | None = None
    cmd: list[str] | None = None
    volumes: dict[str, Any] | None = None
    working_dir: str = ""
    labels: dict[str, str] | None = None
    stop_signal: str = ""
    stop_timeout: int | None = None
    healthcheck: Health | None = None
    shell: list[str] | None = None
    on_build: list[str] | None = None


class Past(msgspec.Struct, frozen=True):
    """One entry of the history: an instruction, with a layer unless `empty_layer`."""

    created: str = ""
    created_by: str = ""
    comment: str = ""
    author: str = ""
    empty_layer: bool = False


class RootFs(msgspec.Struct, frozen=True):
    type: str = "layers"
    diff_ids: list[str] | None = None


class Config(msgspec.Struct, frozen=True):
    """An image's configuration (OCI image-spec config.md; Docker image spec v1.2). Unknown keys are passed over."""

    architecture: str = ""
    os: str = ""
    variant: str = ""
    created: str | None = None
    author: str = ""
    config: Running | None = None
    history: list[Past] | None = None
    rootfs: RootFs = RootFs()

    @property
    def platform(self) -> str:
        """As `docker build --platform` writes it: `linux/arm/v7`."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class Platform(msgspec.Struct, frozen=True):
    architecture: str = ""
    os: str = ""
    variant: str = ""

    @property
    def name(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class Descriptor(msgspec.Struct, frozen=True, rename="camel"):
    """Names a blob (OCI image-spec descriptor.md)."""

    media_type: str = ""
    digest: str = ""
    size: int = 0
    platform: Platform | None = None
    annotations: dict[str, str] | None = None


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """An image manifest or an index of them: which, is told by what is there."""

    media_type: str = ""
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None
    manifests: list[Descriptor] | None = None
    annotations: dict[str, str] | None = None


class Saved(msgspec.Struct, frozen=True, rename="pascal"):
    """One image in the `manifest.json` of `docker save`."""

    config: str
    layers: list[str] | None = None
    repo_tags: list[str] | None = None


def decoded(data: bytes, kind: type[_T], what: str) -> _T:
    """A document as a value; ImageError says what is wrong with it and where."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImageError(f"{what}: {error}") from None
