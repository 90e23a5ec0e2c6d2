"""What an audit says of money: nothing that is not known."""

import json

import pytest

from dockwright.ledger.place import ledger_path
from dockwright.ledger.store import Ledger
from tests.cli.conftest import GOOD
from tests.ledger.conftest import build

USAGE = "[usage]\nbuilds_per_month = 100\n"


@pytest.fixture
def root(make, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    return make({**GOOD, "dockwright.toml": USAGE})


@pytest.mark.slow
def test_the_audit_tells_what_it_knows(root, dockwright) -> None:
    bare = dockwright("audit", root)
    assert "What it costs ── cannot be told" in bare.out
    assert "USD" not in bare.out
    with Ledger(ledger_path(root)) as ledger:
        ledger.add(build(0, values={"seconds": 90}))
    text = dockwright("audit", root).out
    assert "0.75 to 1.20 USD a month (assumed)  build of web" in text
    data = json.loads(dockwright("audit", root, "--format", "json").out)
    assert data["business"]["costs"][0]["figure"]["basis"] == "assumed"
    assert "| `web` | build |" in dockwright("audit", root, "--format", "markdown").out
    ledger_path(root).write_bytes(b"spoiled" * 1000)
    broken = dockwright("audit", root)
    assert broken.code == 0
    assert "cannot be told" in broken.out
    skipped = json.loads(dockwright("audit", root, "--format", "json").out)["skipped"]
    assert any("ledger repair" in one["reason"] for one in skipped)
