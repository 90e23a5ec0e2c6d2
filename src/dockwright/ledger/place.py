"""Where the ledger of a repository lies.

Not in the repository: a file there that grows with every build would be sent with the build context and make
`COPY . .` run again each time, so that measuring would change what is measured. It lies in the user's state folder
(XDG Base Directory Specification: `$XDG_STATE_HOME`, else `~/.local/state`; `%LOCALAPPDATA%` on Windows), in a folder
named after the repository and a hash of where its `.git` is; so working trees of one repository share it.
`DOCKWRIGHT_LEDGER` names another file, for CI that keeps it as an artefact or in a cache.
"""

import hashlib
import os
from pathlib import Path

VARIABLE = "DOCKWRIGHT_LEDGER"


def ledger_path(root: Path, given: str | None = None) -> Path:
    """The ledger of the repository at `root`; `given` (an option) goes before the variable. Makes nothing."""
    named = given or os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    return state_folder(root) / "ledger.sqlite"


def state_folder(root: Path) -> Path:
    """The folder for what dockwright keeps of the repository at `root`, outside of it. Makes nothing."""
    home = owner(root)
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    name = (home.parent if home.name == ".git" else home).name or "root"
    return _state() / "dockwright" / f"{name}-{digest}"


def owner(root: Path) -> Path:
    """What stands for the repository of a folder: its common `.git`, or the folder itself without git."""
    folder = root.resolve()
    for place in (folder, *folder.parents):
        git = place / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            return _common(git) or place
    return folder


def _common(pointer: Path) -> Path | None:
    """The `.git` that a linked working tree shares (gitrepository-layout(5): `gitdir:`, `commondir`)."""
    try:
        text = pointer.read_text("utf-8", "surrogateescape")[:4096]
        if not text.startswith("gitdir:"):
            return None
        private = (pointer.parent / text[7:].strip()).resolve()
        shared = private / "commondir"
        if not shared.is_file():
            return private if private.is_dir() else None
        return (private / shared.read_text("utf-8", "surrogateescape")[:4096].strip()).resolve()
    except (OSError, ValueError):
        return None


def _state() -> Path:
    given = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(given):  # the specification: a relative path is to be ignored
        return Path(given)
    windows = os.environ.get("LOCALAPPDATA", "")
    if os.name == "nt" and windows:
        return Path(windows)
    return Path(os.path.expanduser("~")) / ".local" / "state"
