"""Would git ignore a path that is not there? Then everybody is expected to make it himself."""

from typing import TYPE_CHECKING

from dockwright.repository.repository import Repository
from dockwright.trees.paths import join, parent

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def ignored_by_git(repository: Repository, path: str) -> bool:
    """True when the `.gitignore` files name the path or a folder above it; the deepest with an opinion decides."""
    folder = parent(path)
    while True:
        spec = repository.memo(f"ignored.spec {folder}", lambda at=folder: _spec(repository, at))  # type: ignore[misc]
        if spec is not None:
            tail = path[len(folder) + 1 :] if folder else path
            for candidate in (tail, f"{tail}/"):
                verdict = spec.check_file(candidate).include
                if verdict is not None:
                    return bool(verdict)
        if not folder:
            return False
        folder = parent(folder)


def _spec(repository: Repository, folder: str) -> "GitIgnoreSpec | None":
    data = repository.source_data(join(folder, ".gitignore"))
    if not data:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(data.decode("utf-8", "replace").splitlines())
    except ValueError:
        return None
