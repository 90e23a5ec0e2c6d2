"""What can go wrong with a ledger, as one error with a code; SQLite's own messages are put into words here."""

import sqlite3
from pathlib import Path

from dockwright.errors import DockwrightError


class LedgerError(DockwrightError):
    """The ledger cannot be used. `code` is `locked`, `corrupt`, `newer`, `full`, `readonly` or `unreadable`."""

    exit_code = 2

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


_REPAIR = "`dockwright ledger repair` keeps the file aside and saves what can be read"
_CODES = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
}
_WORDS = {
    "locked": ("is being written by another process", "try again when it has finished"),
    "corrupt": ("is damaged or no ledger", _REPAIR),
    "full": ("cannot be written: the disk is full", "free some space"),
    "readonly": ("cannot be written: it is read-only", "give another with --ledger or DOCKWRIGHT_LEDGER"),
    "unreadable": ("cannot be opened", "give another with --ledger or DOCKWRIGHT_LEDGER"),
}


def from_sqlite(error: sqlite3.Error, path: Path) -> LedgerError:
    """The error in our words. What SQLite gives no code for (a table that is not there) is a damaged file."""
    number = getattr(error, "sqlite_errorcode", None)
    if number is None:
        code = "corrupt"
    else:
        code = _CODES.get(number & 0xFF, "corrupt" if number & 0xFF == sqlite3.SQLITE_ERROR else "unreadable")
    words, hint = _WORDS[code]
    return LedgerError(code, f"the ledger {path} {words} ({error})", hint)


def damaged(path: Path, what: str) -> LedgerError:
    """Of content that no version of this program has written."""
    return LedgerError("corrupt", f"the ledger {path} is damaged ({what})", _REPAIR)
