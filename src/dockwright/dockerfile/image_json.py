"""Base images from what registries and engines say of them in JSON.

Sources: opencontainers/image-spec config.md (`config`, `rootfs.diff_ids`) with the Docker extensions of
moby/docker-image-spec, and the engine's `image inspect` (`Config`, `RootFS.Layers`, `RepoDigests`).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from dockwright.dockerfile.settings import BaseImage


class _Health(msgspec.Struct, frozen=True, rename="pascal"):
    test: tuple[str, ...] | None = None


class _Config(msgspec.Struct, frozen=True, rename="pascal"):
    env: tuple[str, ...] | None = None
    working_dir: str | None = ""
    user: str | None = ""
    cmd: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    shell: tuple[str, ...] | None = None
    labels: dict[str, str] | None = None
    exposed_ports: dict[str, Any] | None = None
    volumes: dict[str, Any] | None = None
    stop_signal: str | None = ""
    healthcheck: _Health | None = None
    on_build: tuple[str, ...] | None = None


class _Layers(msgspec.Struct, frozen=True):
    diff_ids: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = msgspec.field(name="Layers", default=None)


class _Image(msgspec.Struct, frozen=True):
    config: _Config | None = None
    inspected: _Config | None = msgspec.field(name="Config", default=None)
    rootfs: _Layers | None = None
    inspected_rootfs: _Layers | None = msgspec.field(name="RootFS", default=None)


def read_base_image(data: Mapping[str, Any]) -> BaseImage:
    """A base image from its configuration or one element of `docker image inspect`.

    Raises `msgspec.ValidationError` if a field is of another type than these formats have.
    """
    image = msgspec.convert(data, _Image)
    config = image.config or image.inspected or _Config()
    rootfs = image.rootfs or image.inspected_rootfs
    layers = None if rootfs is None else (rootfs.diff_ids or rootfs.layers or ())
    return BaseImage(
        env=tuple((name, value) for name, _, value in (one.partition("=") for one in config.env or ())),
        working_dir=config.working_dir or "",
        user=config.user or "",
        cmd=config.cmd,
        entrypoint=config.entrypoint,
        shell=config.shell or (),
        labels=tuple((config.labels or {}).items()),
        exposed_ports=tuple(config.exposed_ports or ()),
        volumes=tuple(config.volumes or ()),
        stop_signal=config.stop_signal or "",
        healthcheck=config.healthcheck.test if config.healthcheck else None,
        onbuild=config.on_build or (),
        layers=layers,
    )
