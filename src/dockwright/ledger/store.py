"""`Ledger`: one SQLite file with every build, size and bench that was measured. Many processes may write at once.

Write-ahead logging lets readers go on while somebody writes; a writer waits for another up to `WAIT` seconds. A run is
written in one transaction: it is there whole or not at all. Every error is a LedgerError.
"""

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import msgspec

from dockwright.ledger import schema
from dockwright.ledger.errors import LedgerError, damaged, from_sqlite
from dockwright.ledger.model import OTHER_SIDE, Machine, Point, Run
from dockwright.ledger.rows import Row, Rows, microseconds, moment, rows, run_of

WAIT = 10.0
"""Seconds to wait for another writer."""
SMALLEST = 512
"""Bytes of the smallest SQLite file: one page."""
_RUN = (
    "INSERT OR IGNORE INTO run (uid, kind, target, at, outcome, commit_id, dirty, branch, engine, engine_version,"
    " cores, memory, arch, platform, dockerfile, context, stage, arguments, image, grouped, scenario, side, round,"
    " source, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_STEPS = "name, stage, path, line, started, seconds, network, cached, bytes, key_predicted, key_real"


class Ledger:
    """The ledger at `path`. With `create=False` a file that is not there is an empty ledger and stays absent.

    Raises LedgerError: `locked`, `corrupt`, `newer` (made by a later version), `full`, `readonly`, `unreadable`.
    """

    def __init__(self, path: Path, *, create: bool = True, wait: float = WAIT) -> None:
        self.path = path
        with self._told():
            self._connection = self._opened(create, wait)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, run: Run, hide: Collection[str] = ()) -> bool:
        """Record a run; False when it is there already (same `uid`). Texts in `hide` are kept out."""
        return self.add_all([run], hide) == 1

    def add_all(self, runs: Iterable[Run], hide: Collection[str] = (), *, richer: bool = False) -> int:
        """Record runs in one transaction; how many were new. With `richer`, one that says more replaces its former self."""
        made = [rows(run, hide) for run in runs]
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if richer:
                    for one in made:
                        self._make_way(one)
                new = sum(map(self._insert, made))
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return new

    def runs(
        self,
        target: str | None = None,
        *,
        kind: str | None = None,
        group: str | None = None,
        scenario: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[Run]:
        """Runs in the order of time, each with its values, steps and parts."""
        asked = {"target": target, "kind": kind, "grouped": group, "scenario": scenario, "outcome": outcome}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "1"
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT * FROM run WHERE {where} ORDER BY at {order}, id {order} LIMIT ?"  # noqa: S608 - names of ours
        with self._told():
            found = self._connection.execute(
                query, (*given.values(), -1 if limit is None else limit)
            ).fetchall()
            for row in found:
                yield self._whole(row)

    def run(self, number: int, *, whole: bool = True) -> Run | None:
        """The run with this number; without its steps and parts where it is not to be `whole`."""
        with self._told():
            row = self._connection.execute("SELECT * FROM run WHERE id = ?", (number,)).fetchone()
            return None if row is None else self._whole(row, whole=whole)

    def last(self, target: str, *, kind: str | None = None, outcome: str | None = "ok") -> Run | None:
        """The newest run of a target."""
        found = self.runs(target, kind=kind, outcome=outcome, limit=1, newest_first=True)
        return next(found, None)

    def last_with(
        self,
        target: str,
        name: str,
        *,
        kind: str | None = None,
        scenario: str | None = None,
        earlier: datetime | None = None,
    ) -> Run | None:
        """The newest good run of a target that has the value `name`: of a kind, a scenario, before a time, if given."""
        query = (
            "SELECT run.* FROM run JOIN value ON value.run = run.id WHERE target = ? AND value.name = ?"
            " AND outcome = 'ok' AND side <> ? AND (? IS NULL OR kind = ?) AND (? IS NULL OR scenario = ?)"
            " AND (? IS NULL OR at < ?)"
            " ORDER BY at DESC, id DESC LIMIT 1"
        )
        until = None if earlier is None else microseconds(earlier)
        with self._told():
            given = (target, name, OTHER_SIDE, kind, kind, scenario, scenario, until, until)
            row = self._connection.execute(query, given).fetchone()
            return None if row is None else self._whole(row)

    def targets(self) -> list[str]:
        """All targets, by name."""
        with self._told():
            return [row[0] for row in self._connection.execute("SELECT DISTINCT target FROM run ORDER BY 1")]

    def names(self, target: str) -> dict[str, int]:
        """The values known of a target and how many runs have each."""
        query = "SELECT name, count(*) FROM run JOIN value ON run = id WHERE target = ? GROUP BY name"
        with self._told():
            return dict(self._connection.execute(query, (target,)).fetchall())

    def series(self, target: str, name: str) -> list[tuple[str, str, str, str]]:
        """Scenarios, kinds, platforms and engines with which a value of a target was measured; a plain build has no scenario."""
        query = (
            "SELECT DISTINCT scenario, kind, platform, engine FROM run JOIN value ON run = id WHERE target = ? AND name = ?"
            " AND outcome = 'ok' AND side <> ? ORDER BY 1, 2, 3, 4"
        )
        with self._told():
            found = self._connection.execute(query, (target, name, OTHER_SIDE)).fetchall()
        return [(scenario, kind, platform, engine) for scenario, kind, platform, engine in found]

    def machines(self, target: str, name: str) -> list[tuple[Machine, int]]:
        """The classes of machine that measured a value of a target, the most used first."""
        query = (
            "SELECT cores, memory, arch, count(*) FROM run JOIN value ON run = id WHERE target = ? AND name = ?"
            " AND outcome = 'ok' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3"
        )
        with self._told():
            found = self._connection.execute(query, (target, name)).fetchall()
        return [(Machine(cores, memory, arch), number) for cores, memory, arch, number in found]

    def points(
        self,
        target: str,
        name: str,
        *,
        machine: Machine | None = None,
        scenario: str | None = None,
        platform: str | None = None,
        kinds: Collection[str] = (),
        engines: Collection[str] = (),
    ) -> list[Point]:
        """A value of a target over time, from good runs, oldest first; not from the other side of comparisons."""
        query = (
            "SELECT at, value, run.id, commit_id, dirty FROM run JOIN value ON value.run = run.id"
            " WHERE target = ? AND name = ? AND outcome = 'ok' AND side <> ?"
        )
        given: list[object] = [target, name, OTHER_SIDE]
        if platform is not None:
            query += " AND platform = ?"
            given.append(platform)
        if machine is not None:
            query += " AND (cores, memory, arch) = (?, ?, ?)"
            given += [machine.cores, machine.memory, machine.arch]
        if scenario is not None:
            query += " AND scenario = ?"
            given.append(scenario)
        if kinds:
            query += f" AND kind IN ({', '.join('?' * len(kinds))})"
            given += kinds
        if engines:
            query += f" AND engine IN ({', '.join('?' * len(engines))})"
            given += engines
        with self._told():
            found = self._connection.execute(f"{query} ORDER BY at, run.id", given).fetchall()
        try:
            return [
                Point(moment(at), float(value), run, commit, None if dirty is None else bool(dirty))
                for at, value, run, commit, dirty in found
            ]
        except (TypeError, ValueError, OverflowError) as error:
            raise damaged(self.path, str(error)) from error

    def check(self) -> str:
        """What SQLite finds wrong with the file; empty when nothing is."""
        with self._told():
            found = [row[0] for row in self._connection.execute("PRAGMA integrity_check(5)")]
        return "" if found == ["ok"] else "; ".join(map(str, found))

    def checkpoint(self) -> None:
        """Bring everything into the one file, so that it can be moved."""
        with self._told():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _opened(self, create: bool, wait: float) -> sqlite3.Connection:
        if not create and not self.path.exists():
            return _connected(":memory:", wait, fresh=True)
        if create:
            _make_folder(self.path.parent)
        if self.path.is_file() and 0 < self.path.stat().st_size < SMALLEST:  # SQLite would write over it
            raise damaged(self.path, "too short to be one")
        try:
            return self._checked(_connected(str(self.path), wait, fresh=False), wait)
        except sqlite3.OperationalError as error:
            if create or not self.path.is_file() or _code(error) not in _NO_PLACE or self._unmerged():
                raise
        # A read-only place: SQLite needs room for its own files beside a ledger, unless nobody can be writing.
        name = f"file:{quote(str(self.path.resolve()))}?mode=ro&immutable=1"
        return self._checked(_connected(name, wait, fresh=False, uri=True), wait)

    def _checked(self, connection: sqlite3.Connection, wait: float) -> sqlite3.Connection:
        try:
            self._understood(connection, wait)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unmerged(self) -> bool:
        """There is something in the write-ahead log that is not in the file yet."""
        log = self.path.with_name(self.path.name + "-wal")
        return log.exists() and log.stat().st_size > 0

    def _understood(self, connection: sqlite3.Connection, wait: float) -> None:
        """Check that the file is a ledger of a version this program knows; make or renew its tables."""
        version = schema.version(connection)
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner != schema.APPLICATION and (version or tables):
            raise LedgerError(
                "corrupt", f"{self.path} is a database of something else", "give another file with --ledger"
            )
        if version > schema.VERSION:
            raise LedgerError(
                "newer",
                f"the ledger {self.path} was made by a later version of dockwright"
                f" (tables {version}, this one knows {schema.VERSION})",
                "update dockwright, or give another file with --ledger",
            )
        if version < schema.VERSION:
            _write_ahead(connection, wait)
            schema.migrate(connection)

    def _make_way(self, made: Rows) -> None:
        """Remove the run of the same name when it has fewer values and steps."""
        query = (
            "SELECT id, (SELECT count(*) FROM value WHERE run = id) + (SELECT count(*) FROM step WHERE run = id)"
            " FROM run WHERE uid = ?"
        )
        row = self._connection.execute(query, made.run[:1]).fetchone()
        if row is not None and row[1] < len(made.values) + len(made.steps):
            self._connection.execute("DELETE FROM run WHERE id = ?", (row[0],))

    def _insert(self, made: Rows) -> int:
        done = self._connection.execute(_RUN, made.run)
        if done.rowcount != 1:
            return 0
        number = done.lastrowid
        many = self._connection.executemany
        many("INSERT INTO value VALUES (?, ?, ?)", ((number, *row) for row in made.values))
        many(
            "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *row) for row in made.steps),
        )
        many("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", ((number, *row) for row in made.parts))
        return 1

    def _whole(self, row: sqlite3.Row, *, whole: bool = True) -> Run:
        def of(query: str) -> list[Row]:
            if not whole and " FROM value " not in query:
                return []
            return [tuple(one) for one in self._connection.execute(query, (row["id"],))]

        try:
            return run_of(
                row,
                of("SELECT name, value FROM value WHERE run = ?"),
                of(f"SELECT {_STEPS} FROM step WHERE run = ? ORDER BY position"),  # noqa: S608 - a constant
                of("SELECT kind, name, bytes, path, line FROM part WHERE run = ? ORDER BY position"),
            )
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
            raise damaged(self.path, f"run {row['id']}: {error}") from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's and the system's errors in our words."""
        try:
            yield
        except sqlite3.Error as error:
            raise from_sqlite(error, self.path) from error
        except OSError as error:
            code = "full" if error.errno == 28 else "unreadable"
            raise LedgerError(
                code, f"the ledger {self.path} cannot be made: {error.strerror}",
                "give another place with --ledger or DOCKWRIGHT_LEDGER",
            ) from error  # fmt: skip


def _connected(name: str, wait: float, *, fresh: bool, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=wait, isolation_level=None, uri=uri)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    if fresh:
        schema.migrate(connection)
    return connection


_NO_PLACE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Switch to write-ahead logging. SQLite does not wait for others here by itself (it could deadlock), so we do."""
    until = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _make_folder(folder: Path) -> None:
    """For the user alone: what is built here is nobody else's business."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
