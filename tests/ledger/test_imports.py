"""Builds from elsewhere. Shapes after docker/buildx v0.36 and moby/buildkit's documentation of provenance."""

import base64
import gzip
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.ledger.imports.read import Export, read
from dockwright.ledger.imports.shapes import go_duration, moment
from dockwright.ledger.model import Run
from dockwright.ledger.store import Ledger
from tests.ledger.conftest import build

META = "https://mobyproject.org/buildkit@v1#metadata"
BUILDKIT = {
    "vcs": {"revision": "deadbeef-dirty", "source": "https://example.com/shop.git"},
    "source": {
        "locations": {"step1": {"locations": [{"ranges": [{"start": {"line": 4}, "end": {"line": 4}}]}]}},
        "infos": [{"filename": "docker/web.Dockerfile", "data": "RlJPTSBkZWJpYW4K"}],
    },
    "layers": {
        "step0:0": [[{"digest": "sha256:base", "size": 1000}]],
        "step1:0": [[{"digest": "sha256:base", "size": 1000}, {"digest": "sha256:top", "size": 234}]],
    },
}
DEFINITION = [
    {"id": "step0", "op": {"Op": {"source": {"identifier": "docker-image://docker.io/library/debian:12"}}}},
    {
        "id": "step1",
        "op": {
            "Op": {"exec": {"meta": {"args": ["/bin/sh", "-c", "apt-get update"], "env": ["PASS=hunter2"]}}}
        },
        "inputs": ["step0:0"],
        "resourceUsage": {
            "samples": [{"timestamp": "2026-03-01T12:00:03Z"}, {"timestamp": "2026-03-01T12:00:09.5Z"}]
        },
    },
    {"id": "step2", "op": {"Op": None}, "inputs": ["step1:0"]},
]
V02 = {
    "buildType": "https://mobyproject.org/buildkit@v1",
    "builder": {"id": ""},
    "invocation": {
        "configSource": {"entryPoint": "docker/web.Dockerfile"},
        "parameters": {
            "frontend": "dockerfile.v0",
            "args": {"build-arg:TOKEN": "hunter2", "build-arg:VERSION": "3", "target": "prod"},
        },
        "environment": {"platform": "linux/amd64"},
    },
    "buildConfig": {"llbDefinition": DEFINITION},
    "metadata": {
        "buildStartedOn": "2026-03-01T12:00:00.123456789Z",
        "buildFinishedOn": "2026-03-01T13:00:12.623456789+01:00",
        META: BUILDKIT,
    },
}
V1 = {
    "buildDefinition": {
        "externalParameters": {
            "configSource": {"path": "docker/web.Dockerfile"},
            "request": V02["invocation"]["parameters"],
        },
        "internalParameters": {
            "builderPlatform": "linux/amd64",
            "buildConfig": {"llbDefinition": DEFINITION},
        },
    },
    "runDetails": {
        "metadata": {
            "startedOn": "2026-03-01T12:00:00.123456789Z",
            "finishedOn": "2026-03-01T12:00:12.623456789Z",
            "buildkit_metadata": BUILDKIT,
        }
    },
}
META_FILE = {
    "buildx.build.provenance": V02,
    "buildx.build.ref": "default/default/0fjb6ubs52xx3vygf6fgdl611",
    "containerimage.digest": "sha256:19ff",
}
INSPECT = {
    "Name": "shop (prod)", "Ref": "0fjb6ubs52xx3vygf6fgdl611", "Context": ".", "Dockerfile": "docker/web.Dockerfile",
    "VCSRevision": "deadbeef", "Target": "prod", "Platform": ["linux/amd64"],
    "StartedAt": "2026-03-01T13:00:00.75807272+01:00", "CompletedAt": "2026-03-01T13:01:02.991778875+01:00",
    "Duration": 62233706155, "Status": "completed", "NumCompletedSteps": 16, "NumTotalSteps": 16, "NumCachedSteps": 4,
    "BuildArgs": [{"Name": "TOKEN", "Value": "hunter2"}], "Config": {},
}  # fmt: skip
LISTED = {
    "ref": "default/default/qu2g", "name": "shop/web", "status": "Completed", "created_at": "2026-03-01T12:00:00Z",
    "completed_at": "2026-03-01T12:00:01.4Z", "total_steps": 9, "completed_steps": 9, "cached_steps": 0,
}  # fmt: skip
RECORD = {
    "Ref": "aaa", "Frontend": "dockerfile.v0",
    "FrontendAttrs": {"filename": "web.Dockerfile", "vcs:localdir:dockerfile": "docker", "target": "prod",
                      "vcs:revision": "deadbeef", "build-arg:TOKEN": "hunter2"},
    "CreatedAt": {"seconds": 1772366400, "nanos": 500000000}, "CompletedAt": {"seconds": 1772366410},
    "numTotalSteps": 5,
}  # fmt: skip


def imported(data, target: str = "", name: str = "file.json"):
    return read(data if isinstance(data, bytes) else json.dumps(data).encode(), name, target)


def one(data, target: str = "") -> Run:
    found = imported(data, target)
    assert found.skipped == []
    (run,) = found.runs
    assert "hunter2" not in repr(run)
    return run


@pytest.mark.parametrize(
    "data", [META_FILE, V02, {"predicateType": "x", "predicate": V02}, V1, {"predicate": V1}]
)
def test_provenance_of_either_version(data) -> None:
    run = one(data)
    assert run.target == "docker/web.Dockerfile:prod"
    assert run.at == datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
    assert run.values == {"seconds": 12.5, "compressed_bytes": 1234, "layers": 2}
    assert (run.commit, run.dirty) == ("deadbeef", True)
    assert run.arguments == ("TOKEN", "VERSION")
    assert [(step.name, step.line, step.seconds) for step in run.steps] == [
        ("FROM docker.io/library/debian:12", 0, None),
        ("RUN apt-get update", 4, 6.5),
    ]
    assert [(part.name, part.bytes) for part in run.parts] == [("sha256:base", 1000), ("sha256:top", 234)]
    assert (run.platform, run.dockerfile, run.stage) == ("linux/amd64", "docker/web.Dockerfile", "prod")


def test_provenance_in_base64_and_by_platform() -> None:
    coded = base64.b64encode(json.dumps(V02).encode()).decode()
    found = imported(
        {"buildx.build.provenance/linux/amd64": coded, "buildx.build.provenance/linux/arm64": V02}
    )
    assert [run.platform for run in found.runs] == ["linux/amd64", "linux/arm64"]


def test_a_bake_has_a_run_for_each_target() -> None:
    other = {**META_FILE, "buildx.build.ref": "default/default/kamn"}
    found = imported({"buildx.build.warnings": {}, "web": META_FILE, "db": other})
    assert {run.target: run.uid for run in found.runs} == {
        "web": "buildx:0fjb6ubs52xx3vygf6fgdl611",
        "db": "buildx:kamn",
    }
    assert len({run.group for run in found.runs}) == 1


def test_a_metadata_file_without_times_says_what_would_help() -> None:
    least = {**META_FILE, "buildx.build.provenance": {key: V02[key] for key in ("buildType", "invocation")}}
    old = {"buildx.build.ref": "default/default/x", "containerimage.digest": "sha256:1", "image.name": "x"}
    for data in (least, old, {"web": least}):
        found = imported(data)
        assert found.runs == []
        assert "BUILDX_METADATA_PROVENANCE=max" in found.skipped[0].reason


def test_an_inspected_record() -> None:
    run = one(INSPECT)
    assert run.target == "docker/web.Dockerfile:prod"
    assert run.values == {"seconds": 62.233706155, "steps": 16, "cached_steps": 4}
    assert run.arguments == ("TOKEN",)
    assert (run.outcome, run.commit, run.dirty) == ("ok", "deadbeef", False)
    assert one(INSPECT, "web").target == "web"
    assert one({**INSPECT, "Status": "canceled"}).outcome == "cancelled"
    running = imported({**INSPECT, "Status": "running"})
    assert running.runs == []
    assert "not ended" in running.skipped[0].reason


def test_a_list_as_lines_or_as_an_array() -> None:
    lines = b"\n".join(json.dumps({**LISTED, "ref": f"default/default/{n}"}).encode() for n in range(3))
    assert len(imported(lines).runs) == 3
    found = imported([LISTED, {**LISTED, "status": "Running", "completed_at": None}])
    assert [run.values["seconds"] for run in found.runs] == [1.4]
    assert len(found.skipped) == 1


def archive(*blobs: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for number, data in enumerate((b'{"imageLayoutVersion":"1.0.0"}', *blobs)):
            member = tarfile.TarInfo(f"blobs/sha256/{number}" if number else "oci-layout")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def test_an_exported_history() -> None:
    failed = {**RECORD, "Ref": "bbb", "error": {"code": 2, "message": "no"}, "numCachedSteps": 2}
    stopped = {**RECORD, "Ref": "ccc", "error": {"code": 1}}
    manifest = {"schemaVersion": 2, "config": {"mediaType": "application/vnd.buildkit.historyrecord.v0"}}
    blobs = [json.dumps(data).encode() for data in (RECORD, failed, stopped, manifest)]
    found = imported(archive(*blobs, b"\0" * 100, b"{not json"))
    assert found.skipped == []
    assert [run.outcome for run in found.runs] == ["ok", "failed", "cancelled"]
    assert found.runs[0].target == "docker/web.Dockerfile:prod"
    assert found.runs[0].values == {"seconds": 9.5, "steps": 5, "cached_steps": 0}
    assert "hunter2" not in repr(found.runs)


def test_bad_archives_are_told() -> None:
    bomb = gzip.compress(b"\0" * (80 << 20))
    whole = archive(json.dumps(RECORD).encode())
    for data in (b"\x1f\x8b", whole[: len(whole) // 2], gzip.compress(b"hello" * 1000), bomb, archive(b"{}")):
        found = imported(data)
        assert found.runs == []
        assert len(found.skipped) == 1


def test_the_same_build_told_twice_is_one(path) -> None:
    """The list comes first and knows least; what knows more takes its place."""
    listed = imported({**LISTED, "ref": f"b/n/{INSPECT['Ref']}"}).runs
    with Ledger(path) as ledger:
        assert ledger.add_all(listed, richer=True) == 1
        assert ledger.add_all(imported(META_FILE).runs, richer=True) == 1
        assert ledger.add_all(listed, richer=True) == 0
        (run,) = ledger.runs()
        assert len(run.steps) == 2


def test_an_export_comes_back(path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([build(), build(1, dirty=True, notes={"a": "b"})])
        runs = tuple(ledger.runs())
    found = imported(msgspec.json.encode(Export(runs)))
    assert found.skipped == []
    assert [msgspec.structs.replace(run, number=0) for run in runs] == found.runs


def test_an_export_of_a_later_schema_and_broken_runs() -> None:
    assert (
        "update dockwright"
        in imported({"kind": "dockwright-ledger", "schema": 2, "runs": []}).skipped[0].reason
    )
    whole = msgspec.to_builtins(build())
    broken = [
        whole,
        {**whole, "at": "2026-01-01T00:00:00"},
        {**whole, "values": {"seconds": "x"}},
        7,
        {**whole, "kind": "x"},
    ]
    found = imported({"kind": "dockwright-ledger", "schema": 1, "runs": broken})
    assert len(found.runs) == 1
    assert [one.what for one in found.skipped] == [f"file.json: run {n}" for n in (2, 3, 4, 5)]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b"nul", b"\xff\xfe", b"[" * 100_000, b"7", b'{"a": 1}']
)
def test_other_files_are_told(data: bytes) -> None:
    found = imported(data)
    assert found.runs == []
    assert len(found.skipped) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def spoiled(data, place: list, value):
    """The data with the value at some place replaced."""
    if not place or not isinstance(data, dict | list) or not data:
        return value
    keys = sorted(data) if isinstance(data, dict) else range(len(data))
    key = keys[place[0] % len(data)]
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[key] = spoiled(data[key], place[1:], value)
    return copy


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([META_FILE, {"web": META_FILE}, V02, V1, INSPECT, LISTED, RECORD]),
    st.lists(st.integers(0, 20), max_size=6), anything,
)  # fmt: skip
def test_any_spoiled_file_is_read_or_told(data, place, value) -> None:
    found = imported(spoiled(data, place, value))
    assert found.runs or found.skipped
    for run in found.runs:
        assert run.target
        assert msgspec.convert(msgspec.to_builtins(run), Run) == run
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "l.sqlite") as ledger:
        ledger.add_all(found.runs, richer=True)
        assert len(list(ledger.runs())) == len({run.uid or id(run) for run in found.runs})


def test_moments_and_durations() -> None:
    assert moment("2026-03-01T12:00:00Z") == moment("2026-03-01T17:30:00.000000000+05:30")
    assert moment({"seconds": 0}) == datetime(1970, 1, 1, tzinfo=UTC)
    for wrong in (
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00",
        7,
        None,
        {"seconds": 1e300},
        [],
    ):
        assert moment(wrong) is None
    assert go_duration("1m2.5s") == 62.5
    assert go_duration("1m 1s") == 61
    assert go_duration("350ms") == pytest.approx(0.35)
    for wrong in ("", "5", "s", "1m2", "1.4s+"):
        assert go_duration(wrong) is None


def test_numbers_no_column_holds(path) -> None:
    huge = {
        **V02,
        "metadata": {
            **V02["metadata"],
            META: {**BUILDKIT, "layers": {"step1:0": [[{"digest": "d", "size": 1e300}]]}},
        },
    }
    with Ledger(path) as ledger:
        assert ledger.add_all(imported(huge).runs) == 1
        (run,) = ledger.runs()
    assert run.parts[0].bytes == 2**63 - 1
