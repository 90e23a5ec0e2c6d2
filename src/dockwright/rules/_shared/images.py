"""What a compose service runs: the stage of the repository's own Dockerfile, or a public image by name."""

from typing import TYPE_CHECKING

import msgspec

from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.repository.model import Build
from dockwright.repository.repository import Repository
from dockwright.rules.subjects import DockerfileSubject, ServiceSubject, StageSubject, dockerfile_subjects

if TYPE_CHECKING:
    from dockwright.compose.model import Service


class Built(msgspec.Struct, frozen=True, eq=False):
    """The stage a service's image is: the target of its build, or the last stage. `sure` is False when a variable may
    make it another one.
    """

    build: Build
    dockerfile: DockerfileSubject
    stage: StageSubject
    sure: bool

    @property
    def chain(self) -> list[StageSubject]:
        """The stage and those it is built on, the stage itself first."""
        found = [self.stage.stage, *self.stage.stage.ancestors]
        return [self.dockerfile.stages[stage.index] for stage in found]


def dockerfiles_by_path(repository: Repository) -> dict[str, DockerfileSubject]:
    return repository.memo(
        "images.by_path", lambda: {subject.path: subject for subject in dockerfile_subjects(repository)}
    )


def built_stages(subject: ServiceSubject) -> list[Built]:
    """The stages the service's own builds make; empty when it has none, or when they are not in the repository.

    Several when the build depends on variables or on the directory it is loaded from.
    """
    key = f"images.built {subject.path}:{subject.service.name}"
    return subject.repository.memo(key, lambda: _found(subject))


def _found(subject: ServiceSubject) -> list[Built]:
    return [built for build in subject.builds if (built := _built_of(subject.repository, build)) is not None]


def _built_of(repository: Repository, build: Build) -> Built | None:
    dockerfile = dockerfiles_by_path(repository).get(build.dockerfile or "")
    if dockerfile is None or not dockerfile.stages or "target" in build.missing:
        return None
    stage: Stage | None = dockerfile.tree.stages[-1]
    if build.target:
        stage = dockerfile.tree.default_build.find(build.target)
    if stage is None:
        return None
    return Built(build, dockerfile, dockerfile.stages[stage.index], sure=not build.uncertain)


def only_stage(subject: ServiceSubject) -> Built | None:
    """The one stage the service surely runs; None when there is none or more than one."""
    found = built_stages(subject)
    if len(found) != 1 or not found[0].sure or len(subject.builds) != 1:
        return None
    return found[0]


def base_image(stage: Stage) -> ImageReference | None:
    """The image at the bottom of a stage, when it is an image of some registry with no variable in its name."""
    root = stage.root
    if root.kind is not SourceKind.IMAGE or root.image is None or root.expansion.unset:
        return None
    return root.image


def image_of(service: "Service") -> ImageReference | None:
    """The public image a service runs; None when it builds its own, or the name cannot be told."""
    if service.image is None or service.build is not None:
        return None
    text = service.image.default
    found = parse_reference(text) if text else None
    return found if isinstance(found, ImageReference) else None


def is_official(image: ImageReference) -> bool:
    """True for Docker's official images (`docker.io/library/…`).

    They have no HEALTHCHECK by policy (docker-library/faq: "Healthcheck").
    """
    return image.registry == "docker.io" and image.repository.startswith("library/")
