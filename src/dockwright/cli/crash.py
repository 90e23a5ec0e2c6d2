"""The report file of an internal error: what a maintainer needs, ready to paste, with nothing of the repository in it."""

import platform
import sys
import tempfile
import traceback

from dockwright import __version__


def write_report(error: BaseException | None, notes: str = "") -> str:
    """Write the report to a new file in the temporary directory and return its path."""
    lines = [
        "# dockwright internal error",
        "",
        f"- dockwright {__version__}",
        f"- Python {platform.python_version()} on {platform.platform()}",
        f"- arguments: {len(sys.argv) - 1} ({' '.join(part for part in sys.argv[1:2])} …)",
        "",
    ]
    if error is not None:
        lines += ["```", *"".join(traceback.format_exception(error)).splitlines(), "```"]
    if notes:
        lines += ["```", *notes.splitlines(), "```"]
    with tempfile.NamedTemporaryFile(
        "w",
        prefix="dockwright-error-",
        suffix=".md",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
    ) as file:
        file.write("\n".join(lines) + "\n")
    return file.name
