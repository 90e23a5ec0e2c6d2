"""Real texts: RUN bodies of public Dockerfiles, and the scripts of whole repository trees."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockwright.dockerfile.instructions.types import Run
from dockwright.dockerfile.tree import parse
from dockwright.shell.carriers import kind_of, may_start_containers, read
from dockwright.shell.docker_cli import read_call
from dockwright.shell.packages import Action, read_install
from dockwright.shell.run_body import DEFAULT_SHELL, parse_run
from dockwright.shell.script import Script
from dockwright.text import SourceFile
from tests.dockerfile.corpus_files import dockerfiles

DISTINCT = 1000
"""RUN bodies looked at; the first so many distinct ones of the public table."""


def bodies(corpus: Path) -> Iterator[tuple[bytes, Script]]:
    seen: set[bytes] = set()
    for file in dockerfiles(corpus):
        if file.flavor not in ("dockerfile", "containerfile"):
            continue
        for stage in parse(file.data).stages:
            for index, instruction in enumerate(stage.commands):
                if not isinstance(instruction, Run) or instruction.form == "json":
                    continue
                text = instruction.script
                if text.data in seen:
                    continue
                seen.add(text.data)
                shell = stage.config.shells.before(index)
                yield file.data, parse_run(text, shell.value if shell and shell.value else DEFAULT_SHELL)
                if len(seen) >= DISTINCT:
                    return


@pytest.fixture(scope="module")
def scripts(corpus: Path) -> list[tuple[bytes, Script]]:
    return list(bodies(corpus))


@pytest.mark.slow
def test_run_bodies_are_read_nearly_without_error(scripts):
    assert len(scripts) == DISTINCT
    broken = [script.source.text for _, script in scripts if script.errors]
    assert len(broken) <= 3, broken


@pytest.mark.slow
def test_words_of_run_bodies_stand_where_they_say(scripts):
    checked = 0
    for data, script in scripts:
        for command in script.commands:
            for word in command.words:
                if (
                    word.source is script.source
                    and word.value is not None
                    and word.value == word.raw
                    and word.value
                ):
                    span = word.span
                    shown = data[span.start : span.end].decode("utf-8", "surrogateescape")
                    if "\\\n" not in shown and "\n" not in shown:
                        assert shown == word.value
                        checked += 1
    assert checked > 5000


@pytest.mark.slow
def test_installs_of_run_bodies_name_packages(scripts):
    installs = [
        found for _, script in scripts for command in script.commands if (found := read_install(command))
    ]
    assert len(installs) > 300
    for found in installs:
        for package in found.packages:
            assert package.word.span.start < package.word.span.end
            assert not package.name.startswith("-"), found.command.span
    named = [
        found for found in installs if found.manager in ("apt", "apk") and found.action is Action.INSTALL
    ]
    assert sum(bool(found.packages) for found in named) / len(named) > 0.98


def tree(corpus: Path, name: str) -> Iterator[SourceFile]:
    with gzip.open(corpus / "trees" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row.get("text") is not None:
                yield SourceFile(row["path"], row["text"].encode("utf-8", "surrogateescape"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["netra-345fee14f", "aaronspindler-fc19e04"])
def test_files_of_a_tree_are_read_without_exception(corpus, name):
    calls = 0
    for source in tree(corpus, name):
        if kind_of(source.path, source.data) and may_start_containers(source.data):
            for item in read(source).invocations:
                calls += read_call(item.argv, item.env) is not None
    assert calls > 0
