"""`dockwright audit --replay`."""

import json
import subprocess

import pytest

DOCKERFILE = "FROM debian:12-slim\nCOPY src/ /app/src/\nRUN apt-get update && apt-get install -y curl\n"


def commit(root, message):
    for arguments in (["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", message]):
        subprocess.run(["git", *arguments], check=True, cwd=root)


def test_the_history_joins_the_audit(make, dockwright):
    root = make({"Dockerfile": DOCKERFILE, "src/a": "0", "compose.yaml": "services:\n  a:\n    build: .\n"})
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True, cwd=root)
    for number in range(3):
        (root / "src/a").write_text(str(number))
        commit(root, str(number))
    made = json.loads(dockwright("audit", root, "--replay", "--format", "json").out)
    (one,) = made["rebuilds"]["dockerfiles"]
    assert (one["path"], one["commits"], one["untouched"]) == ("Dockerfile", 3, 0)
    assert [step["line"] for step in one["steps"]] == [2, 3]
    assert "costly-step-order" in {finding["rule"] for finding in made["findings"]}
    for form in ("terminal", "markdown"):
        assert "What rebuilds" in dockwright("audit", root, "--replay", "--format", form).out
    plain = json.loads(dockwright("audit", root, "--format", "json").out)
    assert plain["rebuilds"] is None
    assert "costly-step-order" not in {finding["rule"] for finding in plain["findings"]}


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
@pytest.mark.parametrize("unborn", [False, True])
def test_without_git_history_the_audit_is_made_and_the_replay_is_said_to_be_missing(
    make, dockwright, form, unborn
):
    """The rest of the audit needs no history: to refuse it helped nobody."""
    root = make({"Dockerfile": DOCKERFILE})
    if unborn:
        subprocess.run(["git", "init", "-q", "-b", "main"], check=True, cwd=root)
    ran = dockwright("audit", root, "--replay", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert "copy-source-missing" in ran.out
    assert "no git history" in " ".join(ran.out.split())
    if form == "json":
        assert json.loads(ran.out)["skipped"][0]["what"] == "--replay"


def test_a_revision_needs_git(make, dockwright):
    ran = dockwright("audit", make({"Dockerfile": DOCKERFILE}), "--replay", "--at", "HEAD")
    assert ran.code == 2
    assert "git" in ran.err
