"""Recording beside other work: a build never fails because of the ledger."""

from collections.abc import Collection, Iterable
from pathlib import Path

from dockwright.errors import Skipped
from dockwright.ledger.errors import LedgerError
from dockwright.ledger.model import Run
from dockwright.ledger.store import Ledger


def keep(path: Path, runs: Iterable[Run], hide: Collection[str] = (), wait: float = 5.0) -> Skipped | None:
    """Record runs; what went wrong is given back to be told, never raised. `hide`: values of secrets to keep out."""
    try:
        with Ledger(path, wait=wait) as ledger:
            ledger.add_all(runs, hide)
    except LedgerError as error:
        return Skipped("the ledger", f"not recorded: {error.message}; {error.hint}".rstrip("; "))
    except (ValueError, OverflowError, TypeError) as error:  # a value that no table holds
        return Skipped("the ledger", f"not recorded: {error}")
    return None
