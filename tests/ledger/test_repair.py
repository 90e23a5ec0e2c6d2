"""A damaged ledger is put aside only when asked, and what can be read is saved."""

import sqlite3
from datetime import UTC, datetime

import pytest

from dockwright.ledger.errors import LedgerError
from dockwright.ledger.repair import damage, repair
from dockwright.ledger.store import Ledger
from tests.ledger.conftest import build

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def full(path):
    """A ledger with 200 runs, all in the one file."""
    with Ledger(path) as ledger:
        ledger.add_all(build(minute, notes={"x": "y" * 1500}) for minute in range(200))
        ledger.checkpoint()
    return path


def test_a_whole_ledger_is_left_alone(full) -> None:
    before = full.read_bytes()
    assert damage(full) == ""
    done = repair(full, NOW)
    assert (done.aside, done.saved, done.lost) == (None, 200, 0)
    assert full.read_bytes() == before
    assert sorted(one.name for one in full.parent.iterdir() if "-" not in one.name) == ["ledger.sqlite"]


@pytest.mark.parametrize("page", [20, 60, 100])
def test_a_hole_in_the_middle(full, page: int) -> None:
    data = bytearray(full.read_bytes())
    data[page * 4096 : (page + 10) * 4096] = b"\xa5" * 10 * 4096
    full.write_bytes(data)
    assert damage(full)
    done = repair(full, NOW)
    assert done.aside == full.with_name("ledger.sqlite.damaged-20260302T083000Z")
    assert done.aside.read_bytes() == data
    assert done.saved + done.lost == 200
    assert 0 < done.saved <= 200
    with Ledger(full) as ledger:
        found = list(ledger.runs())
        assert len(found) == done.saved
        assert all(run.values == build().values for run in found)
        assert {len(run.steps) for run in found} <= {0, 2}
        assert ledger.add(build(999))


@pytest.mark.parametrize("data", [b"no database" * 500, b"x", b"SQLite format 3\0" + b"\xff" * 9000])
def test_nothing_can_be_read(path, data) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    done = repair(path, NOW)
    assert (done.saved, done.lost) == (0, None)
    assert done.aside.read_bytes() == data
    with Ledger(path) as ledger:
        assert ledger.add(build())


def test_what_somebody_changed_by_hand(full) -> None:
    connection = sqlite3.connect(full)
    connection.execute("UPDATE run SET arguments = '{' WHERE id = 7")
    connection.commit()
    connection.close()
    done = repair(full, NOW)
    assert (done.saved, done.lost) == (199, 1)


def test_what_is_not_to_be_touched(path) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        repair(path, NOW)
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cookies (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="something else"):
        repair(path, NOW)
    assert path.read_bytes() == before
