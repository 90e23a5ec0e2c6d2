"""What a repository's history says about its Dockerfiles: the replay of all of them, in the ways they are built."""

from collections.abc import Callable

from dockwright.audit.builds import subjects
from dockwright.replay.result import ReplayResult
from dockwright.replay.run import Replay
from dockwright.replay.summary import summary
from dockwright.repository.repository import Repository
from dockwright.trees.revisions import Walk


def replay_of(
    repository: Repository,
    walk: Walk,
    *,
    end: str,
    prefix: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> ReplayResult:
    """Replay every Dockerfile of the repository over a walk of its history, each with its present definition.

    `end` is the id of the commit that is looked at (the newest of the walk if empty), `prefix` the folder of the
    repository, with `/`, that paths are relative to.
    """
    replay = Replay(walk, subjects(repository), prefix=prefix, end=end)
    replay.run(progress)
    return summary(replay)
