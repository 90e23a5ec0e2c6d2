"""What each mode would keep: bytes from measured layers, hits from the replayed history, seconds from measured steps.

A builder without anything of its own that imports the cache of the parent commit is what is predicted: with `max` a step
hits as the replay says. With `min` so do steps in the result's layers; a step of another stage runs again when the last
step of the way into the result does, as there is nothing to begin from. Where several ways lead on it is between the
largest of their misses and their sum.
"""

from collections.abc import Mapping, Sequence

import msgspec

from dockwright.cost.ranges import Range
from dockwright.figures import Basis
from dockwright.measure.caching.structure import CachedStep, Structure
from dockwright.replay.result import DockerfileResult, StepResult


class Measured(msgspec.Struct, frozen=True):
    """What is recorded of a target: unpacked bytes and seconds of its steps by file and line, and of its image."""

    bytes: Mapping[tuple[str, int], int] = {}
    seconds: Mapping[tuple[str, int], float] = {}
    image_bytes: float | None = None
    compressed_bytes: float | None = None


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """What a mode would do. `share` is of steps over all commits; `rebuild` seconds of steps for each commit.

    None: not known; `unknown` says what is missing.
    """

    name: str
    steps: int
    """Steps that are exported."""
    bytes: Range | None = None
    share: Range | None = None
    rebuild: Range | None = None
    unknown: tuple[str, ...] = ()


def predict(found: Structure, measured: Measured, history: DockerfileResult | None) -> tuple[Mode, Mode]:
    """`min` and `max`."""
    return _mode("min", found, measured, history), _mode("max", found, measured, history)


def _mode(name: str, found: Structure, measured: Measured, history: DockerfileResult | None) -> Mode:
    exported = [step for step in found.steps if step.kept or name == "max"]
    unknown = []
    size = _bytes(exported, measured)
    if size is None:
        lacking = {step.line for step in exported if (step.path, step.line) not in measured.bytes}
        unknown.append(f"bytes of the layers of {_lines(lacking)}")
    share = rebuild = None
    if history is None or not history.commits:
        unknown.append("how often steps run again")
    else:
        misses = _misses(name, found, history)
        share = _share(misses, history.commits)
        rebuild = _seconds(found, misses, measured, history.commits)
        if rebuild is None:
            places = zip(found.steps, misses, strict=True)
            timeless = {
                step.line
                for step, (_, most) in places
                if most and (step.path, step.line) not in measured.seconds
            }
            unknown.append(f"seconds of {_lines(timeless)} when executed")
    return Mode(
        name=name, steps=len(exported), bytes=size, share=share, rebuild=rebuild, unknown=tuple(unknown)
    )


def _lines(lines: set[int]) -> str:
    """`line 3`, `lines 3, 4, 8 …`."""
    shown = sorted(lines)
    return f"line{'s' * (len(shown) != 1)} {', '.join(map(str, shown[:8]))}{' …' if len(shown) > 8 else ''}"


def _bytes(exported: Sequence[CachedStep], measured: Measured) -> Range | None:
    """Compressed, if that is known of the image; from the steps alone to the steps and the base image.

    Backends keep what is compressed; how well other stages compress is taken from the image.
    """
    places = {(step.path, step.line) for step in exported}
    if not places <= measured.bytes.keys():
        return None
    own = float(sum(measured.bytes[place] for place in places))
    base = 0.0
    if measured.image_bytes is not None:
        kept = sum(
            measured.bytes[place]
            for place in measured.bytes.keys() & {(s.path, s.line) for s in exported if s.kept}
        )
        base = max(0.0, measured.image_bytes - kept)
    if measured.image_bytes and measured.compressed_bytes is not None:
        ratio = measured.compressed_bytes / measured.image_bytes
        how = f"measured layers, compressed like the image ({ratio:.0%}); high: with the base image"
        return Range(own * ratio, (own + base) * ratio, Basis.ESTIMATED, how)
    return Range(
        0.0,
        own + base,
        Basis.ESTIMATED,
        "measured layers before compression, with the base image",
    )


def _misses(name: str, found: Structure, history: DockerfileResult) -> list[tuple[float, float]]:
    """Commits at which each step runs again: at least, at most."""
    by_line: dict[tuple[str, int], list[StepResult]] = {}
    for one in history.steps:
        if one.current:
            by_line.setdefault((one.stage, one.line), []).append(one)
    own = []
    for step in found.steps:
        results = by_line.get((step.stage, step.line), [])
        fewest = max((one.misses for one in results), default=0)
        most = max((one.misses + one.unknown for one in results), default=history.commits)
        own.append((float(fewest), float(most)))
    if name == "max":
        return own
    made = []
    for step, mine in zip(found.steps, own, strict=True):
        if step.kept or not step.through:
            made.append(mine)
            continue
        ways = [own[number] for number in step.through]
        low = max(mine[0], *(way[0] for way in ways))
        high = min(float(history.commits), max(mine[1], sum(way[1] for way in ways)))
        made.append((low, high))
    return made


def _share(misses: Sequence[tuple[float, float]], commits: int) -> Range | None:
    if not misses:
        return None
    whole = commits * len(misses)
    low = 1 - sum(high for _, high in misses) / whole
    high = 1 - sum(low for low, _ in misses) / whole
    return Range(
        max(0.0, low), high, Basis.DERIVED, f"replay of {commits:,} commits against the parent's cache"
    )


def _seconds(
    found: Structure, misses: Sequence[tuple[float, float]], measured: Measured, commits: int
) -> Range | None:
    """The sum over steps; None where a step that ever runs again has not been measured."""
    low = high = 0.0
    for step, (fewest, most) in zip(found.steps, misses, strict=True):
        seconds = measured.seconds.get((step.path, step.line))
        if seconds is None:
            if most:
                return None
            continue
        low, high = low + seconds * fewest / commits, high + seconds * most / commits
    how = f"recorded seconds of steps, replay of {commits:,} commits; one step after the other"
    return Range(low, high, Basis.ESTIMATED, how)
