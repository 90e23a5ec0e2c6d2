"""Commit, branch and whether the files are still those of the commit."""

import subprocess

import pytest

from dockwright.measure.origin import Origin, origin


@pytest.fixture
def repository(tmp_path):
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments],
            cwd=tmp_path, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    git("init", "-q", "-b", "trunk", ".")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    return tmp_path, git


def test_without_git(tmp_path) -> None:
    assert origin(tmp_path) == Origin()


def test_without_a_commit(repository) -> None:
    assert origin(repository[0]) == Origin()


def test_clean_and_dirty(repository) -> None:
    root, git = repository
    git("add", ".")
    git("commit", "-q", "-m", "x")
    head = git("rev-parse", "HEAD")
    assert origin(root) == Origin(head, False, "trunk")
    (root / "build.log").write_text("ignored")
    assert origin(root).dirty is False
    (root / "new.py").write_text("untracked")
    assert origin(root).dirty is True
    (root / "new.py").unlink()
    (root / "Dockerfile").write_text("FROM debian\n")
    assert origin(root).dirty is True
    git("checkout", "-q", "--detach", "-f")
    assert origin(root) == Origin(head, False, "")


def test_no_filter_or_hook_of_the_repository_runs(repository) -> None:
    root, git = repository
    (root / ".gitattributes").write_text("* filter=evil\n")
    git("add", ".")
    git("commit", "-q", "-m", "x")
    git("config", "filter.evil.clean", f"touch {root}/ran; cat")
    git("config", "core.fsmonitor", f"touch {root}/ran")
    (root / "Dockerfile").write_text("FROM debian:12\n")
    assert origin(root).dirty is True
    assert not (root / "ran").exists()
