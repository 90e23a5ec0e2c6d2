"""Backend and mode for the cache of a CI build, with the reasons and where each comes from.

Rules, in this order:
1. Steps that the result's layers do not hold are lost with `min`, and so with `inline`: such a build wants `max`. Where the
   history shows that they hardly ever cost anything (`NEGLIGIBLE` of the seconds), `min` is kept, as it is smaller.
2. Without such steps `min` keeps all there is. A build whose image is pushed then wants `inline`, which costs nothing.
3. `gha` where CI is GitHub's and the targets together stay below `GHA_LIMIT`; above it entries push each other out.
4. Else `registry`. `s3`, `azblob` and `local` keep the same as `registry`; they are for who has such a store already.
"""

from collections.abc import Iterator, Sequence

import msgspec

from dockwright.cost.ranges import Range, total
from dockwright.measure.caching.predict import Mode
from dockwright.measure.caching.present import Present
from dockwright.measure.caching.structure import Structure
from dockwright.quantities import show_bytes, show_seconds

GHA_LIMIT = 10e9
"""Bytes of cache a repository has at GitHub without charge; since November 2025 more can be bought."""
NEGLIGIBLE = 0.02
SOURCES = {
    "modes": "github.com/moby/buildkit, README: Export cache; solver/types.go: CacheExportMode",
    "inline": "docs.docker.com/build/cache/backends/inline",
    "gha": "docs.docker.com/build/cache/backends/gha; github/docs: dependency-caching, Usage limits and eviction policy",
    "driver": "docs.docker.com/build/cache/backends",
    "mounts": "github.com/moby/buildkit/issues/1512",
    "local": "github.com/moby/buildkit, README: Local directory",
}


class Reason(msgspec.Struct, frozen=True):
    """A reason or a warning, and where what it rests on is written; empty for what was found here."""

    text: str
    source: str = ""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one target."""

    name: str
    dockerfile: str
    structure: Structure
    least: Mode
    most: Mode


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to export for one target. `backend` may be two, where a fact decides that is not in the repository."""

    target: str
    dockerfile: str
    mode: str
    backend: str
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    modes: tuple[Mode, ...]
    unknown: tuple[str, ...]
    today: tuple[Present, ...] = ()
    """Lines of the repository that export a cache now; which target they are of is not told."""


def advise(
    targets: Sequence[Target], *, github: bool, pushed: bool | None, today: Sequence[Present] = ()
) -> list[Advice]:
    """Advice for targets that one CI builds. `github`: it is GitHub Actions; `pushed`: images are pushed (None: unknown)."""
    modes = {one.name: _mode_for(one) for one in targets}
    sizes = [one.most.bytes if modes[one.name] == "max" else one.least.bytes for one in targets]
    known = [size for size in sizes if size is not None]
    whole = total(known) if len(known) == len(sizes) else None
    found = [_advice(one, modes[one.name], github, pushed, whole, len(targets)) for one in targets]
    return [
        msgspec.structs.replace(
            one, today=tuple(today), reasons=(*one.reasons, *_today(one, today, len(targets)))
        )
        for one in found
    ]


def _today(one: Advice, today: Sequence[Present], number: int) -> Iterator[Reason]:
    """Where what is exported now is not what is advised."""
    if not today:
        yield Reason(
            "nothing in the repository exports a cache: a build on a new machine begins with nothing, unless it is kept there"
        )
    least = [f"{line.path}:{line.line}" for line in today if line.mode == "min"]
    if one.mode == "max" and least:
        yield Reason(f"exports with mode min, where it is this target that is built: {_places(least)}")
    shared = [
        f"{line.path}:{line.line}" for line in today if line.backend == "gha" and "scope=" not in line.text
    ]
    if number > 1 and shared:
        yield Reason(
            f"no scope, so that builds of several images overwrite each other's cache: {_places(shared)}",
            SOURCES["gha"],
        )


def _places(places: Sequence[str]) -> str:
    return ", ".join(places[:6]) + (f" and {len(places) - 6} more" if len(places) > 6 else "")


def _mode_for(one: Target) -> str:
    if not one.structure.lost:
        return "min"
    least, most = one.least.rebuild, one.most.rebuild
    negligible = least is not None and most is not None and least.high - most.low <= NEGLIGIBLE * most.low
    return "min" if negligible else "max"


def _advice(
    one: Target, mode: str, github: bool, pushed: bool | None, whole: Range | None, number: int
) -> Advice:
    backend = _backend(mode, github, pushed, whole)
    return Advice(
        target=one.name,
        dockerfile=one.dockerfile,
        mode=mode,
        backend=backend,
        flags=_flags(backend, mode, one.name),
        reasons=tuple(_reasons(one, mode, backend, github, whole, number)),
        modes=(one.least, one.most),
        unknown=(one.most if mode == "max" else one.least).unknown,
    )


def _backend(mode: str, github: bool, pushed: bool | None, whole: Range | None) -> str:
    if mode == "min" and pushed:
        return "inline"
    if github and (whole is None or whole.high <= GHA_LIMIT) and not (whole is None and pushed):
        return "gha"
    return "registry"


def _flags(backend: str, mode: str, target: str) -> tuple[str, ...]:
    if backend == "inline":
        return ("--cache-to type=inline", "--cache-from type=registry,ref=IMAGE")
    if backend == "gha":
        scope = "".join(char if char.isalnum() else "-" for char in target).strip("-") or "build"
        return (f"--cache-to type=gha,mode={mode},scope={scope}", f"--cache-from type=gha,scope={scope}")
    return (
        f"--cache-to type=registry,ref=IMAGE:buildcache,mode={mode}",
        "--cache-from type=registry,ref=IMAGE:buildcache",
    )


def _reasons(
    one: Target, mode: str, backend: str, github: bool, whole: Range | None, number: int
) -> Iterator[Reason]:
    lost = one.structure.lost
    if lost:
        stages = ", ".join(dict.fromkeys(step.stage or "?" for step in lost))
        lines = ", ".join(dict.fromkeys(f"{step.line}" for step in lost[:8])) + (
            " …" if len(lost) > 8 else ""
        )
        yield Reason(
            f"`min` and `inline` keep nothing of stage {stages} ({len(lost)} of {len(one.structure.steps)} steps, lines {lines}):"
            " when one of its inputs changes, it runs again from its first step",
            SOURCES["modes"],
        )
    else:
        yield Reason(
            "all steps are in the layers of the image: `min` keeps as much as `max`", SOURCES["modes"]
        )
    yield from _weighed(one, mode)
    if backend == "inline":
        yield Reason(
            "`inline` rides in the image that is pushed anyway, and knows no other mode than `min`",
            SOURCES["inline"],
        )
    if github:
        yield from _github(backend, whole, number)
    if one.structure.cache_mounts:
        lines = ", ".join(map(str, one.structure.cache_mounts))
        yield Reason(
            f"no backend exports cache mounts: those of lines {lines} are empty on a new machine",
            SOURCES["mounts"],
        )
    if backend != "inline":
        yield Reason(
            "the default `docker` driver exports only with the containerd image store;"
            " else make a builder with `docker buildx create --use`",
            SOURCES["driver"],
        )


def _weighed(one: Target, mode: str) -> Iterator[Reason]:
    least, most = one.least, one.most
    if one.structure.lost and least.rebuild is not None and most.rebuild is not None:
        text = f"expected for each commit: {_span(least.rebuild, 's')} of steps with `min`, {_span(most.rebuild, 's')} with `max`"
        yield Reason(text + (", which is no difference to pay for" if mode == "min" else ""))
    elif one.structure.lost and least.share is not None and most.share is not None:
        yield Reason(
            f"steps that would be found: {percents(least.share)} with `min`, {percents(most.share)} with `max`"
        )


def _github(backend: str, whole: Range | None, number: int) -> Iterator[Reason]:
    limit = show_bytes(GHA_LIMIT)
    if whole is not None and whole.high > GHA_LIMIT:
        yield Reason(
            f"the cache of {number} target{'s' * (number != 1)} is predicted at {_span(whole, 'bytes')}, and GitHub keeps {limit}"
            " of a repository free of charge: entries would push each other out",
            SOURCES["gha"],
        )
    elif backend == "gha":
        size = f"is predicted at {_span(whole, 'bytes')}" if whole is not None else "is not known in bytes"
        yield Reason(
            f"the cache of {number} target{'s' * (number != 1)} {size}; GitHub keeps {limit} free of charge, for 7 days after"
            " its last use, a branch sees its own and the default branch's",
            SOURCES["gha"],
        )
        yield Reason(
            "each target has a `scope` of its own: with one name for all, each build overwrites the others",
            SOURCES["gha"],
        )


def _span(size: Range, unit: str) -> str:
    show = show_bytes if unit == "bytes" else show_seconds
    low, high = show(size.low), show(size.high)
    if low == high:
        return low
    return f"at most {high}" if size.low == 0 else f"{low} to {high}"


def percents(share: Range) -> str:
    """`42% to 65%`, or one number where both are the same."""
    low, high = f"{share.low:.0%}", f"{share.high:.0%}"
    return low if low == high else f"{low} to {high}"
