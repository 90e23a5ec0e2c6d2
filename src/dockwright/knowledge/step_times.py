"""Seconds that build steps take where nobody has measured (data/step_times.toml): assumed orders of magnitude."""

from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class StepSeconds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what a step does; explained at the head of the data file."""

    workdir: float
    copy: float
    add: float
    download: float
    system_install: float
    language_install: float
    build: float
    clean: float
    shell: float
    unread: float


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seconds: StepSeconds


@cache
def step_seconds() -> StepSeconds:
    """The table."""
    return typed("step_times", _Table).seconds
