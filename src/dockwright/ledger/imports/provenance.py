"""SLSA provenance as BuildKit writes it, v0.2 and v1: times, commit, steps with their lines and layers.

Source: moby/buildkit docs/attestations/slsa-definitions.md and solver/llbsolver/provenance/types/types.go. Names of build
arguments are taken, never values.
"""

from datetime import datetime
from typing import Any

import msgspec

from dockwright.ledger.imports.shapes import at, items, moment, number, revision, table, text
from dockwright.ledger.model import COMPRESSED_BYTES, LAYERS, SECONDS, Part, Step

_METADATA_02 = "https://mobyproject.org/buildkit@v1#metadata"


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What a predicate says of a build; empty where it does not."""

    started: datetime | None = None
    values: dict[str, float] = {}
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    commit: str = ""
    dirty: bool | None = None
    platform: str = ""
    dockerfile: str = ""
    stage: str = ""
    arguments: tuple[str, ...] = ()


def is_provenance(data: Any) -> bool:
    """A statement or predicate of BuildKit's."""
    predicate = table(data, "predicate") or table(data)
    return "buildDefinition" in predicate or ("invocation" in predicate and "buildType" in predicate)


def provenance(data: Any) -> Provenance:
    """Read a predicate, or a statement around one."""
    predicate = table(data, "predicate") or table(data)
    if "buildDefinition" in predicate:
        return _read(
            metadata=table(predicate, "runDetails", "metadata"),
            buildkit=table(predicate, "runDetails", "metadata", "buildkit_metadata"),
            times=("startedOn", "finishedOn"),
            config=table(predicate, "buildDefinition", "internalParameters", "buildConfig"),
            request=table(predicate, "buildDefinition", "externalParameters", "request"),
            file=text(predicate, "buildDefinition", "externalParameters", "configSource", "path"),
            platform=text(predicate, "buildDefinition", "internalParameters", "builderPlatform"),
        )
    return _read(
        metadata=table(predicate, "metadata"),
        buildkit=table(predicate, "metadata", _METADATA_02),
        times=("buildStartedOn", "buildFinishedOn"),
        config=table(predicate, "buildConfig"),
        request=table(predicate, "invocation", "parameters"),
        file=text(predicate, "invocation", "configSource", "entryPoint"),
        platform=text(predicate, "invocation", "environment", "platform"),
    )


def _read(
    *, metadata: dict[str, Any], buildkit: dict[str, Any], times: tuple[str, str], config: dict[str, Any],
    request: dict[str, Any], file: str, platform: str,
) -> Provenance:  # fmt: skip
    started, finished = (moment(metadata.get(name)) for name in times)
    definition = items(config, "llbDefinition")
    values: dict[str, float] = {}
    if started is not None and finished is not None and finished >= started:
        values[SECONDS] = (finished - started).total_seconds()
    layers = _final_layers(definition, buildkit)
    if layers:
        values[COMPRESSED_BYTES] = float(sum(size for _, size in layers))
        values[LAYERS] = float(len(layers))
    commit, dirty = revision(text(buildkit, "vcs", "revision"))
    arguments = table(request, "args")
    return Provenance(
        started=started,
        values=values,
        steps=tuple(_step(one, buildkit, started) for one in definition if table(one, "op", "Op")),
        parts=tuple(Part(kind="layer", name=digest, bytes=size) for digest, size in layers),
        commit=commit,
        dirty=dirty,
        platform=platform,
        dockerfile=file or text(arguments, "filename"),
        stage=text(arguments, "target"),
        arguments=tuple(sorted(name[10:] for name in arguments if name.startswith("build-arg:"))),
    )


def _step(one: Any, buildkit: dict[str, Any], began: datetime | None) -> Step:
    name = text(one, "id")
    place = at(buildkit, "source", "locations", name, "locations", 0)
    source = int(number(place, "sourceIndex") or 0)
    samples = [moment(at(sample, "timestamp")) for sample in items(one, "resourceUsage", "samples")]
    known = [sample for sample in samples if sample is not None]
    seconds = (known[-1] - known[0]).total_seconds() if len(known) > 1 else None
    return Step(
        name=_said(table(one, "op", "Op")) or name,
        path=text(buildkit, "source", "infos", source, "filename"),
        line=int(number(place, "ranges", 0, "start", "line") or 0),
        started=(known[0] - began).total_seconds() if known and began is not None else None,
        seconds=seconds if seconds is None or seconds >= 0 else None,
    )


def _said(operation: dict[str, Any]) -> str:
    """What an operation does, in the words of a Dockerfile where it has some (moby/buildkit solver/pb/json.go)."""
    arguments = [word for word in items(operation, "exec", "meta", "args") if isinstance(word, str)]
    if arguments:
        return "RUN " + " ".join(arguments[2:] if arguments[:2] == ["/bin/sh", "-c"] else arguments)
    if "source" in operation:
        return "FROM " + text(operation, "source", "identifier").removeprefix("docker-image://")
    if "file" in operation:
        copied = [text(action, "Action", "copy", "src") for action in items(operation, "file", "actions")]
        return "COPY " + " ".join(filter(None, copied)) if any(copied) else "file"
    return next(iter(operation), "")


def _final_layers(definition: list[Any], buildkit: dict[str, Any]) -> list[tuple[str, int]]:
    """Digest and compressed bytes of the result's layers: those of what the last, empty step takes."""
    final = definition[-1] if definition and not table(definition[-1], "op", "Op") else None
    chain = at(buildkit, "layers", text(final, "inputs", 0), 0)
    found = [(text(layer, "digest"), number(layer, "size")) for layer in items(chain)]
    return [(digest, int(size)) for digest, size in found if digest and size is not None and size >= 0]
