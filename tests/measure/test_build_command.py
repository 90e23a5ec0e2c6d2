"""`dockwright build` from the outside, with a stub in place of docker: targets, reports, faults, nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs
import pytest

from dockwright.ledger.store import Ledger
from dockwright.report.measured.builds import schema_text
from tests.measure.stub import Stub, log, vertex

STEPS = (
    vertex("c", "[internal] load build context"),
    {"statuses": [{"id": "transferring context:", "vertex": "c", "current": 2048}]},
    vertex("f", "[build 1/3] FROM docker.io/library/base:1"),
    vertex("1", "[build 2/3] COPY src /src", 1, 0.5),
    vertex("2", "[build 3/3] RUN make", 2, 3),
    vertex("3", "[stage-1 2/2] COPY --from=build /out /out", 5, 0.25),
    vertex("x", "exporting to image", 6, 0.5),
)
CACHED = tuple(
    vertex(one["vertexes"][0]["digest"], one["vertexes"][0]["name"], 1, 0, cached=True)
    for one in STEPS
    if "/" in one.get("vertexes", [{"name": ""}])[0]["name"] and "FROM" not in one["vertexes"][0]["name"]
)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (("web",), ("--file={top}/docker/Dockerfile", "V=2", " {top}")),
        (("compose.yaml:web",), ("--file={top}/docker/Dockerfile", "V=2", " {top}")),
        (("img",), ("--target=build", " {top}")),
        (("docker/Dockerfile",), ("--file={top}/docker/Dockerfile", " {top}")),
        (("docker/Dockerfile", "--context", "src", "--target", "build"), ("--target=build", " {top}/src")),
        (("web", "--build-arg", "V=3"), ("V=3",)),
        (("web", "-t", "mine:1", "--platform", "linux/arm64"), ("--tag mine:1", "--platform=linux/arm64")),
        (("web", "--no-image"), ("--output=type=cacheonly",)),
        (("web", "--builder", "ci"), ("--builder=ci", "--load")),
    ],
)
def test_dry_run_says_what_would_be_run(dockwright, stub: Stub, top: Path, target, words) -> None:
    ran = dockwright("build", *target, "--root", top, "--dry-run")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("docker buildx build ")
    for word in words:
        assert word.format(top=top.resolve()) in ran.out
    assert "corr3ct-horse" not in ran.out
    assert "--push" not in ran.out
    assert stub.called == ""


def test_what_is_printed_can_be_run(dockwright, stub: Stub, top: Path) -> None:
    """The words of --dry-run are those docker gets, but for what the result is read from and secrets."""
    printed = dockwright("build", "img", "--root", top, "--dry-run").out.split()
    stub.shows(*STEPS)
    assert dockwright("build", "img", "--root", top, "-q").code == 0
    real = stub.called.split()
    assert [one for one in real if "metadata" not in one and "progress" not in one] == printed[1:]


def test_every_step_with_place_and_time(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(*STEPS)
    ran = dockwright("build", "web", "--root", top, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    jsonschema_rs.validate(json.loads(schema_text()), answer)
    build = answer["builds"][0]["build"]
    told = [(one["line"], one["instruction"], one["state"], one["seconds"]) for one in build["steps"]]
    assert told == [
        (1, "FROM", "fetched", 1.0),
        (2, "COPY", "executed", 0.5),
        (3, "RUN", "executed", 3.0),
        (5, "COPY", "executed", 0.25),
    ]
    assert (build["context_bytes"], build["export_seconds"], build["engine"]) == (2048, 0.5, "docker")
    assert "corr3ct-horse" not in ran.out
    assert "web:    3.0 s  [build 3/3] RUN make" in ran.err
    assert dockwright("build", "web", "--root", top, "-q").err == ""


def test_predictions_rest_on_what_was_recorded(dockwright, stub: Stub, top: Path, tmp_path: Path) -> None:
    stub.shows(*STEPS)
    first = json.loads(dockwright("build", "web", "--root", top, "--format", "json").out)["builds"][0]
    assert first["predictions"] == {"right": 0, "wrong": 0, "unsaid": 3}
    stub.shows(*CACHED)
    second = json.loads(dockwright("build", "web", "--root", top, "--format", "json").out)["builds"][0]
    assert second["predictions"] == {"right": 3, "wrong": 0, "unsaid": 0}
    (top / "src" / "a.py").write_text("b\n")
    ran = dockwright("build", "web", "--root", top)  # the stub says cached, which cannot be
    assert "predicted otherwise: docker/Dockerfile:2 was to be a miss, and was found in the cache" in ran.out
    assert "0 right, 2 wrong, 1 not said" in ran.out
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        runs = list(ledger.runs("web"))
    assert [run.values["cached_steps"] for run in runs] == [0, 3, 3]
    assert runs[0].arguments == ("DB_PASSWORD", "V")
    assert [step.line for step in runs[0].steps] == [1, 2, 3, 5]
    assert b"corr3ct-horse" not in (tmp_path / "ledger.sqlite").read_bytes()


def test_a_failed_step_is_shown_where_it_stands(dockwright, stub: Stub, top: Path) -> None:
    error = 'process "/bin/sh -c make" did not complete successfully: exit code: 2'
    stub.shows(
        *STEPS[:4],
        log("2", "one\nthe last words\n"),
        vertex("2", "[build 3/3] RUN make", 2, 3, error=error),
        text=f"Dockerfile:3\nERROR: failed to solve: {error}\n",
        code=1,
    )
    ran = dockwright("build", "web", "--root", top, "-q")
    assert ran.code == 1
    assert "failed: docker/Dockerfile:3: RUN make" in ran.out
    assert "| the last words" in ran.out
    assert "exit code: 2" in ran.out
    assert ran.out.splitlines()[-1].startswith("failed in ")


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("ERROR: failed to solve: write /x: no space left on device\n", "disk-full", "free space"),
        (
            "ERROR: rpc error: code = Unavailable desc = error reading from server: EOF\n",
            "lost",
            "engine's own log",
        ),
        (
            "ERROR: failed to solve: base:1: failed to resolve source metadata for x\n",
            "base-not-found",
            "FROM",
        ),
    ],
)
def test_faults_of_the_engine(dockwright, stub: Stub, top: Path, text: str, kind: str, hint: str) -> None:
    stub.shows(*STEPS[:4], text=text, code=1)
    ran = dockwright("build", "web", "img", "--root", top, "--format", "json", "-q")
    assert ran.code == 1
    builds = json.loads(ran.out)["builds"]
    assert builds[0]["build"]["fault"]["kind"] == kind
    assert hint in builds[0]["build"]["fault"]["hint"]
    assert len(builds) == (2 if kind == "base-not-found" else 1)  # the next one would meet the same


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("cc: write error: No space left on device", "disk-full"), ("curl: connection refused", "step-failed")],
)
def test_what_a_command_prints(dockwright, stub: Stub, top: Path, printed: str, kind: str) -> None:
    """A disk that is full is the engine's; a connection that is refused to a command is not."""
    error = 'process "/bin/sh -c make" did not complete successfully: exit code: 2'
    failed = vertex("2", "[build 3/3] RUN make", 2, 3, error=error)
    stub.shows(
        *STEPS[:4], log("2", f"{printed}\n"), failed, text=f"ERROR: failed to solve: {error}\n", code=1
    )
    ran = dockwright("build", "web", "--root", top, "--format", "json", "-q")
    assert json.loads(ran.out)["builds"][0]["build"]["fault"]["kind"] == kind


def test_a_builder_that_is_killed(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(*STEPS[:4], then="kill -9 $$")
    ran = dockwright("build", "web", "--root", top, "-q")
    assert ran.code == 1
    assert "the builder was ended by signal 9" in ran.out


def test_an_engine_that_cannot_be_asked(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(text='ERROR: no builder "x" found\n', code=1)
    ran = dockwright("build", "web", "--root", top, "--builder", "x", "-q")
    assert (ran.code, ran.out) == (2, "")
    assert "no builder" in ran.err
    assert "buildx ls" in ran.err


def test_docker_without_buildx(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(text="docker: 'buildx' is not a docker command.\nSee 'docker --help'\n", code=1)
    ran = dockwright("build", "web", "--root", top, "-q")
    assert (ran.code, ran.out) == (2, "")
    assert "buildx plugin" in ran.err


def test_a_context_of_its_own_counts(dockwright, stub: Stub, top: Path) -> None:
    """A named context that is a folder is read like the main one: what changes in it is predicted."""
    text = "services:\n  two:\n    build:\n      context: src\n      dockerfile: ../Two\n      additional_contexts: {lib: ./lib}\n"
    (top / "compose.yaml").write_text(text)
    (top / "Two").write_text("FROM base:1\nCOPY a.py /a\nCOPY --from=lib x /x\n")
    (top / "lib").mkdir()
    (top / "lib" / "x").write_text("1")
    stub.shows(
        vertex("1", "[stage-0 2/3] COPY a.py /a", cached=True),
        vertex("2", "[stage-0 3/3] COPY --from=lib x /x", cached=True),
    )
    said = []
    for content in ("1", "1", "2"):
        (top / "lib" / "x").write_text(content)
        answer = json.loads(dockwright("build", "two", "--root", top, "--format", "json", "-q").out)
        said.append([step["predicted"] for step in answer["builds"][0]["build"]["steps"]])
    assert said == [["unknown", "unknown"], ["hit", "hit"], ["hit", "miss"]]
    assert f"lib={top.resolve()}/lib" in stub.called


def test_it_takes_too_long(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(*STEPS[:4], then="sleep 60")
    ran = dockwright("build", "web", "--root", top, "--timeout", "0.3", "-q")
    assert ran.code == 1
    assert "did not end within 0.3 s" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody",),
        ("web", "--engine", "rkt"),
        ("web", "--build-arg", "V"),
        ("web", "img", "-t", "x"),
        ("web", "--build-context", "x"),
        ("web", "--root", "nowhere"),
    ],
)
def test_what_cannot_be_acted_on(dockwright, stub: Stub, top: Path, arguments: tuple[str, ...]) -> None:
    root = () if "--root" in arguments else ("--root", top)
    ran = dockwright("build", *arguments, *root)
    assert (ran.code, ran.out) == (2, "")
    assert stub.called == ""


def test_a_context_that_is_another_build(dockwright, stub: Stub, top: Path) -> None:
    text = 'target "two" {\n  dockerfile = "docker/Dockerfile"\n  contexts = { base = "target:img" }\n}\n'
    (top / "docker-bake.hcl").write_text((top / "docker-bake.hcl").read_text() + text)
    ran = dockwright("build", "two", "--root", top)
    assert ran.code == 2
    assert "result of another build" in ran.err
    given = dockwright(
        "build", "two", "--root", top, "--build-context", "base=docker-image://x:1", "--dry-run"
    )
    assert "base=docker-image://x:1" in given.out


def test_arguments_of_the_caller(dockwright, stub: Stub, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Compose: `args: [NAME]` is what the environment says; what nobody says is told, and not made up."""
    text = (
        (top / "compose.yaml")
        .read_text()
        .replace("{V: '2', DB_PASSWORD: corr3ct-horse}", "[GIVEN, MISSING, V=2]")
    )
    (top / "compose.yaml").write_text(text)
    monkeypatch.setenv("GIVEN", "from the caller")
    monkeypatch.delenv("MISSING", raising=False)
    stub.shows(*STEPS)
    ran = dockwright("build", "web", "--root", top, "-q")
    assert "--build-arg GIVEN=from the caller" in stub.called
    assert "MISSING" not in stub.called
    assert "note: argument MISSING has no value that can be told" in ran.out
    assert (
        "note: argument"
        not in dockwright("build", "web", "--root", top, "-q", "--build-arg", "MISSING=1").out
    )


def test_a_file_that_is_built_in_several_ways(dockwright, stub: Stub, top: Path) -> None:
    stub.shows(*STEPS)
    ran = dockwright("build", "docker/Dockerfile", "--root", top, "-q")
    assert "note: docker/Dockerfile is built in 2 ways, this is the first" in ran.out
    given = dockwright("build", "docker/Dockerfile", "--root", top, "--target", "build", "-q")
    assert "ways" not in given.out


def test_one_platform_at_a_time(dockwright, stub: Stub, top: Path) -> None:
    for value in ("linux/amd64,linux/arm64", "no such/thing/at/all/x"):
        ran = dockwright("build", "web", "--root", top, "--platform", value, "-q")
        assert (ran.code, ran.out) == (2, "")
        assert "--platform" in ran.err
    assert stub.called == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(stub: Stub, top: Path, number: signal.Signals) -> None:
    stub.shows(*STEPS[:4], then="sleep 64.5")
    command = [sys.executable, "-m", "dockwright", "build", "web", "--root", str(top), "-q"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    pid = stub.folder / "pid"
    for _ in range(1000):
        if pid.exists() and pid.read_text().strip():
            break
        time.sleep(0.01)
    builder = int(pid.read_text())
    os.kill(builder, 0)
    time.sleep(0.2)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
    for _ in range(200):
        if not Path(f"/proc/{builder}").exists() and not _sleeping():
            return
        time.sleep(0.05)
    raise AssertionError("the builder still runs")


def _sleeping() -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"sleep\x0064.5" in path.read_bytes():
                return True
        except OSError:
            continue
    return False
