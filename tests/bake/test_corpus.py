"""Every bake file of the corpus is read and resolved."""

from pathlib import Path

from dockwright import bake
from tests.compose.corpus_files import rows

# One wants a variable to be set, in the other a name was replaced when the corpus was made.
WANTING = {"aiidalab/aiidalab-docker-stack", "dunglas/frankenphp"}


def test_corpus(corpus: Path):
    targets = 0
    for row in rows(corpus / "bake.public.jsonl.gz"):
        data = str(row["text"]).encode()
        file = bake.read(data, str(row["path"]))
        assert file.problems == (), row["path"]
        baked = file.resolve()
        assert not baked.problems or row["repo"] in WANTING, (row["path"], baked.problems)
        for target in baked.targets.values():
            assert data[target.span.start : target.span.end].decode() == target.base
            for origin in (
                target.context,
                target.dockerfile,
                target.target,
                *target.tags,
                *target.args.values(),
            ):
                assert origin is None or data[origin.span.start : origin.span.end]
            targets += 1
    assert targets > 150
