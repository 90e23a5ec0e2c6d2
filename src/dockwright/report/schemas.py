"""Writes the published schemas: `python -m dockwright.report.schemas docs/schema`."""

import sys
from pathlib import Path

from dockwright.report import as_json, cache_advice, context, why
from dockwright.report.comparison import document as image_diff
from dockwright.report.findings import as_json as check_json
from dockwright.report.images import as_json as image_json
from dockwright.report.measured import benches, builds
from dockwright.report.proofs import build as build_proof
from dockwright.report.replay import as_json as replay_json
from dockwright.report.stacks import diff as compose_diff
from dockwright.report.stacks import lists as compose_lists
from dockwright.report.stacks import proof as compose_proof
from dockwright.report.trend import as_json as trend_json


def texts() -> dict[str, str]:
    """File name to text of every schema."""
    return {
        "audit-1.json": as_json.schema_text(),
        "check-1.json": check_json.schema_text(),
        "prove-build-1.json": build_proof.schema_text(),
        "replay-1.json": replay_json.schema_text(),
        "why-1.json": why.schema_text(),
        "context-1.json": context.schema_text(),
        "trend-1.json": trend_json.schema_text(),
        "cache-advice-1.json": cache_advice.schema_text(),
        "build-1.json": builds.schema_text(),
        "bench-1.json": benches.schema_text(),
        "compose-diff-1.json": compose_diff.schema_text(),
        "prove-compose-1.json": compose_proof.schema_text(),
        **image_json.schema_texts(),
        "diff-1.json": image_diff.schema_text(),
        **compose_lists.schema_texts(),
    }


def main(folder: str) -> None:
    """Write all schemas into a folder."""
    for name, text in texts().items():
        (Path(folder) / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
