"""The YAML, compose, bake and conformance files of the shared corpus."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

COMPOSE = ("compose.public.jsonl.gz", "compose.peak.public.jsonl.gz")


def rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def compose_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every compose file."""
    for name in COMPOSE:
        for row in rows(corpus / name):
            yield f"{row['repo']}:{row['path']}", str(row["text"])


def yaml_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every YAML file: compose files, and what the trees hold."""
    yield from compose_texts(corpus)
    for tree in sorted((corpus / "trees").glob("*.jsonl.gz")):
        for row in rows(tree):
            if row.get("text") is not None and str(row["path"]).endswith((".yml", ".yaml")):
                yield f"{tree.name}:{row['path']}", str(row["text"])


def cases(corpus: Path, kind: str) -> Iterator[dict[str, object]]:
    """Conformance cases of compose of one kind."""
    with (corpus / "conformance" / "compose_cases.jsonl").open() as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] == kind:
                yield row
