"""What the renderers make of one document, as a whole (snapshots), and what must hold of any."""

import json
import re
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from dockwright.report import as_json
from dockwright.report.document import Document
from dockwright.report.markdown.render import render as markdown
from dockwright.report.schemas import texts
from dockwright.report.terminal.render import render as terminal
from dockwright.report.words import last_line
from tests.report.sample import data, document

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"


@pytest.mark.parametrize("width", [80, 140])
def test_terminal(snapshot: SnapshotAssertion, width: int) -> None:
    assert terminal(document(), width=width) == snapshot


def test_markdown(snapshot: SnapshotAssertion) -> None:
    assert markdown(document()) == snapshot


def test_json(snapshot: SnapshotAssertion) -> None:
    assert as_json.render(document()) == snapshot


def test_json_is_what_the_published_schema_says() -> None:
    schema = json.loads((SCHEMAS / "audit-1.json").read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(json.loads(as_json.render(document())))
    broken = data()
    del broken["inventory"]["dockerfiles"][0]["status"]
    assert not validator.is_valid(json.loads(msgspec.json.encode({"schema": "x", **broken})))


def test_published_schemas_are_fresh() -> None:
    """When this fails: `python -m dockwright.report.schemas docs/schema`."""
    assert {name: (SCHEMAS / name).read_text("utf-8") for name in texts()} == texts()


def test_json_reads_back_as_the_same_document() -> None:
    assert msgspec.json.decode(as_json.render(document()), type=Document) == document()


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = terminal(document(), width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_without_colour_there_is_no_control_character() -> None:
    plain = terminal(document(), width=80)
    assert "\x1b" not in plain
    coloured = terminal(document(), width=80, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()


def test_the_summary_line_is_the_last() -> None:
    assert terminal(document(), width=200).splitlines()[-1] == last_line(document())


def test_every_finding_and_every_file_is_in_the_markdown() -> None:
    text = markdown(document())
    for finding in document().findings:
        assert finding.rule in text
        assert f"`{finding.location}`" in text
    for item in (*document().inventory.dockerfiles, *document().inventory.compose):
        assert f"`{item.path}`" in text


def test_an_empty_repository_makes_whole_reports() -> None:
    empty = data()
    for key in (
        "summary",
        "first",
        "images",
        "overlaps",
        "findings",
        "rules",
        "security",
        "suppressed",
        "skipped",
    ):
        empty[key] = []
    empty["inventory"] = {key: [] for key in empty["inventory"]}
    empty["proposal"] = {key: [] for key in empty["proposal"]}
    empty["counts"] = {key: {} for key in empty["counts"]}
    nothing = msgspec.convert(empty, Document)
    assert terminal(nothing).splitlines()[-1] == "0 Dockerfiles, 0 compose files; no findings"
    assert "No findings." in markdown(nothing)
    assert json.loads(as_json.render(nothing))["findings"] == []
