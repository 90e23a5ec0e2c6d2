"""The Dockerfiles of the corpus."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple


class CorpusFile(NamedTuple):
    """One file: the repository (or tree) it is from, its path, its bytes."""

    repository: str
    path: str
    data: bytes
    flavor: str


@cache
def dockerfiles(corpus: Path) -> tuple[CorpusFile, ...]:
    """Every Dockerfile of the two tables and of the three trees, each row once."""
    found = []
    for table in ("dockerfiles.public", "dockerfiles.peak.public"):
        for row in _rows(corpus / f"{table}.jsonl.gz"):
            found.append(CorpusFile(row["repo"], row["path"], _bytes(row["text"]), row["flavor"]))
    for tree in sorted((corpus / "trees").glob("*.jsonl.gz")):
        for row in _rows(tree):
            name = row["path"].rpartition("/")[2].lower()
            if row.get("text") is not None and "dockerfile" in name and not name.endswith("ignore"):
                found.append(
                    CorpusFile(tree.name.partition(".")[0], row["path"], _bytes(row["text"]), "tree")
                )
    return tuple(found)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
