"""Files of builds that others measured: those `ledger.imports` knows, and the progress of a build as `rawjson`.

`docker buildx history logs --progress=rawjson` replays it for a past build, `docker buildx build --progress=rawjson 2> FILE`
writes it. It names steps, not lines, and not what was built, which `--target` has to say.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from dockwright.engine.protocol import Vertex
from dockwright.engine.rawjson import RawJson
from dockwright.engine.vertices import Vertices
from dockwright.errors import Skipped
from dockwright.ledger.imports.read import MAX_FILE, Imported
from dockwright.ledger.imports.read import read as read_known
from dockwright.ledger.model import CACHED_STEPS, CONTEXT_BYTES, SECONDS, STEPS, Run, Step
from dockwright.measure.matching import is_base, name_of

_CONTEXT = "[internal] load build context"


def read(data: bytes, name: str, target: str = "") -> Imported:
    """The runs in a file; `target` goes before what the file says."""
    if len(data) <= MAX_FILE and is_progress(data):
        found = Imported()
        one = progress(data, name, target)
        if isinstance(one, Run):
            found.runs.append(one)
        else:
            found.skipped.append(one)
        return found
    return read_known(data, name, target)


def is_progress(data: bytes) -> bool:
    """True for a stream of BuildKit's SolveStatus objects: its first key is one of theirs."""
    head = data[:4096].lstrip()
    first = head[1:].lstrip()
    return head[:1] == b"{" and first.startswith((b'"vertexes"', b'"statuses"', b'"logs"', b'"warnings"'))


def progress(data: bytes, name: str, target: str) -> Run | Skipped:
    """The run a progress stream tells of: from the first begin of a vertex to the last end."""
    if not target:
        return Skipped(name, "a progress stream does not say what was built; give --target")
    vertices = Vertices()
    stream = RawJson(vertices)
    stream.feed(data)
    stream.close()
    found = vertices.values()
    begun = [one.started for one in found if one.started is not None]
    ended = [one.completed for one in found if one.completed is not None]
    if not begun or not ended:
        return Skipped(name, "a progress stream in which nothing begins and ends")
    steps = _steps(found, min(begun))
    sent = [one.bytes for one in found if one.name.startswith(_CONTEXT) and one.bytes is not None]
    values = {
        SECONDS: max(0.0, max(ended) - min(begun)),
        STEPS: float(len(steps)),
        CACHED_STEPS: float(sum(bool(step.cached) for step in steps)),
    }
    if sent:
        values[CONTEXT_BYTES] = float(sum(sent))
    return Run(
        kind="import",
        target=target,
        at=datetime.fromtimestamp(min(begun), UTC),
        values=values,
        steps=steps,
        outcome=_outcome(found),
        engine="buildkit",
        source="progress",
    )


def _steps(found: Sequence[Vertex], began: float) -> tuple[Step, ...]:
    steps = []
    for one in found:
        said = name_of(one.name)
        if said is None or is_base(said) or (one.started is None and not one.cached):
            continue
        steps.append(
            Step(
                name=said.text,
                stage=said.stage,
                started=max(0.0, one.started - began) if one.started is not None else None,
                seconds=one.seconds,
                cached=one.cached,
            )
        )
    return tuple(
        sorted(steps, key=lambda step: -1.0 if step.started is None else step.started)
    )  # told last first


def _outcome(found: Sequence[Vertex]) -> str:
    errors = [one.error for one in found if one.error]
    if not errors:
        return "ok"
    return "cancelled" if all("context canceled" in error for error in errors) else "failed"
