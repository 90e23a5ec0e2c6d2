"""Repairs a damaged ledger, only when asked: the file is kept aside, and what can be read goes into a new one."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from dockwright.ledger.errors import LedgerError
from dockwright.ledger.model import Run
from dockwright.ledger.store import Ledger

_BESIDE = ("-wal", "-shm")


class Repaired(msgspec.Struct, frozen=True):
    """`aside` is where the old file is now (None: it was whole, and nothing was done); `saved` and `lost` count runs.

    `lost` is None where the number of runs could not be told.
    """

    aside: Path | None
    saved: int
    lost: int | None


def damage(path: Path) -> str:
    """What is wrong with the file; empty when it is whole. Raises LedgerError for what no repair helps against."""
    try:
        with Ledger(path, create=False) as ledger:
            problem = ledger.check()
            if not problem:
                for _ in ledger.runs():
                    pass
            return problem
    except LedgerError as error:
        if error.code != "corrupt" or "something else" in error.message:
            raise
        return error.message


def repair(path: Path, now: datetime) -> Repaired:
    """Put a damaged ledger aside, named after the time, and save its runs. Raises LedgerError; then nothing was done."""
    if not path.is_file():
        raise LedgerError("unreadable", f"there is no ledger at {path}", "nothing is to be repaired")
    if not damage(path):
        with Ledger(path) as ledger:
            return Repaired(None, sum(1 for _ in ledger.runs()), 0)
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise LedgerError("unreadable", f"{aside} is there already", "move it away, or wait a second")
    with TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / path.name
        saved, lost = _salvage(path, made, Path(folder))
        try:
            path.rename(aside)
            for end in _BESIDE:
                beside = path.with_name(path.name + end)
                if beside.exists():
                    beside.rename(aside.with_name(aside.name + end))
            made.rename(path)
        except OSError as error:
            raise LedgerError("unreadable", f"{path} cannot be put aside: {error.strerror}") from error
    return Repaired(aside, saved, lost)


def _salvage(path: Path, made: Path, folder: Path) -> tuple[int, int | None]:
    """Copy every run that can be read, without its steps and parts where those cannot. The old files are only read: work is done on a copy."""
    copy = folder / "old.sqlite"
    for end in ("", *_BESIDE):
        beside = path.with_name(path.name + end)
        if beside.exists():
            shutil.copyfile(beside, copy.with_name(copy.name + end))
    with Ledger(made) as fresh:
        try:
            old = Ledger(copy)
        except LedgerError:
            return 0, None
        with old:
            numbers = _numbers(copy)
            saved = 0
            for number in numbers:
                run = _readable(old, number)
                saved += run is not None and fresh.add(run)
        fresh.checkpoint()
    return saved, len(numbers) - saved


def _numbers(path: Path) -> list[int]:
    """Numbers of all runs that some part of the file still knows: read from both ends, and from the index."""
    found: set[int] = set()
    connection = sqlite3.connect(path)
    try:
        for query in (
            "SELECT id FROM run NOT INDEXED ORDER BY id",
            "SELECT id FROM run NOT INDEXED ORDER BY id DESC",
            "SELECT id FROM run INDEXED BY run_target",
            "SELECT DISTINCT run FROM value",
        ):
            try:
                for row in connection.execute(query):
                    found.add(row[0])
            except sqlite3.Error:
                continue
    finally:
        connection.close()
    return sorted(number for number in found if isinstance(number, int))


def _readable(ledger: Ledger, number: int) -> Run | None:
    for whole in (True, False):
        try:
            return ledger.run(number, whole=whole)
        except LedgerError:
            continue
    return None
