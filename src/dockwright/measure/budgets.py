"""Measured budgets: what a build or image has more than `[budgets]` allows, and which part of it grew."""

from collections.abc import Sequence

import msgspec

from dockwright.budgets import Limit, limit_for
from dockwright.ledger.model import (
    COMPRESSED_BYTES,
    CONTEXT_BYTES,
    DEAD_BYTES,
    IMAGE_BYTES,
    SECONDS,
    Part,
    Run,
    Step,
)
from dockwright.quantities import show

NAMED = 3
"""Causes that are told."""
VALUES = {
    "image": IMAGE_BYTES,
    "compressed": COMPRESSED_BYTES,
    "dead": DEAD_BYTES,
    "context": CONTEXT_BYTES,
    "rebuild": SECONDS,
}
"""The value of a run that a kind of budget limits."""


class Cause(msgspec.Struct, frozen=True):
    """An instruction, file, package or step that grew (or, without an earlier run, one of the largest)."""

    text: str
    """What it is and by how much, ready to be shown."""
    path: str = ""
    line: int = 0
    grew: float | None = None


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """A budget that does not hold: `value` and `limit` in `unit` (`bytes`, `s`), and what it was before."""

    limit: Limit
    target: str
    value: float
    before: float | None
    causes: tuple[Cause, ...] = ()

    @property
    def message(self) -> str:
        """One line: the target, what it has, what is allowed, what grew."""
        unit, limit = self.limit.unit, self.limit
        what = f"{limit.kind} ({limit.scenario})" if limit.scenario else limit.kind
        text = (
            f"{self.target}: {what} is {show(self.value, unit)}, and the budget is {show(limit.amount, unit)}"
        )
        if self.before is not None:
            text += f"; it was {show(self.before, unit)} before"
        return text + (f"; {', '.join(cause.text for cause in self.causes)}" if self.causes else "")


def exceeded(limits: Sequence[Limit], run: Run, before: Run | None = None) -> list[Over]:
    """The budgets that a measured run does not keep.

    `before` is the run to compare with, for what grew: the ledger's last one with the value (`Ledger.last_with`). A
    budget of seconds holds for runs of its scenario, and for a run without one (a plain build) not at all. A value that
    the run does not have is not judged.
    """
    found = []
    for kind, name in VALUES.items():
        limit = limit_for(list(limits), kind, run.target, run.scenario if kind == "rebuild" else "")
        value = run.values.get(name)
        if limit is None or value is None or value <= limit.amount:
            continue
        earlier = before.values.get(name) if before is not None else None
        causes = grown(run, before, name)
        found.append(Over(limit=limit, target=run.target, value=value, before=earlier, causes=causes))
    return found


OF_IMAGES = ("image", "compressed", "dead")
"""Kinds of budgets that an account of an image is held against."""


def of_image(limits: Sequence[Limit], target: str) -> list[Limit]:
    """The budgets that hold for images of a target."""
    found = (limit_for(list(limits), kind, target) for kind in OF_IMAGES)
    return [one for one in found if one is not None]


def grown(run: Run, before: Run | None, name: str) -> tuple[Cause, ...]:
    """What made a value of a run grow since `before`; the largest parts where there is nothing to compare with.

    Empty for a value that is not attributed to anything.
    """
    if name == SECONDS:
        return _steps(run, before)
    kinds = _KINDS.get(name)
    return _parts(run, before, kinds) if kinds is not None else ()


_KINDS = {
    CONTEXT_BYTES: ("file",),
    DEAD_BYTES: ("dead",),
    IMAGE_BYTES: ("instruction", "package", "file", "layer"),
    COMPRESSED_BYTES: ("layer", "instruction", "package"),
}
"""The kinds of parts a value is made of."""


def _parts(run: Run, before: Run | None, kinds: Sequence[str]) -> tuple[Cause, ...]:
    """The parts that grew most; the largest when there is nothing to compare with.

    The same bytes are in a part of every kind (an instruction, a package, files), so the first of each kind comes first.
    """
    by_kind = [_ranked(_of(run, one), _of(before, one) if before is not None else []) for one in kinds]
    ranked = [parts[rank] for rank in range(NAMED) for parts in by_kind if rank < len(parts)]
    return tuple(_cause(part, more) for part, more in ranked[:NAMED])


def _of(run: Run, kind: str) -> list[Part]:
    """The parts of one kind; instructions of a build without an account of its image are its steps with bytes."""
    found = [part for part in run.parts if part.kind == kind]
    if kind != "instruction" or found:
        return found
    return [
        Part(kind=kind, name=step.name, bytes=step.bytes, path=step.path, line=step.line)
        for step in run.steps
        if step.bytes is not None
    ]


def _ranked(parts: Sequence[Part], before: Sequence[Part]) -> list[tuple[Part, int | None]]:
    """Parts of one kind with what they grew by, the largest first."""
    known = _sizes(before)
    if not known:
        return [
            (part, None) for part in sorted(parts, key=lambda part: (-part.bytes, part.name)) if part.bytes
        ]
    one_of = {(part.name, part.path): part for part in reversed(parts)}
    grown = [(one_of[key], size - known.get(key, 0)) for key, size in _sizes(parts).items()]
    return [
        (part, more) for part, more in sorted(grown, key=lambda item: (-item[1], item[0].name)) if more > 0
    ]


def _sizes(parts: Sequence[Part]) -> dict[tuple[str, str], int]:
    """Bytes by name and file, without the line: lines move."""
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        found[part.name, part.path] = found.get((part.name, part.path), 0) + part.bytes
    return found


def _cause(part: Part, more: int | None) -> Cause:
    where = f" ({part.path}:{part.line})" if part.line else ""
    size = show(part.bytes, "bytes")
    text = f"{part.kind} `{part.name}`{where} " + (
        f"grew by {show(more, 'bytes')} to {size}" if more is not None else size
    )
    return Cause(text, part.path, part.line, more)


def _steps(run: Run, before: Run | None) -> tuple[Cause, ...]:
    """The steps that took longer than before, or that ran and did not then; else the slowest."""
    known = {(step.stage, step.name): step for step in before.steps} if before is not None else {}
    found = []
    for step in run.steps:
        if step.seconds is None or step.cached:
            continue
        earlier = known.get((step.stage, step.name))
        then = 0.0 if earlier is None or earlier.cached else earlier.seconds or 0.0
        if not known or step.seconds > then:
            found.append((step.seconds - then if known else step.seconds, step, earlier))
    found.sort(key=lambda item: (-item[0], item[1].name))
    return tuple(_slow(step, more if known else None, earlier) for more, step, earlier in found[:NAMED])


def _slow(step: Step, more: float | None, earlier: Step | None) -> Cause:
    where = f" ({step.path}:{step.line})" if step.line else ""
    text = f"step `{step.name}`{where} took {show(step.seconds or 0.0, 's')}"
    if earlier is not None and earlier.cached:
        text += ", and was cached before"
    elif more is not None:
        text += f", {show(more, 's')} more than before"
    return Cause(text, step.path, step.line, more)
