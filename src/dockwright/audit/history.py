"""What a repository's history says about its Dockerfiles: the replay of all of them, in the ways they are built."""

from collections.abc import Callable, Sequence

import msgspec

from dockwright.audit.builds import subjects
from dockwright.audit.context.use import Use, use_of
from dockwright.replay.result import ReplayResult
from dockwright.replay.run import Replay
from dockwright.replay.subjects import Subject
from dockwright.replay.summary import summary
from dockwright.repository.repository import Repository
from dockwright.trees.context import BuildContext
from dockwright.trees.paths import join
from dockwright.trees.revisions import Walk

UNREAD = (
    ".github", ".gitlab", ".gitlab-ci.yml", ".circleci", ".azure-pipelines", ".vscode", ".idea", ".devcontainer",
    "docs", "doc", ".pre-commit-config.yaml", ".editorconfig", ".gitignore", ".gitattributes", "CHANGELOG.md",
    "CONTRIBUTING.md", "CODEOWNERS", "SECURITY.md",
)  # fmt: skip
"""Names at the top of a context that programs do not read when they run: CI, editors, documentation. (`.git` is in no commit.)"""
WITHOUT = "with an ignore file for "


def replay_of(
    repository: Repository,
    walk: Walk,
    *,
    end: str,
    prefix: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> ReplayResult:
    """Replay every Dockerfile of the repository over a walk of its history, each with its present definition.

    Those that may copy a whole context are replayed once more with an ignore file for what no program reads (`UNREAD`);
    their results say so by their `label`. `end` is the id of the commit that is looked at (the newest of the walk if
    empty), `prefix` the folder of the repository, with `/`, that paths are relative to.
    """
    own = subjects(repository)
    replay = Replay(walk, [*own, *_quieter(repository, own)], prefix=prefix, end=end)
    replay.run(progress)
    return summary(replay)


def _quieter(repository: Repository, own: Sequence[Subject]) -> list[Subject]:
    """The same Dockerfiles with more ignored, where that could make a difference."""
    found = []
    for subject in own:
        if subject.dockerfile is not None:
            continue
        context = repository.context(subject.context, subject.path)
        use = use_of(repository.tree, context, subject)
        names = [name for name in UNREAD if use.whole and _copied_by_the_way(context, use, name)]
        if names:
            lines = "".join(f"/{name}\n" for name in names).encode()
            before = context.ignore_file.source.data if context.ignore_file is not None else b""
            label = WITHOUT + ", ".join(f"`{name}`" for name in names)
            found.append(msgspec.structs.replace(subject, ignore=before + b"\n" + lines, label=label))
    return found


def _copied_by_the_way(context: BuildContext, use: Use, name: str) -> bool:
    """True when the name is sent and copied with the whole context, and no instruction names it or a part of it."""
    path = join(context.root, name)
    below = [sent for sent in use.files if sent == path or sent.startswith(f"{path}/")]
    return bool(below) and use.named.isdisjoint(below)
