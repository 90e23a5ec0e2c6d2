"""From real builds to a trend: an image that grows, the instruction that made it grow, and what Prometheus is told."""

import json
import shutil
import subprocess

import pytest

from tests.cli.conftest import dockwright, make  # noqa: F401 - fixtures

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.usefixtures("engine")]
TAG = "dockwright-lab:trend"
FILES = {
    "Dockerfile": "FROM dockwright-lab:busybox\nWORKDIR /srv\nCOPY app /srv/app\n",
    "compose.yaml": "services:\n  web:\n    build: .\n",
    "dockwright.toml": '[engine]\nname = "docker"\n[budgets]\ncontext.web = "1 kB"\nimage.web = "1 kB"\n',
}


def commit(root, size: int) -> str:
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "data").write_bytes(b"x" * size)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def root(make, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    monkeypatch.delenv("DOCKWRIGHT_ENGINE", raising=False)
    yield make(FILES)
    subprocess.run(["docker", "image", "rm", "-f", TAG], capture_output=True, check=False)


def test_a_copy_that_grew_is_found(root, dockwright) -> None:  # noqa: F811
    commits = []
    for size in (100_000, 100_001, 100_002, 900_000):
        commits.append(commit(root, size))
        ran = dockwright("build", "web", "--root", root, "-t", TAG, "-q")
        assert ran.code == 0, ran.err
    data = json.loads(
        dockwright("trend", "web", "--root", root, "--value", "image_bytes", "--format", "json").out
    )
    (trend,) = data["trends"]
    assert len(trend["points"]) == 4
    (change,) = trend["changes"]
    assert (change["index"], change["commit"], change["after_commit"]) == (3, commits[3], commits[2])
    assert change["after"] - change["before"] == pytest.approx(800_000, abs=5_000)
    assert "Dockerfile:3" in change["causes"][0]
    assert "grew by 800 kB" in change["causes"][0]
    assert dockwright("trend", "web", "--root", root, "--check").code == 1
    checked = dockwright("check", root).out
    assert (
        "the context of `web` is 900 kB, and the budget is 1.0 kB; the largest parts are `app` 900 kB"
        in checked
    )
    if shutil.which("promtool"):
        text = dockwright("ledger", "export", "--format", "openmetrics", "--root", root).out
        done = subprocess.run(
            ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
