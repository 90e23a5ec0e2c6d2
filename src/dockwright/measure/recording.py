"""From what an engine said of a build to its record: every instruction with its line, time, verdict and prediction."""

from collections.abc import Iterable, Iterator, Sequence

from dockwright.dockerfile.keys.model import Step
from dockwright.engine.protocol import BuildResult, HistoryRow, ImageDetail, Vertex
from dockwright.engine.vertices import union
from dockwright.measure.keys import Known
from dockwright.measure.matching import is_base, matched, name_of, numbered, verdict_of
from dockwright.measure.model import BuildRecord, Machine, State, StepRecord
from dockwright.measure.network import downloads, fetched_seconds, registry_seconds
from dockwright.measure.origin import Origin
from dockwright.measure.prepare import Prepared, Setting
from dockwright.measure.sizes import step_bytes

_CONTEXT = "[internal] load build context"


def record(
    setting: Setting,
    prepared: Prepared,
    result: BuildResult,
    known: Known,
    origin: Origin,
    image: ImageDetail | None = None,
    rows: Sequence[HistoryRow] = (),
) -> BuildRecord:
    """The record of one build; `image` and `rows` are of the image it made, where there is one."""
    subject = prepared.target.subject
    steps, notes = _steps(prepared, result, known, rows)
    vertices = result.vertices
    return BuildRecord(
        target=prepared.target.name,
        dockerfile=subject.path,
        context=subject.context or ".",
        stage=subject.target,
        arguments=tuple(sorted(subject.args)),
        engine=setting.engine.name,
        engine_version=setting.versions.engine,
        builder=setting.engine.builder,
        machine=Machine(setting.info.os, setting.info.architecture, setting.info.cpus, setting.info.memory),
        cache=prepared.cache,
        bases=prepared.bases,
        commit=origin.commit,
        dirty=origin.dirty,
        branch=origin.branch,
        command=result.argv,
        started=result.started,
        seconds=result.seconds,
        outcome="ok" if result.fault is None else "failed",
        image=result.image,
        image_bytes=image.size if image is not None else None,
        context_bytes=_context_bytes(vertices),
        context_seconds=_seconds(vertices, _CONTEXT),
        registry_seconds=registry_seconds(vertices),
        export_seconds=_seconds(vertices, "exporting to "),
        steps=tuple(steps),
        warnings=result.warnings,
        said=result.said,
        fault=result.fault,
        notes=(*prepared.target.notes, *prepared.notes, *notes),
        skipped=prepared.skipped,
    )


def _context_bytes(vertices: Iterable[Vertex]) -> int | None:
    """What was sent in this build: BuildKit sends what changed since the last time."""
    found = [one.bytes for one in vertices if one.name.startswith(_CONTEXT) and one.bytes is not None]
    return sum(found) if found else None


def _seconds(vertices: Iterable[Vertex], prefix: str) -> float | None:
    found = [one.seconds for one in vertices if one.name.startswith(prefix)]
    return sum(found) if found else None


def _steps(
    prepared: Prepared, result: BuildResult, known: Known, rows: Sequence[HistoryRow]
) -> tuple[list[StepRecord], list[str]]:
    if any(one.place is not None for one in result.vertices):
        return list(_numbered_steps(prepared, result)), []
    if prepared.plan is None:
        return list(_named_steps(prepared, result)), []
    vertices = matched(prepared.plan, result.vertices)
    sizes = step_bytes(prepared.plan, rows)
    steps = [*_bases(prepared, result)]
    for step in prepared.plan.counted:
        key = prepared.keys[step.index] if prepared.keys else None
        predicted = known.verdict(key).value if prepared.keys else ""
        steps.append(
            _step(step, vertices.get(step.index, ()), result, predicted, key.text if key else "",
                  sizes.get(step.index))
        )  # fmt: skip
    seen = {one.id for some in vertices.values() for one in some}
    lost = [
        one.name for one in result.vertices
        if one.id not in seen and (name := name_of(one.name)) is not None and not is_base(name)
    ]  # fmt: skip
    notes = [f"{len(lost)} steps were not recognised, first `{lost[0]}`"] if lost else []
    return sorted(steps, key=lambda one: one.line), notes


def _state(vertices: Sequence[Vertex]) -> State:
    if any(one.error and "context canceled" not in one.error for one in vertices):
        return State.FAILED
    if not vertices or all(one.started is None and not one.cached for one in vertices):
        return State.NOT_REACHED
    groups = {one.group for one in vertices if one.group}
    if groups:
        return State.CACHED if all(one.cached for one in vertices) else State.EXECUTED
    one = verdict_of(vertices)
    if one.error or (one.completed is None and not one.cached):
        return State.NOT_REACHED  # stopped while it ran, because another failed
    return State.CACHED if one.cached else State.EXECUTED


def _step(
    step: Step, vertices: Sequence[Vertex], result: BuildResult, predicted: str, key: str, size: int | None
) -> StepRecord:
    origin = step.origin
    state = _state(vertices)
    ran = [one for one in vertices if one.started is not None]
    times = [(one.started, one.completed) for one in ran]
    spans = [(start, end) for start, end in times if start is not None and end is not None]
    seconds = vertices[0].seconds if len(vertices) == 1 else union(spans)
    log = tuple(line for one in vertices for line in one.log)
    executed = state is State.EXECUTED
    return StepRecord(
        stage=(origin.stage or f"stage-{origin.stage_index}") if origin is not None else "",
        instruction=(origin.instruction if origin is not None else step.operation.kind).upper(),
        text=origin.text if origin is not None else step.operation.name,
        path=origin.path if origin is not None else "",
        line=origin.lines[0] if origin is not None else 0,
        state=state,
        name=verdict_of(vertices).name if vertices else step.operation.name,
        started=_offset(ran, result),
        seconds=seconds if ran else None,
        bytes=size,
        network=fetched_seconds(line for one in vertices for line in one.facts) if executed else None,
        downloads=downloads(step) if executed else (),
        predicted=predicted,
        key=key,
        error=next((one.error for one in vertices if one.error), ""),
        log=log if state is State.FAILED else (),
    )


def _offset(vertices: Sequence[Vertex], result: BuildResult) -> float | None:
    starts = [one.started for one in vertices if one.started is not None]
    return max(0.0, min(starts) - result.started) if starts else None


def _bases(prepared: Prepared, result: BuildResult) -> Iterator[StepRecord]:
    """FROM of images: what looking them up and fetching them took. Of equal ones the engine shows one."""
    stages = {stage.label: stage for stage in prepared.file.stages}
    for vertex in result.vertices:
        name = name_of(vertex.name)
        if name is None or not is_base(name):
            continue
        stage = stages.get(name.stage) or next(iter(prepared.file.stages), None)
        yield StepRecord(
            stage=stage.label if stage is not None else name.stage,
            instruction="FROM",
            text=stage.from_.node.original.strip() if stage is not None else name.text,
            path=prepared.file.file.path,
            line=stage.from_.node.first_line if stage is not None else 0,
            state=State.FAILED if vertex.error else State.FETCHED,
            name=vertex.name,
            started=_offset([vertex], result),
            seconds=vertex.seconds,
            bytes=vertex.bytes,
            network=vertex.seconds if vertex.bytes else None,
            error=vertex.error,
        )


def _named_steps(prepared: Prepared, result: BuildResult) -> Iterator[StepRecord]:
    """Where there is no plan: what the names say."""
    for vertex in result.vertices:
        name = name_of(vertex.name)
        if name is not None:
            state = State.FETCHED if is_base(name) and not vertex.error else _state([vertex])
            yield StepRecord(
                stage=name.stage, instruction=name.keyword, text=name.text, path=prepared.file.file.path, line=0,
                state=state, name=vertex.name, started=_offset([vertex], result), seconds=vertex.seconds,
                error=vertex.error, log=vertex.log,
            )  # fmt: skip


def _numbered_steps(prepared: Prepared, result: BuildResult) -> Iterator[StepRecord]:
    """Buildah numbers all instructions; the keyword must fit, else the line is not known."""
    places = numbered(prepared.file)
    for vertex in result.vertices:
        if vertex.place is None:
            continue
        text = vertex.name.partition(": ")[2]
        word = text.partition(" ")[0].upper()
        found = places.get(vertex.place)
        fits = found is not None and found.word == word
        yield StepRecord(
            stage=found.stage if found is not None and fits else f"stage-{vertex.place[0]}",
            instruction=word,
            text=found.text if found is not None and fits else text,
            path=prepared.file.file.path,
            line=found.line if found is not None and fits else 0,
            state=State.FETCHED if word == "FROM" and not vertex.error else _state([vertex]),
            name=vertex.name,
            started=_offset([vertex], result),
            seconds=vertex.seconds,
            network=fetched_seconds(vertex.facts) if vertex.executed else None,
            error=vertex.error,
            log=vertex.log if vertex.error else (),
        )
