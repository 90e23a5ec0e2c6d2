"""Would git ignore a path that is not there? Then everybody is expected to make it himself."""

from dockwright.repository.repository import Repository
from dockwright.trees.gitignore import IgnoreRules
from dockwright.trees.paths import join, parent


def ignored_by_git(repository: Repository, path: str) -> bool:
    """True when the `.gitignore` files name the path or a folder above it; the deepest with an opinion decides."""
    folder = parent(path)
    while True:
        spec = repository.memo(f"ignored.spec {folder}", lambda at=folder: _spec(repository, at))  # type: ignore[misc]
        if spec is not None:
            tail = path[len(folder) + 1 :] if folder else path
            for folder_too in (False, True):
                verdict = spec.verdict(tail, folder=folder_too)
                if verdict is not None:
                    return verdict
        if not folder:
            return False
        folder = parent(folder)


def _spec(repository: Repository, folder: str) -> IgnoreRules | None:
    data = repository.source_data(join(folder, ".gitignore"))
    return IgnoreRules(data.decode("utf-8", "replace").splitlines()) if data else None
