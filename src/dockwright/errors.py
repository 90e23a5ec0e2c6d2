"""The errors dockwright raises, and the exit codes they end in.

    DockwrightError              exit 3
    ├── UsageError               exit 2   the command line cannot be acted on
    ├── ConfigError              exit 2   dockwright.toml cannot be acted on
    ├── TreeError                exit 2   the repository or revision asked for cannot be read
    └── InternalError            exit 3   a mistake in dockwright itself

Bad *input files* are never an exception: parsers return trees with error nodes, and what could not be looked at is
a `Skipped` value in the report.
"""

from typing import ClassVar

import msgspec


class DockwrightError(Exception):
    """Base of all errors. `message` says what is wrong and where; `hint` what to do about it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DockwrightError):
    """The command line names something that cannot be acted on."""

    exit_code = 2


class ConfigError(DockwrightError):
    """A configuration file has a wrong key or value."""

    exit_code = 2


class TreeError(DockwrightError):
    """The directory, repository or revision asked for cannot be read at all."""

    exit_code = 2


class InternalError(DockwrightError):
    """A mistake in dockwright itself; the command line writes a report ready to paste."""


class Skipped(msgspec.Struct, frozen=True):
    """Something that was not looked at: `what` (a path, a check, a part of one) and the `reason`."""

    what: str
    reason: str
