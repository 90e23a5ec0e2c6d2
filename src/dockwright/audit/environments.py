"""The environments of a repository: what each comes to, and how far it is from the one it is most like."""

from collections.abc import Mapping, Sequence

import msgspec

from dockwright.audit.model import Nearest, ResolvedEnvironment
from dockwright.overlap.stacks import ComposeOverlap, Stack, compose_overlaps, setting_rows
from dockwright.repository.repository import Repository
from dockwright.repository.stacks import as_used, known, whole

ROWS = 40
"""Differences that are worked out for one environment."""


def environments(repository: Repository, compared: Mapping[str, Stack]) -> list[ResolvedEnvironment]:
    """Every environment, the best attested first. `compared` are the compose files alone, to take settings from."""
    ready = {id(stack.attempt): stack for stack in compared.values()}
    found = known(repository)
    stacks: dict[str, Stack] = {}
    for one in found:
        attempt = whole(repository, one)
        if attempt.project is not None and attempt.project.services:
            before = ready.get(id(attempt))
            stacks[one.name] = Stack(one.name, attempt) if before is None else before.renamed(one.name)
    files = {one.name: one.files for one in found}
    near = _nearest(list(stacks.values()), files)
    return [
        ResolvedEnvironment(
            environment=one,
            attempt=as_used(repository, one),
            services=tuple(stacks[one.name].settings) if one.name in stacks else (),
            nearest=_described(near[one.name], one.name, stacks) if one.name in near else None,
        )
        for one in found
    ]


def _nearest(
    stacks: Sequence[Stack], files: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[float, ComposeOverlap]]:
    """For each, the one that shares most of all settings with it; one of other files where there is any."""
    best: dict[str, tuple[bool, float, ComposeOverlap]] = {}
    sizes = {stack.path: {name: len(one.leaves) for name, one in stack.settings.items()} for stack in stacks}
    for pair in compose_overlaps(sorted(stacks, key=lambda stack: stack.path)):
        shared = sum(service.equal for service in pair.services)
        alone = sum(sizes[pair.a][name] for name in pair.only_a) + sum(
            sizes[pair.b][name] for name in pair.only_b
        )
        share = shared / max(sum(service.union for service in pair.services) + alone, 1)
        rank = (files[pair.a] != files[pair.b], share)
        for name in (pair.a, pair.b):
            if name not in best or rank > best[name][:2]:
                best[name] = (*rank, pair)
    return {name: (share, pair) for name, (_, share, pair) in best.items()}


def _described(found: tuple[float, ComposeOverlap], name: str, stacks: Mapping[str, Stack]) -> Nearest:
    """A pair as seen from one of its sides."""
    share, pair = found
    if pair.a != name:
        pair = _turned(pair)
    rows = setting_rows(stacks[pair.a], stacks[pair.b], pair.services)
    return Nearest(pair.b, share, pair, tuple(rows[:ROWS]), max(len(rows) - ROWS, 0))


def _turned(pair: ComposeOverlap) -> ComposeOverlap:
    services = tuple(msgspec.structs.replace(one, a=one.b, b=one.a) for one in pair.services)
    return msgspec.structs.replace(
        pair, a=pair.b, b=pair.a, services=services, only_a=pair.only_b, only_b=pair.only_a
    )
