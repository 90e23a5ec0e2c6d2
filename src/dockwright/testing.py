"""What tests of rules are made with, ours and those of third parties: small repositories in memory."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dockwright.audit.history import replay_of
from dockwright.config import FILE_NAMES, load
from dockwright.repository.inventory import build
from dockwright.repository.repository import Repository
from dockwright.rules.engine import Outcome, run
from dockwright.rules.rule import Files, Rule
from dockwright.rules.subjects import attach_replay
from dockwright.trees.git import GitTree
from dockwright.trees.git_command import Git
from dockwright.trees.memory import Link, MemoryTree
from dockwright.trees.revisions import Range, Walk
from dockwright.trees.tree import State


def repository(files: Files, ignored: Sequence[str] = ()) -> Repository:
    """The facts of a small repository given as path to text (`-> target` for a link); `ignored` by git.

    A `dockwright.toml` among the files is its configuration.
    """
    content = {path: Link(text[3:]) if text.startswith("-> ") else text for path, text in files.items()}
    tree = MemoryTree(content, states=dict.fromkeys(ignored, State.IGNORED))
    name = FILE_NAMES[0]
    return build(tree, load(files[name], name) if name in files else None)


def examine(
    files: Files, rules: Iterable[Rule], ignored: Sequence[str] = (), history: Sequence[Files] = ()
) -> Outcome:
    """Run `rules` over a small repository; with a `history`, over a git repository made of it, with its replay."""
    if not history:
        return run(repository(files, ignored), rules)
    with TemporaryDirectory() as folder:
        _commit_all(Path(folder), [*({**files, **changed} for changed in history), files])
        facts = build(GitTree(Path(folder), "main"))
        attach_replay(facts, replay_of(facts, Walk(Git(Path(folder)), Range(("main",))), end=""))
        return run(facts, rules)


def _commit_all(folder: Path, states: Sequence[Files]) -> None:
    """A git repository with a commit for each state, through `git fast-import`: nothing of the user's is read."""
    stream: list[bytes] = []
    for number, files in enumerate(states):
        stream.append(
            b"commit refs/heads/main\ncommitter x <x@x> %d +0000\ndata 0\n" % (1_700_000_000 + number)
        )
        stream.append(b"deleteall\n")
        for path, text in sorted(files.items()):
            data = text.encode()
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    for command in (["init", "--quiet", "--initial-branch=main"], ["fast-import", "--quiet"]):
        subprocess.run(
            ["git", "-C", str(folder), *command],
            check=True,
            input=b"".join(stream) if "fast-import" in command else b"",
        )
