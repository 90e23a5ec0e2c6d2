"""The facts of a repository as entries of the document's inventory (plain data; `build` cleans and types it)."""

from typing import Any

from dockwright.audit.twins import left_behind
from dockwright.compose.model import Service
from dockwright.compose.value import Text
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.repository.model import (
    BakeItem,
    Build,
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    Invocation,
    Item,
    Reference,
    ScriptItem,
    WorkflowItem,
)
from dockwright.repository.repository import Repository

Data = dict[str, Any]
USERS = 200
"""Most users listed for one file; documentation of large projects names some files thousands of times."""


def inventory(repository: Repository) -> Data:
    """Everything but `script_twins`, which the audit brings."""
    return {
        "dockerfiles": [_dockerfile(item) for item in repository.dockerfiles if not item.inline],
        "inline": [_dockerfile(item) for item in repository.dockerfiles if item.inline],
        "compose": [_compose(repository, item) for item in repository.composes],
        "bakes": [_bake(repository, item) for item in repository.bakes],
        "ignore_files": [_ignore(item) for item in repository.ignores],
        "scripts": [_script(repository, item) for item in repository.scripts],
        "workflows": [_workflow(repository, item) for item in repository.workflows],
        "others": [{**_item(item), "kind": item.kind} for item in repository.others],
    }


def _item(item: Item) -> Data:
    return {
        "path": item.path,
        "standing": item.standing.value,
        "service": item.service,
        "variant": item.variant,
        "environment": item.environment,
        "status": item.status.value,
        "used_by": [_used_by(reference) for reference in item.used_by[:USERS]],
        "uses": len(item.used_by),
        "lines": item.lines,
        "last_change": item.last_change[:10],
        "content": item.content,
        "why": "; ".join(part for part in (item.why, item.standing_because, item.generated) if part),
    }


def _used_by(reference: Reference) -> Data:
    return {
        "path": reference.place.path,
        "line": reference.place.line,
        "verb": reference.verb,
        "strength": reference.strength.name.lower().replace("_", "-"),
        "uncertain": reference.uncertain,
    }


def _dockerfile(item: DockerfileItem) -> Data:
    return {
        **_item(item),
        "inline": item.inline,
        "buildable": item.buildable,
        "unbuildable_because": [
            f"line {fault.place.line}: {fault.message}"
            + ("" if fault.sure else f" (not certain{fault.doubt and ': ' + fault.doubt})")
            for fault in item.faults
        ],
        "stages": [stage.label for stage in item.tree.stages],
        "base_images": [_base(stage) for stage in item.tree.stages if stage.parent is None],
        "builds": [_build(build) for build in item.builds],
    }


def _base(stage: Stage) -> str:
    return stage.base.name if stage.base.kind is not SourceKind.UNKNOWN else stage.from_.image.value


def _build(build: Build) -> Data:
    return {
        "path": build.place.path,
        "line": build.place.line,
        "kind": build.kind,
        "strength": build.strength.name.lower().replace("_", "-"),
        "dockerfile": build.dockerfile,
        "context": build.context,
        "target": build.target,
        "service": build.service,
        "missing": list(build.missing),
        "uncertain": build.uncertain,
    }


def _compose(repository: Repository, item: ComposeItem) -> Data:
    return {
        **_item(item),
        "buildable": _buildable(repository, item),
        "fragment": item.fragment,
        "project": _text(item.file.name),
        "services": [_service(item, service) for service in item.file.services.values()],
        "used_with": [list(files) for files in item.used_with],
    }


def _buildable(repository: Repository, item: ComposeItem) -> bool | None:
    """False when one build cannot be made, True when all can, None when one cannot be told or there is none."""
    known: list[bool | None] = []
    for build in repository.builds_owned_by(item.path):
        dockerfile = repository.dockerfile(build.dockerfile)
        known.append(False if build.missing else dockerfile.buildable if dockerfile is not None else None)
    if False in known:
        return False
    return True if known and None not in known else None


def _service(item: ComposeItem, service: Service) -> Data:
    build = service.build
    return {
        "name": service.name,
        "line": item.source.line_of(service.span.start),
        "image": _text(service.image),
        "dockerfile": "" if build is None else _text(build.dockerfile) or "Dockerfile",
        "target": "" if build is None else _text(build.target),
        "ports": [_port(port.short, port.published, port.target) for port in service.ports],
        "profiles": [profile.raw for profile in service.profiles],
        "user": _text(service.user),
        "init": _text(service.init),
        "health_check": service.healthcheck is not None and not service.healthcheck.disabled,
        "memory": _text(service.limits.memory),
        "cpus": _text(service.limits.cpus),
        "context": "" if build is None else _text(build.context) or ".",
        "restart": _text(service.restart) or _text(service.restart_policy),
        "depends_on": [
            f"{one.service.raw} ({one.condition.raw})" if one.condition is not None else one.service.raw
            for one in service.depends_on
        ],
        "read_only": _text(service.read_only).lower() == "true",
        "privileged": _text(service.privileged).lower() == "true",
        "cap_add": [one.raw for one in service.cap_add],
        "cap_drop": [one.raw for one in service.cap_drop],
        "security_opt": [one.raw for one in service.security_opt],
    }


def _port(short: Text | None, published: Text | None, target: Text | None) -> str:
    return short.raw if short is not None else f"{_text(published)}:{_text(target)}".strip(":")


def _text(text: Text | None) -> str:
    return text.raw if text is not None else ""


def _bake(repository: Repository, item: BakeItem) -> Data:
    targets = dict.fromkeys(build.service for build in repository.builds_owned_by(item.path) if build.service)
    return {**_item(item), "targets": list(targets)}


def _ignore(item: IgnoreItem) -> Data:
    lines = (line.strip() for line in item.source.data.split(b"\n"))
    return {
        **_item(item),
        "read_by": list(item.read_by),
        "patterns": sum(bool(line) and not line.startswith(b"#") for line in lines),
    }


def _script(repository: Repository, item: ScriptItem) -> Data:
    return {
        **_item(item),
        "category": item.category,
        "language": item.language,
        "test": item.test,
        "invokes": [_invocation(one) for one in item.invocations],
        "legacy": left_behind(repository, item),
    }


def _workflow(repository: Repository, item: WorkflowItem) -> Data:
    return {**_script(repository, item), "actions": list(item.actions)}


def _invocation(one: Invocation) -> Data:
    removes = one.call.destroys
    return {
        "line": one.place.line,
        "engine": one.call.engine,
        "verb": one.call.verb,
        "text": one.text,
        "within": one.within,
        "fallback": one.fallback,
        "destroys": "" if removes is None else f"{', '.join(removes.what)} ({removes.reach.value})",
    }
