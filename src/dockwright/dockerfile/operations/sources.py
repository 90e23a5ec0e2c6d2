"""Source operations of a graph: images, the build context and named contexts.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: resolveBaseImage, finalizeResultImage,
filterPaths; frontend/dockerui/context.go.
"""

from dockwright.dockerfile.build import DOCKER_IMAGE, Build
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.dockerfile.instructions.types import Add, Copy, Run
from dockwright.dockerfile.operations.model import SourceBody
from dockwright.dockerfile.operations.model import SourceKind as Fetched
from dockwright.dockerfile.operations.paths import below_root
from dockwright.dockerfile.operations.remotes import GitReference, git_source, parse_git
from dockwright.dockerfile.operations.vertices import Vertex
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.stages import Source, SourceKind, Stage

MAIN = "context"
"""BuildKit's name of the main build context."""
_HINT = ("local.sharedkeyhint", MAIN)


class SourceTable:
    """The sources that one graph uses."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._context = Vertex(_local(MAIN, (_HINT,)), name="[internal] load build context")
        self._paths: set[str] = set()
        self._unknown: dict[str, None] = {}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Images of which only the name is known."""
        return tuple(self._unknown)

    @property
    def many_states(self) -> bool:
        """True if BuildKit shows the names of stages: there is more than one, or something outside is named."""
        build = self._build
        return len(build.stages) > 1 or any(_names_outside(stage) for stage in build.stages)

    def context(self) -> Vertex:
        """The main build context; one vertex for the whole graph."""
        return self._context

    def of(self, source: Source, platform: Platform) -> Vertex | None:
        """What a name that is no stage stands for; None for scratch and images without layers."""
        if source.kind is SourceKind.CONTEXT:
            return self._named(source, platform)
        if source.kind is not SourceKind.IMAGE or source.image is None:
            return None
        return self._image(source.image, "", platform)

    def _image(self, named: ImageReference, name: str, platform: Platform) -> Vertex | None:
        """An image, None if it is known to have no layers."""
        reference = named.canonical
        image = self._build.settings.images.get(reference)
        if image is None:
            self._unknown[reference] = None
        elif image.layers == ():
            return None
        elif image.digest and "@" not in reference:
            reference = f"{reference}@{image.digest}"
        body = SourceBody(Fetched.IMAGE, f"docker-image://{reference}", (), platform)
        return Vertex(body, name=name or f"FROM {reference}")

    def _named(self, source: Source, platform: Platform) -> Vertex | None:
        """A named context. Source: frontend/dockerui/namedcontext.go: load."""
        name, where = self._build.context_source(source)
        shown = f"[context {name}] "
        if where is not None and where.startswith(DOCKER_IMAGE):
            return self._context_image(where.removeprefix(DOCKER_IMAGE), shown, platform)
        if where is not None and place_of(where) is not Place.LOCAL:
            return Vertex(self._remote(where), name=shown + where)
        return Vertex(_local(name, ()), name=shown + "load from client")

    def _context_image(self, text: str, shown: str, platform: Platform) -> Vertex | None:
        reference = parse_reference(text)
        if text == "scratch" or not isinstance(reference, ImageReference):
            return None
        return self._image(reference, shown + text, platform)

    def _remote(self, where: str) -> SourceBody:
        git = parse_git(where, self._build.tree.dialect) if place_of(where) is Place.GIT else None
        if isinstance(git, GitReference):
            return git_source(git, "", keep_git_dir=bool(git.keep_git_dir))
        return SourceBody(Fetched.HTTP, where, (("http.filename", "context"),))

    # -- which paths of the context are asked for

    def note_copy(self, stage: Stage, command: Copy | Add) -> None:
        for word in command.sources:
            text = stage.expand(word.value, command).value
            if isinstance(command, Copy) or not text.startswith(("http://", "https://")):
                self._paths.add(below_root(text))

    def note_mounts(self, stage: Stage, command: Run) -> None:
        for mount in command.mounts:
            field = mount.get("from")
            if mount.type in ("bind", "tmpfs") and (field is None or not field.value):
                self._paths.add(below_root(stage.expand(mount.source, command).value))

    def finish(self) -> None:
        """Say which paths of the context are needed; all of it if that is one of them."""
        if self._paths and "/" not in self._paths:
            paths = tuple(sorted(path.lstrip("/") for path in self._paths))
            self._context.body = _local(MAIN, (("local.followpaths", paths), _HINT))


def _local(name: str, attrs: tuple[tuple[str, str | tuple[str, ...]], ...]) -> SourceBody:
    return SourceBody(Fetched.LOCAL, f"local://{name}", attrs)


def _names_outside(stage: Stage) -> bool:
    """True if the stage has a mount or a copy from something that is no stage (BuildKit counts it as one)."""
    if any(source.stage is None for source in stage.sources):
        return True
    return any(
        not (mount.get("from") and mount.value("from"))
        for command in stage.commands
        if isinstance(command, Run)
        for mount in command.mounts
    )
