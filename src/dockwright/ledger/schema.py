"""The tables of a ledger and how older ones become the present ones.

`MIGRATIONS[n]` leads from version n to n + 1 (`PRAGMA user_version`). A step is never changed once it was released: a
ledger in the field has run it. All steps of an opening run in one transaction, so that a crash leaves the old version.
"""

import sqlite3

APPLICATION = 0x646B7772
"""`dkwr`: tells a ledger from any other SQLite file (`PRAGMA application_id`)."""

_FIRST = (
    """
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        target TEXT NOT NULL,
        at INTEGER NOT NULL,            -- microseconds since 1970, UTC
        outcome TEXT NOT NULL,
        commit_id TEXT NOT NULL,
        dirty INTEGER,                  -- NULL: not known
        branch TEXT NOT NULL,
        engine TEXT NOT NULL,
        engine_version TEXT NOT NULL,
        cores INTEGER NOT NULL,
        memory TEXT NOT NULL,
        arch TEXT NOT NULL,
        platform TEXT NOT NULL,
        dockerfile TEXT NOT NULL,
        context TEXT NOT NULL,
        stage TEXT NOT NULL,
        arguments TEXT NOT NULL,        -- JSON: names only
        image TEXT NOT NULL,
        grouped TEXT NOT NULL,
        scenario TEXT NOT NULL,
        side TEXT NOT NULL,
        round INTEGER NOT NULL,
        source TEXT NOT NULL,
        notes TEXT NOT NULL             -- JSON
    )
    """,
    "CREATE INDEX run_target ON run (target, at)",
    (
        "CREATE TABLE value (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, name TEXT NOT NULL,"
        " value REAL NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE step (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, position INTEGER NOT NULL,"
        " name TEXT NOT NULL, stage TEXT NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL, started REAL, seconds REAL,"
        " network REAL, cached INTEGER, bytes INTEGER, key_predicted TEXT NOT NULL, key_real TEXT NOT NULL,"
        " PRIMARY KEY (run, position)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE part (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, position INTEGER NOT NULL,"
        " kind TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL,"
        " PRIMARY KEY (run, position)) WITHOUT ROWID"
    ),
)
MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST,)
VERSION = len(MIGRATIONS)
TABLES = ("run", "value", "step", "part")


def version(connection: sqlite3.Connection) -> int:
    """The version of the tables; 0 for an empty file."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def migrate(connection: sqlite3.Connection, steps: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring the tables to the newest version, in one transaction that another process waits for."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version(connection), len(steps)):  # asked again: another may have been first
            for statement in steps[number]:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
