"""`dockwright why --last`: the last real build of a target that the ledger knows, and the state of the files it was of."""

from pathlib import Path
from typing import TYPE_CHECKING

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dockwright.ledger.model import Run
    from dockwright.replay.subjects import Subject

LOOKED_AT = 2_000
"""Builds, newest first, among which that of a target is looked for by its Dockerfile."""
HOW = "`dockwright build {target}` builds it and records that; `dockwright ledger import` takes records of CI"


def last_build(root: Path, ledger: str | None, target: str, subject: "Subject") -> "Run":
    """The newest good build of a target: by the name it was built by, else by Dockerfile, context and stage.

    Raises UsageError where there is none or no commit is known of it, LedgerError for a ledger that cannot be read.
    """
    from dockwright.ledger.place import ledger_path
    from dockwright.ledger.store import Ledger

    path = ledger_path(root, ledger)
    how = HOW.format(target=target)
    with Ledger(path, create=False) as opened:
        found = opened.last(target, kind="build")
        if found is None:
            recent = opened.runs(kind="build", outcome="ok", newest_first=True, limit=LOOKED_AT)
            found = next((run for run in recent if _same(run, subject)), None)
    if found is None:
        raise UsageError(f"no build of {target} is recorded in {path}", how)
    if not found.commit:
        raise UsageError(f"of the last build of {target} ({when(found)}) no commit is recorded", how)
    return found


def _same(run: "Run", subject: "Subject") -> bool:
    context = "" if run.context in (".", "./") else run.context.strip("/")
    return bool(run.dockerfile) and (run.dockerfile, context, run.stage) == (
        subject.path,
        subject.context,
        subject.target,
    )


def when(run: "Run") -> str:
    """`2026-11-21 08:10 UTC`."""
    from dockwright.ledger.model import utc

    return f"{utc(run.at):%Y-%m-%d %H:%M} UTC"


def name_of(run: "Run") -> str:
    """What the state that was built is called."""
    return f"the build of {when(run)} at {run.commit[:12]}"


def notes_of(run: "Run") -> "Iterator[str]":
    """What a record cannot tell of the state that was built."""
    if run.dirty:
        yield (
            f"the build of {when(run)} was of files with changes that are in no commit: compared is the commit "
            f"{run.commit[:12]}, and what was changed beside it is not seen"
        )
    elif run.dirty is None:
        yield "whether the last build was of files as they were committed is not recorded: it is taken so"
    if run.arguments:
        names = ", ".join(run.arguments)
        yield f"values of build arguments are not recorded ({names}): they count as those of now"
    yield "what the cache has lost since that build is not seen"
