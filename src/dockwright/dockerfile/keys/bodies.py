"""The part of a cache key that an operation brings itself: everything but the content it works on.

Sources: moby/buildkit solver/llbsolver/ops/exec.go: CacheMap, file.go: CacheMap.
"""

from posixpath import basename
from typing import Any

import msgspec

from dockwright.dockerfile.operations.digests import digest_of
from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    Action,
    Copy,
    ExecBody,
    ExecMount,
    FileBody,
    MergeBody,
    MountType,
    SourceBody,
)

Body = SourceBody | FileBody | ExecBody | MergeBody


def body_digest(body: Body) -> str:
    """The digest of an operation as it enters its key."""
    return digest_of([type(body).__name__, _encodable(stripped(body))])


def stripped(body: Body) -> Body:
    """An operation without what does not count."""
    if isinstance(body, FileBody):
        return FileBody(tuple(_action(one) for one in body.actions))
    if isinstance(body, ExecBody):
        return msgspec.structs.replace(
            body,
            hosts=tuple((name, "") for name, _ in body.hosts),
            proxy=(),
            mounts=_mounts(body.mounts),
        )
    return body


def _action(action: Action) -> Action:
    """Of a source only the last part of its path counts; its content is another part of the key."""
    if isinstance(action.what, Copy) and action.source != NO_INPUT:
        src = basename(action.what.src) or "/"
        return msgspec.structs.replace(action, what=msgspec.structs.replace(action.what, src=src))
    return action


def _mounts(mounts: tuple[ExecMount, ...]) -> tuple[ExecMount, ...]:
    """The mounts without selectors; none at all for the plain root mount."""
    if mounts == (ExecMount("/"),):
        return ()
    return tuple(_mount(one) for one in mounts)


def _mount(mount: ExecMount) -> ExecMount:
    if mount.type is not MountType.CACHE:
        return msgspec.structs.replace(mount, selector="")
    _, slash, rest = mount.id.partition("/")
    default = mount.sharing == 0 and (mount.id == mount.dest or (bool(slash) and rest == mount.dest))
    if default:
        return msgspec.structs.replace(mount, selector="")
    return msgspec.structs.replace(mount, selector="", id="", sharing=0)


def _encodable(body: Body) -> Any:
    """As plain values: structs of different kinds must not look alike."""
    if isinstance(body, FileBody):
        return [(type(one.what).__name__, one) for one in body.actions]
    return body
