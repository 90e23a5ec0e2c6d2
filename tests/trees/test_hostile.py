"""Nothing of a repository runs, and nothing is fetched, whatever its own configuration names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockwright.errors import TreeError
from dockwright.trees.disk import DiskTree
from dockwright.trees.git import MISSING_NAMED, GitTree
from dockwright.trees.git_directory import lenders, locate
from dockwright.trees.history import GitHistory
from dockwright.trees.tree import State, Unreadable
from tests.trees.repositories import commit, git, repository, write

AUDIT = """
import sys
seen = []

def hook(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__" or event == "socket.__new__":
        seen.append(event)
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"):
        seen.append(f"{event} {arguments[0]}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if isinstance(arguments[0], str | bytes) and not str(arguments[0]).startswith(sys.argv[2]):
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
    for one in history.commits():
        for change in one.changes:
            history.blob(change.new)
    assert history.head is not None


def test_no_program_of_the_repository_runs(tmp_path: Path) -> None:
    top, marks = planted(tmp_path)
    look_at(top)
    assert list(marks.iterdir()) == []


@pytest.mark.slow
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
    assert tree.state("a.txt") is State.TRACKED
    assert [entry.path for entry in GitTree(top).entries()] == ["a.txt"]


@pytest.mark.slow
def test_no_socket_no_program_but_git_no_write(tmp_path: Path) -> None:
    top, _ = planted(tmp_path)
    scratch = tmp_path / "scratch"  # where git's stand-in directories are made, and gone again at the end
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, str(top), str(scratch)],
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines == [f"subprocess.Popen {shutil.which('git')}"]
    assert list(scratch.iterdir()) == []


def test_a_clone_without_blobs_is_listed_and_nothing_is_fetched(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", {f"f{number}": str(number) for number in range(30)})
    git(source, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", source.as_uri(), "clone")
    tree = GitTree(tmp_path / "clone")
    assert len(tree.entries()) == 30
    assert len(tree.skipped) == MISSING_NAMED + 1
    assert tree.skipped[-1].what.startswith(f"{30 - MISSING_NAMED} more files")
    with pytest.raises(Unreadable, match="partial"):
        tree.read("f1")
    assert len(tree.content_id("f1")) == 40
    history = GitHistory(tmp_path / "clone")
    assert set(history.last_changes(["f1", "f2"])) == {"f1", "f2"}
    assert history.blob(tree.content_id("f1")) is None
    assert history.skipped == []


def test_pipes_where_git_would_read_do_not_block(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.txt": "a", "sub/b.txt": "b"})
    os.mkfifo(top / "sub" / ".gitignore")
    os.mkfifo(tmp_path / "included")
    git(top, "config", "include.path", str(tmp_path / "included"))  # git itself would wait for it for ever
    tree = DiskTree(top)
    write(top, {"new.txt": ""})
    assert tree.state("a.txt") is State.TRACKED
    assert tree.state("new.txt") is State.UNTRACKED
    assert any("cannot be told from untracked" in skipped.reason for skipped in tree.skipped)
    assert GitTree(top).read("sub/b.txt") == b"b"


def test_a_pipe_in_the_git_directory_is_told(tmp_path: Path) -> None:
    top = repository(tmp_path, {"a.txt": "a"})
    (top / ".git" / "info" / "exclude").unlink()
    os.mkfifo(top / ".git" / "info" / "exclude")
    tree = DiskTree(top)
    assert tree.state("a.txt") is State.TRACKED
    assert "info/exclude in the git directory is not a regular file" in tree.skipped[0].reason
    with pytest.raises(TreeError, match="not a regular file"):
        GitTree(top)


def test_settings_that_change_what_git_says_have_no_effect(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.txt": "a"})
    for name, value in {
        "log.showRoot": "false",
        "log.follow": "true",
        "log.date": "relative",
        "color.ui": "always",
        "diff.orderFile": "/nonexistent",
        "i18n.logOutputEncoding": "utf-16",
        "core.bare": "true",
    }.items():
        git(top, "config", name, value)
    (only,) = GitHistory(top).commits(["a.txt"])
    assert (only.subject, [change.path for change in only.changes]) == ("first", ["a.txt"])
    assert DiskTree(top).in_git


def test_a_git_of_the_repository_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top, marks = planted(tmp_path)
    (top / "git").write_bytes((tmp_path / "program.sh").read_bytes())
    (top / "git").chmod(0o755)
    monkeypatch.chdir(top)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")
    look_at(top)
    assert list(marks.iterdir()) == []


def test_without_git_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path, {"a.txt": "a", ".gitignore": "*.log\n"})
    write(top, {"x.log": ""})
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    tree = DiskTree(top)
    assert tree.state("x.log") is State.IGNORED
    assert not tree.in_git
    assert "is not installed" in tree.skipped[0].reason
    with pytest.raises(TreeError, match="git is not installed"):
        GitTree(top)
    assert list(GitHistory(top).commits()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_repository_of_another_user(tmp_path: Path) -> None:
    """git itself refuses to read it (safe.directory), for fear of its configuration, which is not read here."""
    top = repository(tmp_path / "r", {"a.txt": "a"})
    for path in (top, *top.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    assert DiskTree(top).state("a.txt") is State.TRACKED
    assert GitTree(top).read("a.txt") == b"a"


@pytest.mark.parametrize("options", [("--object-format=sha256",), ("--bare",)])
def test_other_kinds_of_repository(tmp_path: Path, options: tuple[str, ...]) -> None:
    source = tmp_path / "r"
    if "--bare" in options:
        git(tmp_path, "clone", "-q", "--bare", str(repository(tmp_path / "s", {"a.txt": "a"})), str(source))
    else:
        git(tmp_path, "init", "-q", "-b", "main", *options, str(source))
        write(source, {"a.txt": "a"})
        commit(source, "first")
    assert GitTree(source).read("a.txt") == b"a"
    assert [one.subject for one in GitHistory(source).commits()] == ["first"]


def test_a_split_index(tmp_path: Path) -> None:
    top = repository(tmp_path, {"a.txt": "a"})
    git(top, "update-index", "--split-index")
    write(top, {"b.txt": "b"})
    git(top, "add", "b.txt")
    assert DiskTree(top).state("a.txt") is State.TRACKED
    assert DiskTree(top).state("b.txt") is State.TRACKED


def test_alternates_that_would_block_git_are_refused(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.txt": "a"})
    other = tmp_path / "other"
    (other / "info").mkdir(parents=True)
    os.mkfifo(other / "info/alternates")
    (top / ".git/objects/info/alternates").write_text(f"{other}\n")
    with pytest.raises(TreeError, match="not a regular file"):
        GitTree(top)


def test_alternates_that_go_round_end(tmp_path: Path) -> None:
    one, two = (repository(tmp_path / name, {"a.txt": name}) for name in ("one", "two"))
    for a, b in ((one, two), (two, one)):
        (a / ".git/objects/info/alternates").write_text(f"# a comment\n{b}/.git/objects\n/nowhere\n")
    found = locate(one)
    assert found is not None
    assert lenders(found) == [two / ".git/objects"]
