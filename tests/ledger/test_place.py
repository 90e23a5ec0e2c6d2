"""Where the ledger lies: outside the repository, one for all its working trees."""

import subprocess

import pytest

from dockwright.ledger.machine import machine, memory_class
from dockwright.ledger.place import ledger_path, state_folder


@pytest.fixture(autouse=True)
def _state(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)


def git(*arguments: str, at) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=at, check=True)


def test_outside_of_the_repository(tmp_path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    found = ledger_path(shop)
    assert found.is_relative_to(tmp_path / "state" / "dockwright")
    assert found.parent.name.startswith("shop-")
    assert not (tmp_path / "state").exists()
    (tmp_path / "other" / "shop").mkdir(parents=True)
    assert ledger_path(tmp_path / "other" / "shop") != found


def test_given_names_go_first(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DOCKWRIGHT_LEDGER", "by-variable")
    assert str(ledger_path(tmp_path)) == "by-variable"
    assert str(ledger_path(tmp_path, "by-option")) == "by-option"


def test_a_relative_state_home_is_ignored(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder(tmp_path).is_relative_to(tmp_path / ".local" / "state")


def test_working_trees_and_folders_share_it(tmp_path) -> None:
    shop = tmp_path / "shop"
    (shop / "docker").mkdir(parents=True)
    git("init", "-q", ".", at=shop)
    git("commit", "-q", "--allow-empty", "-m", "x", at=shop)
    git("worktree", "add", "-q", str(tmp_path / "tree"), at=shop)
    assert ledger_path(shop) == ledger_path(shop / "docker") == ledger_path(tmp_path / "tree")


def test_a_pointer_to_nowhere(tmp_path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert ledger_path(tmp_path) == ledger_path(tmp_path)
    (tmp_path / ".git").write_bytes(b"\xff\0 no pointer")
    assert ledger_path(tmp_path).name == "ledger.sqlite"


def test_machine_classes() -> None:
    gib = 1 << 30
    sizes = {
        0: "",
        gib // 2: "under 1 GiB",
        gib: "1 GiB",
        int(15.6 * gib): "16 GiB",
        17 * gib: "16 GiB",
        63 * gib: "64 GiB",
    }
    assert {size: memory_class(size) for size in sizes} == sizes
    here = machine()
    assert here.cores > 0
    assert here.arch
