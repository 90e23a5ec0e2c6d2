"""What buildx writes: `--metadata-file` of build and bake, `history inspect`, `history ls`, records of `history export`.

Source: docker/buildx build/provenance.go, commands/history/{inspect,ls}.go, util/desktop/bundle/export.go at v0.36. The
default metadata file (provenance `min`) has neither times nor sizes: of such a build there is nothing to keep.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from dockwright.errors import Skipped
from dockwright.ledger.imports.provenance import Provenance, provenance
from dockwright.ledger.imports.shapes import items, moment, number, revision, table, text
from dockwright.ledger.model import CACHED_STEPS, SECONDS, STEPS, Run

REFERENCE = "buildx.build.ref"
PROVENANCE = "buildx.build.provenance"
NO_TIME = (
    "it has no times: the default provenance of a metadata file leaves them out;"
    " set BUILDX_METADATA_PROVENANCE=max for the build"
)


def is_metadata(data: Any) -> bool:
    """A metadata file of one build."""
    return isinstance(data, dict) and any(
        key == REFERENCE or key.startswith((PROVENANCE, "containerimage.")) for key in data
    )


def is_bake(data: Any) -> bool:
    """A metadata file of bake: one object for each target."""
    return isinstance(data, dict) and any(is_metadata(one) for one in data.values())


def bake(data: dict[str, Any], name: str) -> Iterator[Run | Skipped]:
    """The runs of a bake, joined as one group."""
    group = (
        f"bake:{min((uid(text(one, REFERENCE)) for one in data.values() if is_metadata(one)), default='')}"
    )
    for target, one in data.items():
        if is_metadata(one):
            for found in metadata(one, f"{name}: {target}", target):
                yield msgspec.structs.replace(found, group=group) if isinstance(found, Run) else found


def metadata(data: dict[str, Any], name: str, target: str = "") -> Iterator[Run | Skipped]:
    """The runs of a metadata file: one for each platform that has a provenance of its own."""
    found = [
        (key.partition("/")[2], _decoded(value))
        for key, value in data.items()
        if key.split("/")[0] == PROVENANCE
    ]
    if not found:
        yield Skipped(name, NO_TIME)
    for platform, value in found:
        said = provenance(value)
        named = target or _target(said.dockerfile, said.stage)
        if said.started is None:
            yield Skipped(name, NO_TIME)
        elif not named:
            yield Skipped(name, "nothing in it says what was built; give --target")
        else:
            run = _run(said, named, "metadata file")
            yield msgspec.structs.replace(
                run,
                uid=uid(text(data, REFERENCE), platform),
                image=text(data, "containerimage.digest"),
                platform=platform or said.platform,
            )


def _run(said: Provenance, target: str, source: str) -> Run:
    assert said.started is not None
    return Run(
        kind="import", target=target, at=said.started, values=said.values, steps=said.steps, parts=said.parts,
        commit=said.commit, dirty=said.dirty, engine="buildkit", platform=said.platform,
        dockerfile=said.dockerfile, stage=said.stage, arguments=said.arguments, source=source,
    )  # fmt: skip


def statement(data: Any, name: str, target: str) -> Iterator[Run | Skipped]:
    """The run of a provenance file (`provenance.json`, `history inspect attachment`)."""
    said = provenance(data)
    named = target or _target(said.dockerfile, said.stage)
    if said.started is None:
        yield Skipped(name, "the provenance has no time")
    elif not named:
        yield Skipped(name, "nothing in it says what was built; give --target")
    else:
        yield _run(said, named, "provenance")


def _decoded(value: Any) -> Any:
    """In some versions the provenance stands as an object, in others as base64 of JSON."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None


def uid(reference: str, platform: str = "") -> str:
    """One name for a build however it is told: the id at the end of `builder/node/id`. Empty without one."""
    last = reference.rpartition("/")[2]
    return f"buildx:{last}{f':{platform}' if platform else ''}" if last else ""


def _target(dockerfile: str, stage: str) -> str:
    """As `dockwright build` would be asked for it; a stage behind a colon."""
    return f"{dockerfile}:{stage}" if dockerfile and stage else dockerfile


def is_inspected(data: Any) -> bool:
    """Output of `docker buildx history inspect --format json`."""
    return isinstance(data, dict) and "Ref" in data and "NumTotalSteps" in data


def inspected(data: dict[str, Any], name: str, target: str) -> Iterator[Run | Skipped]:
    """The run of one inspected record."""
    commit, dirty = revision(text(data, "VCSRevision"))
    platforms = [one for one in items(data, "Platform") if isinstance(one, str)]
    seconds = number(data, "Duration")
    yield from _record(
        name,
        target or _target(text(data, "Dockerfile"), text(data, "Target")),
        moment(data.get("StartedAt")),
        None if seconds is None else seconds / 1e9,
        {STEPS: number(data, "NumTotalSteps"), CACHED_STEPS: number(data, "NumCachedSteps")},
        {"completed": "ok", "failed": "failed", "canceled": "cancelled"}.get(text(data, "Status"), ""),
        uid=uid(text(data, "Ref")),
        commit=commit,
        dirty=dirty,
        dockerfile=text(data, "Dockerfile"),
        context=text(data, "Context"),
        stage=text(data, "Target"),
        platform=",".join(platforms),
        arguments=tuple(sorted(text(one, "Name") for one in items(data, "BuildArgs"))),
        source="buildx history",
    )


def is_listed(data: Any) -> bool:
    """A line of `docker buildx history ls --format json`."""
    return isinstance(data, dict) and "ref" in data and "created_at" in data


def listed(data: dict[str, Any], name: str, target: str) -> Iterator[Run | Skipped]:
    """The run of a listed record; its name is all that says what was built."""
    began, ended = moment(data.get("created_at")), moment(data.get("completed_at"))
    yield from _record(
        name,
        target or text(data, "name"),
        began,
        (ended - began).total_seconds() if began and ended else None,
        {STEPS: number(data, "total_steps"), CACHED_STEPS: number(data, "cached_steps")},
        {"Completed": "ok", "Error": "failed"}.get(text(data, "status"), ""),
        uid=uid(text(data, "ref")),
        source="buildx history",
    )


def is_record(data: Any) -> bool:
    """A record of `docker buildx history export`."""
    return isinstance(data, dict) and "Ref" in data and "FrontendAttrs" in data and "CreatedAt" in data


def record(data: dict[str, Any], name: str, target: str) -> Iterator[Run | Skipped]:
    """The run of an exported record."""
    asked = table(data, "FrontendAttrs")
    began, ended = moment(data.get("CreatedAt")), moment(data.get("CompletedAt"))
    commit, dirty = revision(text(asked, "vcs:revision"))
    file = "/".join(
        filter(None, (text(asked, "vcs:localdir:dockerfile").strip("./"), text(asked, "filename")))
    )
    failed = bool(table(data, "error")) or bool(table(data, "externalError"))
    cancelled = number(data, "error", "code") == 1  # google.rpc.Code: CANCELLED
    yield from _record(
        name,
        target or _target(file or "Dockerfile", text(asked, "target")),
        began,
        (ended - began).total_seconds() if began and ended else None,
        # Go leaves out what is zero.
        {STEPS: number(data, "numTotalSteps"), CACHED_STEPS: number(data, "numCachedSteps") or 0.0},
        ("cancelled" if cancelled else "failed" if failed else "ok") if ended else "",
        uid=uid(text(data, "Ref")),
        commit=commit,
        dirty=dirty,
        dockerfile=file,
        stage=text(asked, "target"),
        platform=text(asked, "platform"),
        image=text(data, "ExporterResponse", "containerimage.digest"),
        arguments=tuple(sorted(key[10:] for key in asked if key.startswith("build-arg:"))),
        source="buildx history",
    )


def _record(
    name: str,
    target: str,
    began: Any,
    seconds: float | None,
    counts: dict[str, float | None],
    outcome: str,
    **more: Any,
) -> Iterator[Run | Skipped]:
    if began is None or seconds is None or seconds < 0 or not outcome:
        yield Skipped(name, "a build that has not ended, or without times")
        return
    if not target:
        yield Skipped(name, "nothing in it says what was built; give --target")
        return
    values = {SECONDS: seconds, **{key: value for key, value in counts.items() if value is not None}}
    try:
        began + timedelta(seconds=seconds)
    except OverflowError:
        yield Skipped(name, "its times are no times")
        return
    yield Run(
        kind="import", target=target, at=began, values=values, outcome=outcome, engine="buildkit", **more
    )
