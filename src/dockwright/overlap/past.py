"""What the history knows of a set of files: the blobs each had, and the normal forms of old versions."""

from collections.abc import Sequence

from dockwright.dockerfile.tree import parse
from dockwright.errors import Skipped
from dockwright.overlap.drift import (
    MAX_BLOBS,
    Change,
    Drift,
    Moment,
    Timelines,
    chosen,
    drifts,
    once_the_same,
)
from dockwright.overlap.files import NormalFile
from dockwright.overlap.normal import digest, normalise
from dockwright.overlap.pairs import FLOOR
from dockwright.overlap.similarity import Similarity
from dockwright.overlap.stacks import ComposeOverlap
from dockwright.trees.history import History

Pair = tuple[str, str]


def timelines(history: History, paths: Sequence[str]) -> Timelines:
    """The changes of each path along the first parents of the revision, oldest first.

    Along that line the state after each commit is exactly what was checked out then; work on side branches shows as
    the merge that brought it in.
    """
    found: dict[str, list[Change]] = {path: [] for path in paths}
    for age, commit in enumerate(history.commits(paths, first_parent=True)):
        moment = Moment(-age, commit.id, commit.date)
        for change in commit.changes:
            if change.path in found:
                found[change.path].append(Change(moment, change.new))
    return {path: changes[::-1] for path, changes in found.items() if changes}


class OldForms:
    """Normal forms of blobs, each read once; at most `MAX_BLOBS` of them."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._forms: dict[str, str | None] = {}
        self.refused = 0

    def __call__(self, blob: str) -> str | None:
        if blob not in self._forms:
            if len(self._forms) >= MAX_BLOBS:
                self.refused += 1
                return None
            data = self._history.blob(blob)
            self._forms[blob] = None if data is None else digest(normalise(parse(data).instructions))
        return self._forms[blob]


def look_back(
    history: History | None,
    files: Sequence[NormalFile],
    similar: Sequence[Similarity],
    compose: Sequence[ComposeOverlap],
) -> tuple[list[Drift], list[Skipped]]:
    """The drift of files that are alike now, have one name, or once were the same.

    Files that never agreed are reported only where they are alike now. Dockerfiles come first, then compose files.
    """
    if history is None:
        return [], []
    dockerfiles = [file.path for file in files]
    composes = sorted({path for one in compose for path in (one.a, one.b)})
    lines = timelines(history, [*dockerfiles, *composes])
    forms = OldForms(history)
    alike = [(one.a, one.b) for one in similar if one.sequence.value >= FLOOR]
    once = once_the_same({path: lines[path] for path in dockerfiles if path in lines})
    pairs, skipped = chosen(alike, once, _namesakes(dockerfiles))
    found = [one for one in drifts(pairs, lines, forms) if one.agreed or (one.a, one.b) in set(alike)]
    if forms.refused:
        skipped.append(Skipped("drift in normal form", f"only {MAX_BLOBS} old versions are read"))
    alike = [(one.a, one.b) for one in compose if one.total.value >= FLOOR]
    once = once_the_same({path: lines[path] for path in composes if path in lines})
    pairs, more = chosen(alike, once)
    found += [
        one for one in drifts(pairs, lines, lambda _: None) if one.agreed or (one.a, one.b) in set(alike)
    ]
    return found, [*skipped, *more]


def _namesakes(paths: Sequence[str]) -> list[Pair]:
    """Files of one name in different folders, each with the first; a bare `Dockerfile` is no name."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        name = path.rpartition("/")[2]
        if name.lower() not in ("dockerfile", "containerfile"):
            groups.setdefault(name, []).append(path)
    return [(group[0], path) for group in groups.values() for path in group[1:]]
