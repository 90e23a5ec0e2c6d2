"""What a build is given from outside: arguments, named contexts, platforms, and what is known of base images."""

from collections.abc import Mapping

import msgspec

from dockwright.dockerfile.platforms import LINUX_AMD64, Platform

BASE_WORKDIR = "/(the WORKDIR of the base image)"
"""What stands for the working directory of an unknown base image, where unknown things are kept apart."""
BASE_SHELL = "(the SHELL of the base image)"
"""What stands for the shell of an unknown base image, likewise."""
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""moby/buildkit util/system/path.go: DefaultPathEnvUnix."""


class BaseImage(msgspec.Struct, frozen=True):
    """The configuration of a base image, where it is known."""

    env: tuple[tuple[str, str], ...] = ()
    working_dir: str = ""
    user: str = ""
    cmd: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    shell: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    stop_signal: str = ""
    healthcheck: tuple[str, ...] | None = None
    onbuild: tuple[str, ...] = ()
    digest: str = ""
    layers: tuple[str, ...] | None = None
    """Ids of the layers' contents (`rootfs.diff_ids`), the lowest first; None where they are not known."""


class Settings(msgspec.Struct, frozen=True):
    """How a Dockerfile is built.

    `args`: `--build-arg`. `contexts`: names of `--build-context`. `target`: the stage asked for ("" is the last;
    it matters for `TARGETSTAGE`). `images`: known base images by canonical reference
    (`docker.io/library/debian:12`).

    `context_sources` says where named contexts lie, by name: `docker-image://debian:12`, a URL or git repository, or
    anything else for a folder. Of a name that is not in it nothing is known.

    With `symbolic`, what only an unknown base image could say (a variable that nothing sets, its working directory) is
    kept apart instead of counting as empty: a value that depends on it becomes a text that says so. Two builds are
    then given the same value only if it is the same whatever the base image says.
    """

    args: Mapping[str, str] = {}
    contexts: frozenset[str] = frozenset()
    target: str = ""
    platform: Platform = LINUX_AMD64
    build_platform: Platform = LINUX_AMD64
    images: Mapping[str, BaseImage] = {}
    context_sources: Mapping[str, str] = {}
    symbolic: bool = False
