"""The replay against the model of the cache itself, commit by commit; definitions at the end and per commit."""

import random
from pathlib import Path

import pytest

from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.outcome import Verdict
from dockwright.dockerfile.keys.state import CacheState
from dockwright.replay.run import Mode, Replay, State
from dockwright.replay.subjects import Files, Subject, define
from dockwright.trees.changes import CommitChanges
from dockwright.trees.context import BuildContext
from dockwright.trees.git import GitTree
from dockwright.trees.git_command import Git
from dockwright.trees.memory import OverlayTree
from dockwright.trees.revisions import Range, Walk
from dockwright.trees.tree import Tree
from tests.trees.fast_import import Made, history, text
from tests.trees.repositories import git

DOCKERFILE = """FROM python:3.12 AS build
WORKDIR /app
COPY req.txt .
RUN pip install -r req.txt
COPY src/ src/
RUN make
FROM node:22
COPY --from=build /app/out /out
COPY *.json ./
RUN npm ci
COPY web web
RUN --mount=type=bind,source=tools,target=/t npm run build
"""
REORDERED = DOCKERFILE.replace("COPY req.txt .\nRUN pip install -r req.txt\n", "").replace(
    "RUN make\n", "COPY req.txt .\nRUN pip install -r req.txt\nRUN make\n"
)
PATHS = ["req.txt", "src/a.py", "src/b.py", "package.json", "lock.json", "web/x", "tools/t", "README.md"]
CODES = {Verdict.HIT: 0, Verdict.UNKNOWN: 1, Verdict.MISS: 2}


def random_history(folder: Path, seed: int, *, definitions: bool = False, count: int = 30) -> Path:
    """Commits on a few branches that change, and change back, what a Dockerfile copies (and the Dockerfile itself)."""
    rng = random.Random(seed)
    made = [Made({"Dockerfile": text(DOCKERFILE)} | {path: text("0") for path in PATHS})]
    for number in range(1, count):
        files = {rng.choice(PATHS): text(rng.choice("012")) for _ in range(rng.randint(1, 2))}
        if definitions and rng.random() < 0.3:
            files["Dockerfile"] = text(rng.choice([DOCKERFILE, REORDERED]))
        if definitions and rng.random() < 0.3:
            files[".dockerignore"] = text(rng.choice(["README.md\n", "src/b.py\n", "*.json\n!lock.json\n"]))
        made.append(Made(files, (rng.randint(max(0, number - 2), number - 1),)))
    return history(folder, made)


class Watched(Replay):
    """A replay that keeps what it found for each commit."""

    def _count(self, commit: CommitChanges, before: State, state: State, bucket: int) -> None:
        codes = self._outcome(0, before, state).codes
        self.__dict__.setdefault("found", []).append((commit.id.decode(), codes))
        known = dict(self.tallies[0].shared)
        super()._count(commit, before, state, bucket)
        grown = [key[1] for key, n in self.tallies[0].shared.items() if n != known.get(key, 0)]
        self.__dict__.setdefault("shared", []).append(grown[0] if grown else bytes(len(codes)))


def _tree(repository: Path, commit: str, definition: Path | None) -> Tree:
    tree: Tree = GitTree(repository, commit)
    if definition is not None:
        end = GitTree(definition, "main")
        kept = {"Dockerfile.dockerignore": end.read(".dockerignore") if end.is_file(".dockerignore") else b""}
        tree = OverlayTree(tree, {"Dockerfile": end.read("Dockerfile"), **kept})
    return tree


def _codes(cache: CacheState, tree: Tree, *, keep: bool = True) -> bytes:
    plan = define(Subject(path="Dockerfile", context=""), Files(tree.read("Dockerfile"), None)).plan
    assert plan is not None
    prediction = cache.predict(plan, TreeDigests.of(BuildContext(tree, "", "Dockerfile")))
    if keep:
        cache.record(prediction)
    return bytes(CODES[step.verdict] for step in prediction.outcome.steps)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_verdicts_are_those_of_the_cache_model(tmp_path: Path, seed: int) -> None:
    mode = (Mode.AT_END, Mode.PER_COMMIT)[seed % 2]
    folder = random_history(tmp_path / "r", seed, definitions=seed > 1)
    walk = Walk(Git(folder), Range((*(f"c{n}" for n in range(30)), "main")))
    end = git(folder, "rev-parse", "main")
    replay = Watched(walk, [Subject(path="Dockerfile", context="")], mode=mode, end=end)
    replay.run()
    definition = folder if mode is Mode.AT_END else None
    shared = CacheState()
    for place, (commit, codes) in enumerate(replay.__dict__["found"]):
        parents = git(folder, "log", "-1", "--format=%P", commit).split()
        tree = _tree(folder, commit, definition)
        assert replay.__dict__["shared"][place] == _codes(shared, tree)
        if parents:
            cache = CacheState()
            _codes(cache, _tree(folder, parents[0], definition))
            assert codes == _codes(cache, tree)
