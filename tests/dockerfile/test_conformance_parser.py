"""BuildKit's own parser, run on 792 inputs, against ours: HEAD and, where it differs, 0.13."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import expand, expand_words
from dockwright.dockerfile.lexer import Options
from dockwright.dockerfile.nodes import NO_STAGES

from . import buildkit_form

COUNTS = {"parse": 201, "instructions": 204, "words": 24, "word": 339, "syntax": 20, "check": 4}


@pytest.fixture(scope="module")
def rows(corpus: Path) -> list[dict[str, Any]]:
    text = (corpus / "conformance" / "parser_cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def cases(rows: list[dict[str, Any]], kind: str) -> Iterator[tuple[str, Dialect, dict[str, Any], Any]]:
    """Name, dialect, row and expectation of every case of a kind, both versions."""
    found = [row for row in rows if row["kind"] == kind]
    assert len(found) == COUNTS[kind]
    for row in found:
        yield row["name"], Dialect.LATEST, row, row["expected"]
        if "expected_0_13" in row and "panic" not in row["expected_0_13"]:
            yield f"{row['name']} (0.13)", Dialect.V0_13, row, row["expected_0_13"]


def source_of(row: dict[str, Any]) -> bytes:
    return row["input"].encode("utf-8", "surrogateescape")


def test_every_kind_of_case_is_tested(rows):
    assert sum(COUNTS.values()) == len(rows) == 792
    assert {row["kind"] for row in rows} == set(COUNTS)


def test_nodes(rows):
    different = []
    for name, dialect, row, expected in cases(rows, "parse"):
        tree = parse(source_of(row), dialect=dialect)
        problems = tree.parser_problems
        if "error" in expected:
            got: Any = (
                {"error": problems[0].message, "error_lines": [list(problems[0].lines)]} if problems else None
            )
        else:
            got = {
                "escape": tree.escape,
                "nodes": [buildkit_form.parser_node(node) for node in tree.instructions],
            }
            if tree.warnings:
                got["warnings"] = [f"{warning.line}:{warning.message}" for warning in tree.warnings]
            expected = {key: value for key, value in expected.items() if key != "dump"}
            got = problems or got
        if got != expected:
            different.append((name, row["input"], expected, got))
    assert different == []


def test_typed_instructions_and_stages(rows):
    different = []
    for name, dialect, row, expected in cases(rows, "instructions"):
        tree = parse(source_of(row), dialect=dialect)
        # that a file has no stages is found by the layer above
        problems = [one for one in tree.problems if one.message != NO_STAGES]
        if "error" in expected:
            got: Any = (
                {"error": problems[0].text, "error_lines": [list(problems[0].lines)]} if problems else None
            )
        else:
            got = problems or stages_and_arguments(tree)
            expected = normalized(expected)
            if dialect is Dialect.V0_13 and not problems:
                got = {"stages": without_newer_fields(got["stages"], expected["stages"])}
        if got != expected:
            different.append((name, row["input"], expected, got))
    assert different == []


def stages_and_arguments(tree) -> dict[str, Any]:
    form: dict[str, Any] = {"stages": buildkit_form.stages(tree)}
    if tree.global_args:
        form["meta_args"] = [buildkit_form.instruction(command) for command in tree.global_args]
    return form


def normalized(expected: dict[str, Any]) -> dict[str, Any]:
    """Go prints an empty slice as [] or null, by how it came about."""
    stages = expected.get("stages") or None
    for stage in stages or ():
        stage["Commands"] = stage["Commands"] or None
        stage["Comments"] = stage.get("Comments") or None
    return expected | {"stages": stages}


def without_newer_fields(got, expected):
    """0.13 has fewer fields, and prints the comment of a stage as one text."""
    for ours, theirs in zip(got or (), expected or (), strict=True):
        for key in ("Comments", "DocComment", "OrigCmd"):
            ours.pop(key)
        theirs.pop("Comment", None)
        theirs.pop("Comments", None)
        for command, other in zip(ours["Commands"] or (), theirs["Commands"] or (), strict=True):
            for key in set(command) - set(other):
                del command[key]
    return got


@pytest.mark.parametrize("kind", ["word", "words"])
def test_expansion(rows, kind):
    different = []
    for name, dialect, row, expected in cases(rows, kind):
        if dialect is Dialect.V0_13:
            continue  # expansion follows HEAD only; see test_expansion_differs_in_0_13
        given = row["options"]
        options = Options(escape=given.get("escape", "\\"), skip_quotes=given.get("SkipProcessQuotes", False))
        values = dict(one.split("=", 1) for one in given["env"])
        run = expand if kind == "word" else expand_words
        result = run(row["input"], values.get, options)
        value = result.value if kind == "word" else list(result.words)
        got = {"error": result.error} if result.error else {"result": value}
        if got != expected:
            different.append((name, row["input"], expected, got))
    assert different == []


def test_expansion_differs_in_0_13(rows):
    """The seven expansions where 0.13 was recorded to differ: a panic, and `:#` and `:%`, which it takes for `#`."""
    differing = [row for row in rows if row["kind"] == "word" and "expected_0_13" in row]
    assert len(differing) == 7
    for row in differing:
        old = row["expected_0_13"]
        assert "panic" in old or "unsupported modifier" in row["expected"]["error"], row


@pytest.mark.parametrize("kind", ["syntax", "check"])
def test_directive_scans(rows, kind):
    different = []
    for name, dialect, row, expected in cases(rows, kind):
        tree = parse(source_of(row), dialect=dialect)
        found = tree.syntax if kind == "syntax" else tree.check
        got: dict[str, Any] = {"ok": False}
        if found and kind == "syntax":
            got = {"ok": True, "ref": found.value, "cmdline": found.text, "line": found.line}
        elif found:
            got = {"ok": True, "first": found.value, "value": found.text, "line": found.line}
        if got != expected:
            different.append((name, row["input"], expected, got))
    assert different == []
