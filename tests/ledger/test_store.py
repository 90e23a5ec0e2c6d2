"""What is written is read back; nothing else is."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.ledger import schema
from dockwright.ledger.errors import LedgerError
from dockwright.ledger.model import Machine, Part, Run, Step
from dockwright.ledger.store import Ledger
from tests.ledger.conftest import MACHINE, START, build


def bare(run: Run) -> Run:
    """The run as it was given."""
    return msgspec.structs.replace(run, uid="", number=0)


def test_a_run_comes_back_as_it_was(path) -> None:
    run = build(
        commit="abc", dirty=True, branch="main", engine="docker", engine_version="26.1.5", group="g",
        scenario="cold", side="A", round=3, arguments=("VERSION",), notes={"x": "y"}, image="sha256:1",
        dockerfile="Dockerfile", context=".", stage="build", platform="linux/amd64", source="dockwright build",
    )  # fmt: skip
    with Ledger(path) as ledger:
        assert ledger.add(run)
    with Ledger(path, create=False) as ledger:
        [found] = ledger.runs()
    assert bare(found) == run
    assert found.number == 1
    assert found.uid


def test_the_same_run_is_recorded_once(path) -> None:
    with Ledger(path) as ledger:
        assert ledger.add_all([build(), build(1), build()]) == 2
        assert not ledger.add(build())
        assert len(list(ledger.runs())) == 2


def test_nothing_is_made_by_looking(path) -> None:
    with Ledger(path, create=False) as ledger:
        assert list(ledger.runs()) == []
        assert ledger.last("web") is None
        assert ledger.targets() == []
    assert not path.parent.exists()


def test_the_folder_is_the_users_alone(path) -> None:
    Ledger(path).close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_asked_for(path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all(
            [
                build(2, outcome="failed"),
                build(1),
                msgspec.structs.replace(build(0), kind="bench", scenario="cold", group="g"),
                build(5, target="db"),
                build(3, values={"image_bytes": 7.0}, machine=Machine(2, "", "arm64")),
            ]
        )
        at = lambda runs: [(run.at - START) // timedelta(minutes=1) for run in runs]  # noqa: E731
        assert at(ledger.runs("web")) == [0, 1, 2, 3]
        assert at(ledger.runs("web", newest_first=True, limit=2)) == [3, 2]
        assert at(ledger.runs(kind="bench", scenario="cold", group="g")) == [0]
        assert ledger.last("web").values == {"image_bytes": 7.0}
        assert at([ledger.last_with("web", "seconds")]) == [1]
        assert at([ledger.last_with("web", "seconds", earlier=START + timedelta(minutes=1))]) == [0]
        assert at([ledger.last_with("web", "seconds", scenario="cold")]) == [0]
        assert ledger.last_with("web", "seconds", scenario="source") is None
        assert ledger.targets() == ["db", "web"]
        assert ledger.names("web") == {"seconds": 3, "context_bytes": 3, "image_bytes": 1}
        assert [one.value for one in ledger.points("web", "seconds")] == [12.5, 12.5]
        assert [one.value for one in ledger.points("web", "seconds", kinds=("bench",), machine=MACHINE)] == [
            12.5
        ]
        assert ledger.points("web", "seconds", machine=Machine(2, "", "arm64")) == []
        assert ledger.machines("web", "image_bytes") == [(Machine(2, "", "arm64"), 1)]
        assert ledger.run(999) is None


def test_times_are_moments(path) -> None:
    """Told in another zone the same moment is the same run; without a zone it is no moment."""
    there = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with Ledger(path) as ledger:
        assert ledger.add(build())
        assert not ledger.add(msgspec.structs.replace(build(), at=there))
        with pytest.raises(ValueError, match="time zone"):
            ledger.add(msgspec.structs.replace(build(), at=datetime(2026, 1, 1)))  # noqa: DTZ001


text = st.text(max_size=12)
whole = st.integers(min_value=0, max_value=2**62)
some = st.one_of(st.none(), st.floats(min_value=0, max_value=1e9))
steps = st.builds(
    Step, name=text, stage=text, path=text, line=whole, started=some, seconds=some, network=some,
    cached=st.one_of(st.none(), st.booleans()), bytes=st.one_of(st.none(), whole), key_predicted=st.just("k"),
    key_real=st.just(""),
)  # fmt: skip
parts = st.builds(Part, kind=st.just("file"), name=text, bytes=whole, path=text, line=whole)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(
    Run, kind=st.just("build"), target=text, at=moments, steps=st.lists(steps, max_size=3).map(tuple),
    values=st.dictionaries(st.sampled_from(["seconds", "image_bytes"]), st.floats(0, 1e15), max_size=2),
    parts=st.lists(parts, max_size=3).map(tuple), dirty=st.one_of(st.none(), st.booleans()), round=whole,
    machine=st.builds(Machine, whole, st.just("8 GiB"), st.just("amd64")), arguments=st.just(()), uid=st.uuids().map(str),
    notes=st.dictionaries(text, text, max_size=2), commit=st.just(""), branch=text, context=text, dockerfile=text,
    stage=text, image=text, group=st.just(""), scenario=st.just(""), side=st.just(""), source=text,
    outcome=st.just("ok"), engine=st.just(""), engine_version=st.just(""), platform=st.just(""), number=st.just(0),
), max_size=4))  # fmt: skip
def test_any_run_comes_back(runs) -> None:
    """But for lone surrogates, which are no text, and what looks like a secret."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from dockwright.knowledge.secrets import redact

    def expected(run: Run) -> bytes:
        return msgspec.json.encode(msgspec.structs.replace(run, number=0), order="sorted")

    plain = [run for run in runs if redact(str(run)) == str(run)]
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "l.sqlite") as ledger:
        assert ledger.add_all(plain) == len(plain)
        found = {run.uid: expected(run) for run in ledger.runs()}
    assert found == {run.uid: expected(run) for run in plain}


def test_nothing_secret_is_stored(path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    run = build(
        arguments=("TOKEN=hunter22",),
        notes={"why": f"token {token}"},
        steps=(Step(name=f"RUN curl -H 'Authorization: Bearer {token}' && login --password swordfish-7"),),
        source="from s3cr3t-of-the-user",
    )
    with Ledger(path) as ledger:
        ledger.add(run, hide=["s3cr3t-of-the-user"])
    stored = b"".join(one.read_bytes() for one in path.parent.iterdir())
    for secret in (token, "hunter22", "s3cr3t-of-the-user", "swordfish-7"):
        assert secret.encode() not in stored
    assert b"TOKEN" in stored


def test_what_is_no_number_is_left_out(path) -> None:
    with Ledger(path) as ledger:
        ledger.add(build(values={"seconds": float("nan"), "image_bytes": float("inf"), "layers": 3}))
        assert ledger.last("web").values == {"layers": 3.0}


def test_an_older_ledger_is_brought_up(path, monkeypatch) -> None:
    with Ledger(path) as ledger:
        ledger.add(build())
    later = (*schema.MIGRATIONS, ("ALTER TABLE run ADD COLUMN weather TEXT NOT NULL DEFAULT 'dry'",))
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    monkeypatch.setattr(schema, "VERSION", len(later))
    monkeypatch.setattr(schema.migrate, "__defaults__", (later,))
    with Ledger(path) as ledger:
        assert bare(ledger.last("web")) == build()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT weather FROM run").fetchall() == [("dry",)]
    assert schema.version(connection) == len(later)
    connection.close()


def test_a_step_that_fails_leaves_the_old_version(path, monkeypatch) -> None:
    with Ledger(path) as ledger:
        ledger.add(build())
    broken = (*schema.MIGRATIONS, ("ALTER TABLE run ADD COLUMN weather TEXT", "CREATE TABLE run (x)"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", len(broken))
        patch.setattr(schema.migrate, "__defaults__", (broken,))
        with pytest.raises(LedgerError):
            Ledger(path)
    with Ledger(path) as ledger:
        assert bare(ledger.last("web")) == build()
