"""Operations as BuildKit writes them in JSON (solver/pb/ops.proto): for comparison with its own output, and to see.

Fields at their default are left out, as protobuf does.
"""

from typing import Any

from dockwright.dockerfile.operations.model import (
    NO_OUTPUT,
    Action,
    Copy,
    ExecBody,
    ExecMount,
    FileBody,
    Mkdir,
    Mkfile,
    MountType,
    Operation,
    Owner,
    SourceBody,
)

Json = dict[str, Any]


def as_llb(operations: tuple[Operation, ...]) -> list[Json]:
    """The operations in order; `inputs` as `index:output`."""
    return [_operation(index, one) for index, one in enumerate(operations)]


def _operation(index: int, operation: Operation) -> Json:
    found: Json = {"id": index, "kind": operation.kind, "name": operation.name}
    if operation.inputs:
        found["inputs"] = [f"{one}:0" for one in operation.inputs]
    if operation.origins:
        lines = [(one.stage_line,) * 2 if one.trigger else one.lines for one in operation.origins]
        found["lines"] = [list(one) for one in dict.fromkeys(lines)]
    body = operation.body
    if isinstance(body, SourceBody):
        found["identifier"] = body.identifier
        if body.attrs:
            found["attrs"] = {
                name: value if isinstance(value, str) else list(value) for name, value in body.attrs
            }
    elif isinstance(body, FileBody):
        found["actions"] = [_action(one) for one in body.actions]
    elif isinstance(body, ExecBody):
        found["exec"] = _exec(body)
    return found


def _some(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, "", 0, False, (), [], {})}


def _owner(user: Owner | None, group: Owner | None, base: int) -> Json | None:
    if user is None and group is None:
        return None
    return {
        name: {"User": _user(one, base)}
        for name, one in (("user", user), ("group", group))
        if one is not None
    }


def _user(one: Owner, base: int) -> Json:
    if one.name:
        return {"byName": _some(name=one.name, input=base)}
    return _some(byId=one.id)


def _action(action: Action) -> Json:
    what = action.what
    found: Json = {
        "input": action.target,
        "secondaryInput": action.source,
        "output": 0 if action.last else NO_OUTPUT,
    }
    if isinstance(what, Copy):
        found["copy"] = _copy(what, action.target)
    elif isinstance(what, Mkdir):
        found["mkdir"] = _some(
            path=what.path,
            mode=what.mode,
            makeParents=what.parents,
            owner=_owner(what.user, what.group, max(action.target, 0)),
            timestamp=what.timestamp,
        )
    elif isinstance(what, Mkfile):
        found["mkfile"] = _some(path=what.path, mode=what.mode, data=what.data, timestamp=-1)
    return found


def _copy(what: Copy, target: int) -> Json:
    return _some(
        src=what.src,
        dest=what.dest,
        owner=_owner(what.user, what.group, max(target, 0)),
        mode=0 if what.symbolic_mode else what.mode,
        modeStr=what.symbolic_mode,
        followSymlink=what.follow,
        dirCopyContents=what.contents,
        attemptUnpackDockerCompatibility=what.unpack,
        createDestPath=True,
        allowWildcard=what.wildcard,
        allowEmptyWildcard=what.wildcard,
        timestamp=-1,
        include_patterns=list(what.include),
        exclude_patterns=list(what.exclude),
        required_paths=list(what.required),
    )


def _exec(body: ExecBody) -> Json:
    return {
        "meta": _some(
            args=list(body.args),
            env=list(body.env),
            cwd=body.cwd,
            user=body.user,
            proxy_env=dict(body.proxy),
            extraHosts=[{"Host": host, "IP": address} for host, address in body.hosts],
            hostname=body.hostname,
            ulimit=[{"Name": name, "Soft": soft, "Hard": hard} for name, soft, hard in body.ulimits],
            cgroupParent=body.cgroup_parent,
            removeMountStubsRecursive=True,
        ),
        "mounts": [_mount(one) for one in body.mounts],
        **_some(
            network=body.network,
            security=body.security,
            secretenv=[_some(ID=one.id, name=one.name, optional=one.optional) for one in body.secret_env],
            cdiDevices=[_some(name=name, optional=optional) for name, optional in body.devices],
        ),
    }


def _mount(mount: ExecMount) -> Json:
    found: Json = {"dest": mount.dest} | _some(
        input=mount.input,
        selector=mount.selector,
        output=mount.output,
        readonly=mount.read_only,
        mountType=mount.type.value,
    )
    numbers = _some(ID=mount.id, uid=mount.uid, gid=mount.gid, mode=mount.mode, optional=mount.optional)
    if mount.type is MountType.CACHE:
        found["cacheOpt"] = _some(ID=mount.id, sharing=mount.sharing)
    elif mount.type is MountType.TMPFS:
        found["TmpfsOpt"] = _some(size=mount.size)
    elif mount.type is MountType.SECRET:
        found["secretOpt"] = numbers
    elif mount.type is MountType.SSH:
        found["SSHOpt"] = numbers
    return found
