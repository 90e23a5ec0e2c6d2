"""The errors dockwright raises, and the exit codes they end in.

    DockwrightError              exit 3
    ├── UsageError               exit 2   the command line cannot be acted on
    ├── ConfigError              exit 2   dockwright.toml cannot be acted on
    ├── TreeError                exit 2   the repository or revision asked for cannot be read
    ├── EngineError              exit 2   no container engine does what was asked (see engine/faults.py)
    └── InternalError            exit 3   a mistake in dockwright itself

Bad *input files* are never an exception: parsers return trees with error nodes, and what could not be looked at is
a `Skipped` value in the report.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from dockwright.skipped import Skipped


__all__ = ["ConfigError", "DockwrightError", "InternalError", "Skipped", "TreeError", "UsageError"]


class DockwrightError(Exception):
    """Base of all errors. `message` says what is wrong and where; `hint` what to do about it."""

    exit_code: "ClassVar[int]" = 3

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


class EngineError(DockwrightError):
    """A container engine is not there, is not the only one, or refused; `engine.faults.Failed` says what it was."""

    exit_code = 2


class InternalError(DockwrightError):
    """A mistake in dockwright itself; the command line writes a report ready to paste."""


def __getattr__(name: str) -> object:
    """`Skipped`, imported with msgspec when it is first asked for; the compose loader needs neither."""
    if name == "Skipped":
        from dockwright.skipped import Skipped

        return Skipped
    raise AttributeError(name)
