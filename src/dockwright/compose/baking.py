"""A compose project as input of bake: each service with a build is a target, all of them the group `default`.

docker/buildx bake/compose.go: ParseCompose. Target names have `.` replaced by `_` (sanitizeTargetName); tags are the
build's, or else the service's image; all profiles count. `x-bake` of a build is not read.
"""

from collections.abc import Iterable

from dockwright.bake.model import Baked, Group, Origin, Target
from dockwright.bake.values import Unknown, Value
from dockwright.compose.effective import Project
from dockwright.compose.model import Build, KeyValue, Service
from dockwright.compose.value import Text
from dockwright.text import Span


def bake_targets(project: Project) -> Baked:
    """The targets that `docker buildx bake -f compose.yaml` sees in a project."""
    targets: dict[str, Target] = {}
    for service in project.services.values():
        if service.build is not None:
            target = _target(project, service, service.build)
            targets[target.name] = target
    groups: dict[str, Group] = {}
    if targets:
        listed = tuple(Origin(target.name, target.path, target.span) for target in targets.values())
        path = project.files[0] if project.files else ""
        groups["default"] = Group("default", path, Span(0, 0), listed)
    return Baked(targets, groups, {}, ())


def _target(project: Project, service: Service, build: Build) -> Target:
    def one(text: Text | None) -> Origin | None:
        return Origin(_value(project, text), text.path, text.span) if text is not None else None

    def many(texts: Iterable[Text]) -> tuple[Origin, ...]:
        return tuple(Origin(_value(project, text), text.path, text.span) for text in texts)

    def by_name(pairs: Iterable[KeyValue]) -> dict[str, Origin]:
        return {pair.name: found for pair in pairs if (found := one(pair.value)) is not None}

    name = service.name.replace(".", "_")
    tags = build.tags or ((service.image,) if service.image is not None else ())
    return Target(
        name,
        service.name,
        service.key.file.path,
        service.span,
        context=one(build.context),
        dockerfile=one(build.dockerfile),
        dockerfile_inline=one(build.dockerfile_inline),
        target=one(build.target),
        contexts=by_name(build.additional_contexts),
        args=by_name(build.args),
        labels=by_name(build.labels),
        tags=many(tags),
        platforms=many(build.platforms),
        cache_from=many(build.cache_from),
        cache_to=many(build.cache_to),
        network=one(build.network),
        no_cache=one(build.no_cache),
        pull=one(build.pull),
    )


def _value(project: Project, text: Text) -> Value:
    """The text under the project's variables; unknown when one is not set."""
    found = project.resolved(text)
    if found.text is not None:
        return found.text
    reason = f"not set: {', '.join(found.unset)}" if found.unset else "; ".join(found.errors)
    return Unknown(reason, text.span)
