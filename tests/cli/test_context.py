"""`dockwright context` from the outside: what is sent and used, and that proposed ignore files hold."""

import json
import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dockwright.audit.context.measure import measure
from dockwright.audit.context.use import use_of
from dockwright.replay.subjects import Subject
from dockwright.report.context import schema_text
from dockwright.repository.inventory import build
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree, OverlayTree
from tests.trees.repositories import repository

FILES: dict[str, str | bytes] = {
    "Dockerfile": "FROM a\nCOPY requirements.txt package*.json /x/\nCOPY src /src\nRUN --mount=type=bind,source=tools,target=/t make\n",
    "compose.yaml": "services:\n  web:\n    build: .\n",
    "requirements.txt": "a\n",
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/a.py": "a\n",
    "src/tests/t.py": "t\n",
    "tools/t.sh": "t\n",
    "docs/big.md": "d" * 5000,
    "data/x.bin": "x" * 90_000,
    "data/y.bin": "x" * 10_000,
    ".env": "DB_PASSWORD=correct-horse-battery\n",
    ".dockerignore": "src/tests\n",
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "r", FILES)


def audited(dockwright: Any, *arguments: object) -> dict[str, Any]:
    ran = dockwright("context", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema_rs.validate(json.loads(schema_text()), found)
    return found


def test_sent_used_and_unused(dockwright: Any, top: Path) -> None:
    found = audited(dockwright, "Dockerfile", "--root", top)
    assert found["all"]["files"] == len(FILES)
    assert found["sent"]["files"] == len(FILES) - 1
    assert found["used"]["files"] == 5
    assert found["largest_unused"][0] == {"path": "data/", "files": 2, "bytes": 100_000}
    assert found["secrets"] == [".env"]
    assert found["version_control"] == [".git"]
    assert found["git"]["files"] > 3
    assert audited(dockwright, "web", "--root", top)["dockerfile"] == "Dockerfile"
    assert audited(dockwright, "web", "--root", top, "--at", "HEAD")["git"] is None


def test_the_minimal_ignore_file_sends_what_is_used(dockwright: Any, top: Path) -> None:
    found = audited(dockwright, "Dockerfile", "--root", top)
    assert found["minimal"]["path"] == "Dockerfile.dockerignore"
    assert found["minimal"]["sent"] == found["used"]
    assert found["minimal"]["content"][0] == "*"
    written = dockwright(
        "context", "Dockerfile", "--root", top, "--write", "minimal", "-o", top / "Dockerfile.dockerignore"
    )
    assert written.code == 0
    again = audited(dockwright, "Dockerfile", "--root", top)
    assert again["sent"] == again["used"] == found["used"]
    assert again["sends_git"] is False
    assert again["minimal"] is None


def test_the_better_one_serves_all_and_keeps_what_is_there(dockwright: Any, top: Path) -> None:
    (top / "other.Dockerfile").write_text("FROM a\nCOPY data/x.bin /\n")
    (top / "compose.yaml").write_text(
        "services:\n  web:\n    build: .\n  o:\n    build: {context: ., dockerfile: other.Dockerfile}\n"
    )
    found = audited(dockwright, "Dockerfile", "--root", top)
    patterns = [line["pattern"] for line in found["better"]["lines"]]
    assert {".git", ".env", "docs", "data/y.bin"} <= set(patterns)
    assert "data" not in patterns
    assert found["better"]["content"][0] == "src/tests"
    assert found["better"]["sent"]["bytes"] < found["sent"]["bytes"]
    assert found["readers"] == ["other.Dockerfile"]


def test_whole_contexts_say_what_changes_the_image(dockwright: Any, tmp_path: Path) -> None:
    top = repository(
        tmp_path / "r",
        {"Dockerfile": "FROM a\nCOPY . /\n", ".env": "API_TOKEN=abcdefabcdef12345\n", "a": "1"},
    )
    found = audited(dockwright, "Dockerfile", "--root", top, "--context", ".")
    assert found["whole"] is True
    assert found["minimal"] is None
    assert {line["pattern"]: line["changes_image"] for line in found["better"]["lines"]} == {
        ".git": True,
        ".env": True,
    }
    assert found["better"]["hidden_used"] == [".env"]


def test_what_cannot_be_told(dockwright: Any, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"Dockerfile": "FROM a\nCOPY\n", "a": "1"})
    ran = dockwright("context", "Dockerfile", "--root", top, "--context", ".")
    assert ran.code == 2
    assert "cannot be told" in ran.err
    assert dockwright("context", "nothing", "--root", top).code == 2


def test_terminal_and_markdown(dockwright: Any, top: Path) -> None:
    assert "100 kB       2 files  data/" in dockwright("context", "Dockerfile", "--root", top).out
    marked = dockwright("context", "Dockerfile", "--root", top, "--format", "markdown").out
    assert "| `data/` | 2 | 100 kB |" in marked
    assert "correct-horse" not in marked


NAMES = ["a", "b.txt", "c[1]", "#d", "!e", "f g", "x.log", "*h"]


@pytest.mark.parametrize("seed", range(40))
def test_proposals_hide_nothing_that_is_used(seed: int) -> None:
    """Random trees, Dockerfiles and ignore files: proposals are looked at with the builder's own rules."""
    rng = random.Random(seed)
    paths = {"/".join(rng.choice(NAMES) for _ in range(rng.randint(1, 3))) for _ in range(25)}
    files = {
        path: "x" * rng.randint(1, 50)
        for path in paths
        if not any(other.startswith(f"{path}/") for other in paths)
    }
    sources = [*rng.sample(sorted(files), 3), rng.choice(sorted(files)).partition("/")[0], "*.txt"]
    copies = "".join(f"COPY {json.dumps([_copied(one), f'/{n}/'])}\n" for n, one in enumerate(sources))
    ignore = "".join(
        f"{rng.choice(['x.log', '**/x.log', 'a', '!a/b.txt', '*', '!b.txt', 'a/*', '!a'])}\n"
        for _ in range(3)
    )
    tree = MemoryTree({**files, "Dockerfile": f"FROM x\n{copies}", ".dockerignore": ignore})
    subject = Subject(path="Dockerfile", context="")
    found = measure(build(tree), subject)
    context = BuildContext(tree, "", "Dockerfile")
    used = use_of(tree, context, subject).files
    for proposal in (found.minimal, found.better):
        if proposal is None:
            continue
        tried = BuildContext(
            OverlayTree(tree, {proposal.path: "\n".join(proposal.content)}), "", "Dockerfile"
        )
        assert used - {proposal.path} <= tried.sent_paths
        assert tried.sent_paths - {proposal.path} <= context.sent_paths
        assert proposal.sent.files == tried.count
    if found.minimal is not None:
        assert found.minimal.sent.files == len(used)


def _copied(path: str) -> str:
    return "".join(f"[{letter}]" if letter in "*[" and path != "*.txt" else letter for letter in path)
