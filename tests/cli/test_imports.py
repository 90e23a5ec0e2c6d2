"""What each command imports: a budget, because every import is paid at every start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD

HEAVY = {
    "asyncio",
    "concurrent.futures",
    "email",
    "http",
    "multiprocessing",
    "rich",
    "sqlite3",
    "ssl",
    "subprocess",
    "tree_sitter",
    "tree_sitter_bash",
    "tree_sitter_hcl",
    "tree_sitter_yaml",
    "urllib.request",
}
OURS = {
    "dockwright.audit.run",
    "dockwright.bake.resolve",
    "dockwright.budgets",
    "dockwright.business",
    "dockwright.ledger.store",
    "dockwright.report.document",
    "dockwright.repository.inventory",
    "dockwright.trees.disk",
    "dockwright.trees.git",
}


def imported(*arguments: object, cwd: Path | None = None) -> set[str]:
    """Modules a run of the command has imported when it ends."""
    code = (
        "import atexit, sys, json, os\n"
        f"sys.argv = ['dockwright', *{list(map(str, arguments))!r}]\n"
        "from dockwright.__main__ import main\n"
        "out = os.dup(1); os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n"
        "atexit.register(lambda: os.write(out, json.dumps(sorted(sys.modules)).encode()))\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, check=False, timeout=60)
    return set(json.loads(done.stdout))


def test_version_imports_nothing_heavy() -> None:
    found = imported("--version")
    assert not found & (HEAVY | OURS | {"click", "msgspec", "dockwright.cli.main", "tomllib"})


def test_help_imports_no_command() -> None:
    found = imported("--help")
    assert not found & (HEAVY | OURS)


@pytest.mark.parametrize(
    ("name", "allowed"), [("Dockerfile", {"tree_sitter", "tree_sitter_bash"}), ("compose.yaml", set())]
)
def test_checking_one_file_imports_what_it_needs(make, name: str, allowed: set[str]) -> None:
    found = imported("check", name, cwd=make(GOOD))
    assert not found & ((HEAVY | OURS) - allowed)


def test_checking_a_directory_draws_no_report(make) -> None:
    found = imported("check", ".", cwd=make(GOOD))
    assert not found & {
        "rich",
        "dockwright.report.document",
        "dockwright.audit.run",
        "dockwright.audit.images",
    }
