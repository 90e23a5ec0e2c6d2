"""A ledger that is locked, damaged, of a later version, on a full or read-only disk; many who write at once."""

import multiprocessing
import sqlite3

import pytest

from dockwright.ledger import schema
from dockwright.ledger.errors import LedgerError
from dockwright.ledger.keep import keep
from dockwright.ledger.store import Ledger
from tests.ledger.conftest import build


def fault(path, **more) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        Ledger(path, **more).add(build(99))
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_locked(path) -> None:
    Ledger(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert fault(path, wait=0.01).code == "locked"
        skipped = keep(path, [build()], wait=0.01)
        assert skipped is not None
        assert "another process" in skipped.reason
        with Ledger(path, wait=0.01) as ledger:  # reading goes on
            assert list(ledger.runs()) == []
    finally:
        holder.close()
    assert keep(path, [build()]) is None


@pytest.mark.parametrize(
    "data", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"x"]
)
def test_damaged(path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    error = fault(path)
    assert error.code == "corrupt"
    assert "ledger repair" in error.hint
    assert path.read_bytes() == data  # nothing is thrown away unasked
    assert keep(path, [build()]) is not None


def test_damaged_inside(path) -> None:
    """A hole in the middle is found when what it held is read, and told as such."""
    with Ledger(path) as ledger:
        ledger.add_all(build(minute, notes={"x": "y" * 2000}) for minute in range(200))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xa5" * 40 * 4096)
    with pytest.raises(LedgerError) as caught, Ledger(path) as ledger:
        list(ledger.runs())
    assert caught.value.code == "corrupt"


def test_values_nobody_wrote(path) -> None:
    with Ledger(path) as ledger:
        ledger.add(build())
    connection = sqlite3.connect(path)
    connection.execute("UPDATE run SET arguments = '{', at = 9e30")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError) as caught, Ledger(path) as ledger:
        list(ledger.runs())
    assert caught.value.code == "corrupt"
    with pytest.raises(LedgerError), Ledger(path) as ledger:
        ledger.points("web", "seconds")


def test_a_database_of_something_else(path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cookies (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    assert "something else" in fault(path).message
    assert path.read_bytes() == before


def test_made_by_a_later_version(path) -> None:
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    error = fault(path)
    assert error.code == "newer"
    assert "update dockwright" in error.hint


def test_places_that_cannot_be(path) -> None:
    path.parent.mkdir()
    (path.parent / "file").write_text("")
    assert fault(path.parent / "file" / "ledger.sqlite").code == "unreadable"
    assert fault(path.parent).code == "unreadable"  # a folder


def test_a_place_without_room_beside_the_ledger(path) -> None:
    """As an artefact on a read-only disk: it can be read, and not be written."""
    with Ledger(path) as ledger:
        ledger.add(build())
    path.with_name("ledger.sqlite-shm").mkdir()
    with Ledger(path, create=False) as ledger:
        assert [run.target for run in ledger.runs()] == ["web"]
        with pytest.raises(LedgerError) as caught:
            ledger.add(build(1))
    assert caught.value.code == "readonly"
    assert fault(path).code in ("unreadable", "readonly")
    assert keep(path, [build()]) is not None


@pytest.mark.slow
def test_a_full_disk(path) -> None:
    """SQLite's own limit on pages is the same error as a full disk."""
    ledger = Ledger(path)
    ledger._connection.execute("PRAGMA max_page_count = 40")
    with pytest.raises(LedgerError) as caught:
        ledger.add_all(build(minute, notes={"x": "y" * 3000}) for minute in range(100))
    assert caught.value.code == "full"
    assert list(ledger.runs()) == []
    ledger.close()
    with Ledger(path) as again:
        assert again.add(build())


def write(path, number: int, start) -> None:
    start.wait()
    for minute in range(20):
        with Ledger(path) as ledger:
            ledger.add(build(minute, target=f"t{number}"))


@pytest.mark.slow
def test_many_write_at_once(path) -> None:
    """From the first moment on: all of them find no ledger there."""
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    writers = [context.Process(target=write, args=(path, number, start)) for number in range(6)]
    for one in writers:
        one.start()
    start.set()
    for one in writers:
        one.join()
    assert [one.exitcode for one in writers] == [0] * 6
    with Ledger(path) as ledger:
        assert {name: len(list(ledger.runs(name))) for name in ledger.targets()} == {
            f"t{number}": 20 for number in range(6)
        }


@pytest.mark.slow
def test_killed_while_writing(path) -> None:
    """What was recorded before is there; half a run is not."""
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    start.set()
    writer = context.Process(target=endless, args=(path,))
    writer.start()
    while not path.exists() or path.stat().st_size < 4096 or not (path.parent / "ready").exists():
        writer.join(0.01)
        assert writer.is_alive()
    writer.kill()
    writer.join()
    with Ledger(path) as ledger:
        runs = list(ledger.runs())
        assert runs
        assert all(len(run.steps) == 2 and run.values for run in runs)
        assert ledger.add(build(9_999_999))


def endless(path) -> None:
    with Ledger(path) as ledger:
        for minute in range(1_000_000):
            ledger.add(build(minute))
            if minute == 3:
                (path.parent / "ready").touch()
