"""Nothing of a repository runs, and nothing is fetched, whatever its own configuration names."""

import subprocess
import sys
from pathlib import Path

import pytest

from dockwright.trees.disk import DiskTree
from dockwright.trees.git import GitTree
from dockwright.trees.history import GitHistory
from tests.trees.repositories import git, repository, write

AUDIT = """
import sys
seen = []

def hook(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__" or event == "socket.__new__":
        seen.append(event)
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"):
        seen.append(f"{event} {arguments[0]}")
    if event == "open" and isinstance(arguments[0], str) and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append(f"write {arguments[0]}")

sys.addaudithook(hook)
from pathlib import Path
from dockwright.trees.disk import DiskTree
from dockwright.trees.git import GitTree
from dockwright.trees.history import GitHistory
root = Path(sys.argv[1])
for tree in (DiskTree(root), GitTree(root)):
    for entry in tree.entries():
        tree.state(entry.path), tree.read(entry.path)
GitHistory(root).last_changes(["a.txt"])
print("\\n".join(sorted(set(seen))))
"""


def planted(folder: Path) -> tuple[Path, Path]:
    """A repository whose configuration names a program wherever git would start one; the program leaves a mark."""
    marks = folder / "marks"
    marks.mkdir()
    program = folder / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {marks}/$$\nexit 1\n")
    program.chmod(0o755)
    top = repository(folder / "r", {"a.txt": "a", "b.txt": "b", ".gitattributes": "* filter=x diff=x\n"})
    settings = {
        "core.fsmonitor": program,
        "core.sshCommand": program,
        "core.pager": program,
        "core.editor": program,
        "core.askPass": program,
        "core.gitProxy": program,
        "core.alternateRefsCommand": program,
        "diff.external": program,
        "diff.x.textconv": program,
        "diff.x.command": program,
        "filter.x.clean": program,
        "filter.x.smudge": program,
        "filter.x.process": program,
        "filter.x.required": "true",
        "credential.helper": f"!{program}",
        "gpg.program": program,
        "log.showSignature": "true",
        "alias.log": f"!{program}",
        "alias.ls-files": f"!{program}",
        "alias.ls-tree": f"!{program}",
        "remote.origin.url": f"ext::{program}",
        "remote.origin.uploadpack": program,
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "extensions.partialClone": "origin",
        "core.repositoryformatversion": "1",
    }
    for name, value in settings.items():
        git(top, "config", name, str(value))
    hooks = top / ".git" / "hooks"
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout", "reference-transaction"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {marks}/hook-$$\n")
        (hooks / hook).chmod(0o755)
    return top, marks


def look_at(top: Path) -> None:
    for tree in (DiskTree(top), GitTree(top)):
        for entry in tree.entries():
            tree.state(entry.path)
            try:
                tree.read(entry.path)
            except OSError:
                continue
    history = GitHistory(top)
    history.last_changes(["a.txt"])
    for commit in history.commits():
        for change in commit.changes:
            history.blob(change.new)
    assert history.head is not None


def test_no_program_of_the_repository_runs(tmp_path: Path) -> None:
    top, marks = planted(tmp_path)
    look_at(top)
    assert list(marks.iterdir()) == []


@pytest.mark.parametrize("url", ["ext::{}", "ssh://nowhere.invalid/r", "{}", "https://nowhere.invalid/r"])
def test_missing_objects_are_not_fetched(tmp_path: Path, url: str) -> None:
    top, marks = planted(tmp_path)
    git(top, "config", "remote.origin.url", url.format(tmp_path / "program.sh"))
    name = git(top, "rev-parse", "HEAD:a.txt")
    (top / ".git" / "objects" / name[:2] / name[2:]).unlink()
    look_at(top)
    assert list(marks.iterdir()) == []


def test_another_work_tree_is_not_believed(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.txt": "a"})
    write(tmp_path / "other", {"secret": "s"})
    git(top, "config", "core.worktree", str(tmp_path / "other"))
    tree = DiskTree(top)
    assert [entry.path for entry in tree.entries()] == ["a.txt"]
    assert not tree.in_git


def test_no_socket_no_program_but_git_no_write(tmp_path: Path) -> None:
    top, _ = planted(tmp_path)
    done = subprocess.run([sys.executable, "-c", AUDIT, str(top)], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines
    assert all(line == "subprocess.Popen git" for line in lines), lines
