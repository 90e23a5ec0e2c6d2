"""The page on compose shows what the commands really say."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "compose.md").read_text("utf-8")
SHOWN = re.findall(r"```text\n\$ dockwright ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "text"), SHOWN, ids=[command for command, _ in SHOWN])
def test_excerpts_are_real(command: str, text: str, dockwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "sprawl")
    ran = dockwright(*shlex.split(command))
    lines = [line.rstrip() for line in (ran.out or ran.err).strip("\n").split("\n")]
    shown = text.rstrip("\n").split("\n")
    if shown[-1] == "...":
        assert lines[: len(shown) - 1] == shown[:-1]
    else:
        assert lines == shown


def test_all_of_them_are_looked_at() -> None:
    assert len(SHOWN) == PAGE.count("$ dockwright ") == 6


def test_environments_of_the_audit(dockwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "sprawl")
    output = dockwright("audit", ".").out
    (block,) = re.findall(r"```text\n(── Environments.*?)```", PAGE, re.DOTALL)
    assert block in output
