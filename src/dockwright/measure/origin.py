"""What a measurement was made of: the commit, whether the files are still those of it, the branch."""

from pathlib import Path

import msgspec

from dockwright.trees.git_command import Git, GitError


class Origin(msgspec.Struct, frozen=True):
    """Empty without git or without a commit; `dirty` None is: could not be told."""

    commit: str = ""
    dirty: bool | None = None
    branch: str = ""


def origin(root: Path) -> Origin:
    """Of the working directory at `root`.

    Dirty means that a tracked file differs from HEAD, or that there are untracked files that git does not ignore: a
    build may copy those too. Files that a filter rewrites (LFS) count as changed, as no filter of the repository is run.
    """
    try:
        git = Git(root)
        commit = git.run("rev-parse", "--verify", "--quiet", "HEAD", errors=(1, 128)).decode("ascii").strip()
        if not commit:
            return Origin()
        branch = (
            git.run("symbolic-ref", "--quiet", "--short", "HEAD", errors=(1,))
            .decode("utf-8", "replace")
            .strip()
        )
    except GitError:
        return Origin()
    return Origin(commit, _dirty(git), branch)


def _dirty(git: Git) -> bool | None:
    try:
        return bool(git.run("status", "--porcelain", "-z", "--ignore-submodules=all"))
    except GitError:
        return None
