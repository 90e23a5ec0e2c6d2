"""`dockwright prove build`."""

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from dockwright.report.proofs.build import ProofDocument

ONE = "FROM a AS build\nENV DB_PASSWORD=hunter2secret\nRUN make\nFROM a\nCOPY --from=build /o /o\n"
FILES = {
    "one.Dockerfile": ONE,
    "same.Dockerfile": "# a comment\n" + ONE.replace("build", "compile"),
    "other.Dockerfile": ONE.replace("make", "make all").replace("hunter2secret", "hunter3secret"),
    "broken.Dockerfile": "FROM a\nCOPY x\n",
    "app/f.txt": "1",
}


@pytest.fixture
def root(make, monkeypatch) -> Path:
    folder = make(FILES)
    monkeypatch.chdir(folder)
    return folder


def test_same(root, dockwright):
    ran = dockwright("prove", "build", "one.Dockerfile", "same.Dockerfile")
    assert ran.code == 0
    assert ran.out.endswith("same: 1 of 1 targets give BuildKit the same work\n")
    assert "compile; names are no part of the work" in ran.out


def test_different_with_both_places_and_without_secrets(root, dockwright):
    ran = dockwright("prove", "build", "one.Dockerfile", "other.Dockerfile")
    assert ran.code == 1
    assert "one.Dockerfile:3  RUN make\n" in ran.out
    assert "other.Dockerfile:3  RUN make all\n" in ran.out
    assert "variable DB_PASSWORD" in ran.out
    assert "[redacted]" in ran.out
    for form in ("terminal", "markdown", "json"):
        shown = dockwright("prove", "build", "one.Dockerfile", "other.Dockerfile", "--format", form).out
        assert "hunter" not in shown


def test_json_is_what_its_schema_says(root, dockwright):
    out = dockwright("prove", "build", "one.Dockerfile", "other.Dockerfile", "--format", "json").out
    made = msgspec.json.decode(out, type=ProofDocument)
    assert made.schema == "dockwright.prove-build/1"
    assert not made.same
    assert made.targets[0].difference.first.line == 3
    assert {one["id"] for one in json.loads(out)["equivalences"]} >= {"stage-names", "spelling"}


def test_markdown_and_a_file(root, dockwright):
    ran = dockwright(
        "prove", "build", "one.Dockerfile", "other.Dockerfile", "--format", "markdown", "-o", "p.md"
    )
    assert ran.code == 1
    assert ran.out == ""
    assert (root / "p.md").read_text("utf-8").startswith("# Not the same work\n")


def test_a_refused_file_is_not_the_same(root, dockwright):
    ran = dockwright("prove", "build", "one.Dockerfile", "broken.Dockerfile")
    assert ran.code == 1
    assert "broken.Dockerfile:2: dockerfile parse error on line 2" in ran.out


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def test_revisions_and_contexts(root, dockwright):
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    (root / "one.Dockerfile").write_text("# later\n" + ONE + "COPY f.txt /f\n", "utf-8")
    assert dockwright("prove", "build", "HEAD:same.Dockerfile", "same.Dockerfile").code == 0
    ran = dockwright("prove", "build", "HEAD:one.Dockerfile", "one.Dockerfile")
    assert ran.code == 1
    assert "one.Dockerfile:7  COPY f.txt /f" in ran.out
    git(root, "commit", "-qam", "two")
    (root / "app/f.txt").write_text("2", "utf-8")
    assert dockwright("prove", "build", "HEAD:one.Dockerfile", "one.Dockerfile").code == 0
    ran = dockwright("prove", "build", "HEAD:one.Dockerfile", "one.Dockerfile", "--context", "app")
    assert ran.code == 1
    assert "selects other files in the second context: f.txt" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("one.Dockerfile", "none"),
        ("one.Dockerfile", "nowhere:one.Dockerfile"),
        ("one.Dockerfile", "one.Dockerfile", "--build-arg", "X"),
        ("one.Dockerfile", "one.Dockerfile", "--platform", "a/b/c/d"),
        ("one.Dockerfile", "one.Dockerfile", "--context", "nowhere"),
        ("one.Dockerfile", "one.Dockerfile", "--root", "nowhere"),
    ],
)
def test_usage(root, dockwright, arguments):
    ran = dockwright("prove", "build", *arguments)
    assert ran.code == 2
    assert ran.err


def test_long_values_are_shown_where_they_differ(make, dockwright):
    packages = " ".join(f"package-number-{number}" for number in range(60))
    root = make(
        {
            "a": f"FROM x\nRUN apt-get install {packages} curl\n",
            "b": f"FROM x\nRUN apt-get install {packages} wget\n",
        }
    )
    ran = dockwright("prove", "build", "a", "b", "--root", root)
    assert ran.code == 1
    lines = ran.out.splitlines()
    first, second = lines[lines.index("    command") + 1 :][:2]
    assert first.endswith("package-number-59 curl")
    assert second.endswith("package-number-59 wget")


def test_no_link_out_of_the_repository_is_followed(root, tmp_path, dockwright):
    """Its lines would be shown as those of a Dockerfile that cannot be read. What is named outside is the user's own."""
    (tmp_path / "secret").write_text("hunter2secret is not for you\n")
    (root / "link.Dockerfile").symlink_to(tmp_path / "secret")
    (root / "inside.Dockerfile").symlink_to("one.Dockerfile")
    for sides in (("link.Dockerfile", "one.Dockerfile"), ("one.Dockerfile", root / "link.Dockerfile")):
        ran = dockwright("prove", "build", *sides)
        assert ran.code == 2
        assert "leads out of the repository" in ran.err
        assert "hunter2" not in ran.out + ran.err
    assert dockwright("prove", "build", "inside.Dockerfile", "one.Dockerfile").code == 0
    (tmp_path / "own.Dockerfile").write_text(ONE)
    assert dockwright("prove", "build", tmp_path / "own.Dockerfile", "one.Dockerfile").code == 0
