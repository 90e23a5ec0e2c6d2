"""The report of `examples/sprawl`, as a whole. A change here is a change of what people read: look at it."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from syrupy.assertion import SnapshotAssertion

from dockwright.audit.model import About
from dockwright.audit.run import audit
from dockwright.report import as_json
from dockwright.report.build import build
from dockwright.report.document import Document
from dockwright.report.markdown.render import render as markdown
from dockwright.report.terminal.render import render as terminal
from dockwright.trees.memory import MemoryTree

ROOT = Path(__file__).resolve().parents[2]
SPRAWL = ROOT / "examples" / "sprawl"


@pytest.fixture(scope="module")
def document() -> Document:
    """The audit of the files alone, without git: the same wherever and whenever it is run."""
    files = {
        path.relative_to(SPRAWL).as_posix(): path.read_bytes() for path in SPRAWL.rglob("*") if path.is_file()
    }
    return build(audit(MemoryTree(files), about=About("sprawl", state="files")))


def test_terminal(document: Document, snapshot: SnapshotAssertion) -> None:
    assert terminal(document, width=80) == snapshot


def test_markdown(document: Document, snapshot: SnapshotAssertion) -> None:
    assert markdown(document) == snapshot


def test_json(document: Document) -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "audit-1.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(json.loads(as_json.render(document)))


def test_the_terminal_report_is_no_wall(document: Document) -> None:
    assert len(terminal(document, width=100).splitlines()) < 130
