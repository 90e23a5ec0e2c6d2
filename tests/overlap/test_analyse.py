"""The whole: one value for a repository, the same whatever the order, and none too many words on bad input."""

import random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dockwright import compose
from dockwright.overlap import drift
from dockwright.overlap.analyse import analyse
from dockwright.overlap.drift import Course
from dockwright.trees.history import Change, Commit, MemoryHistory
from dockwright.trees.tree import blob_id
from tests.overlap.projects import projects
from tests.overlap.samples import subject

BASE = "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD {}\n"


def history(*commits):
    """Commits, oldest first, as path to text (None removes)."""
    blobs, found, now = {}, [], {}
    for number, files in enumerate(commits, 1):
        changes = []
        for path, text in files.items():
            name = "" if text is None else blob_id(text.encode())
            if text is not None:
                blobs[name] = text.encode()
            changes.append(Change(path, now.get(path, ""), name, 0o100644))
            now[path] = name
        found.append(Commit(f"c{number}", f"2026-01-{number:02}T00:00:00Z", "work", tuple(changes)))
    return MemoryHistory(found[::-1], blobs)


def test_drift_of_copies():
    first, second, third = BASE.format("a"), BASE.format("b"), BASE.format("a").replace("RUN ", "RUN  ")
    past = history({"x/web.Dockerfile": first}, {"y/web.Dockerfile": third}, {"x/web.Dockerfile": second})
    subjects = [subject(second, "x/web.Dockerfile"), subject(third, "y/web.Dockerfile")]
    (found,) = analyse(subjects, history=past).drifts
    assert (found.course, found.agreed.commit, found.parted.commit) == (Course.PARTED, "c2", "c3")
    assert (found.alone, found.by_bytes, found.parted.date[:10]) == ("x/web.Dockerfile", False, "2026-01-03")


def test_drift_of_files_that_are_no_longer_alike():
    """Once copies, now hardly alike: found by the blob they shared, or by their name."""
    first = BASE.format("a")
    past = history({"a": first, "b": first}, {"a": "FROM other\nUSER z\n"})
    (found,) = analyse([subject("FROM other\nUSER z\n", "a"), subject(first, "b")], history=past).drifts
    assert (found.agreed.commit, found.parted.commit) == ("c1", "c2")


def test_files_that_never_agreed_are_reported_only_where_alike():
    one, other, far = BASE.format("a"), BASE.format("b"), "FROM x\nUSER u\n"
    past = history({"a": one, "b": other, "c": far})
    (found,) = analyse([subject(one, "a"), subject(other, "b"), subject(far, "c")], history=past).drifts
    assert (found.course, found.a, found.b, found.met.commit) == (Course.BORN_DIFFERENT, "a", "b", "c1")


def test_drift_of_compose_files():
    one, other = "services:\n  web: {image: 'x:1'}\n", "services:\n  web: {image: 'x:2'}\n"
    past = history({"a.yml": one, "b.yml": one}, {"b.yml": other})
    (found,) = analyse([], projects=projects({"a.yml": one, "b.yml": other}), history=past).drifts
    assert (found.parted.commit, found.alone) == ("c2", "b.yml")


def test_reading_old_versions_is_bounded(monkeypatch):
    monkeypatch.setattr("dockwright.overlap.past.MAX_BLOBS", 1)
    past = history({"a": BASE.format("a"), "b": BASE.format("b")})
    found = analyse([subject(BASE.format("a"), "a"), subject(BASE.format("b"), "b")], history=past)
    assert [one.what for one in found.skipped] == ["drift in normal form"]
    assert drift.MAX_BLOBS > 1


def test_tables_on_demand():
    found = analyse(
        [subject(BASE.format("a"), "a"), subject(BASE.format("b"), "b")],
        projects=projects({f"{n}.yml": f"services:\n  web: {{image: 'x:{n}'}}\n" for n in "12"}),
    )
    (row,) = found.difference("b", "a").rows
    assert (row.aspect, row.a[0].text, row.b[0].text, str(row.a[0].place)) == ("cmd", "b", "a", "b:5")
    assert len(found.alignment("a", "b").matches) == 4
    assert [(row.path, row.a.text, row.b.text) for row in found.settings("1.yml", "2.yml")] == [
        ("image", "x:1", "x:2")
    ]
    with pytest.raises(KeyError):
        found.difference("a", "nowhere")


def comparable(found):
    return [getattr(found, name) for name in found.__struct_fields__ if name != "details"]


def test_the_order_of_the_files_does_not_count():
    texts = {f"s{n}/Dockerfile": BASE.format(n % 5) + f"EXPOSE {n % 3}\n" for n in range(20)}
    stacks = {f"{n}.yml": f"services:\n  web: {{image: 'x:{n % 4}'}}\n" for n in range(8)}

    def run(order):
        paths, files = order(list(texts)), order(list(stacks))
        subjects = [subject(texts[path], path, "web") for path in paths]
        composes = [compose.read(stacks[path].encode(), path) for path in files]
        return analyse(subjects, composes, projects=projects({path: stacks[path] for path in files}))

    shuffled = random.Random(1)
    found = run(lambda items: shuffled.sample(items, len(items)))
    expected = run(sorted)
    for one, other in zip(comparable(found), comparable(expected), strict=True):
        assert str(one) == str(other)


def test_nothing_to_compare():
    found = analyse([])
    assert [list(one) for one in comparable(found) if not isinstance(one, int)] == [[]] * 9
    assert found.aligned == 0


@given(st.lists(st.binary(max_size=120), max_size=4))
@hypothesis_settings(max_examples=60)
def test_any_bytes_can_be_compared(contents):
    subjects = [subject(data, f"f{number}", "web") for number, data in enumerate(contents)]
    files = [compose.read(data, f"{number}.yml") for number, data in enumerate(contents)]
    made = projects({f"{number}.yml": data for number, data in enumerate(contents)})
    found = analyse(subjects, files, projects=made)
    assert {path for pair in found.pairs for path in (pair.a, pair.b)} <= set(found.details.files)
    assert all(pair.a < pair.b for pair in found.pairs)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        b"RUN " + b"\\\n".join([b"a && b 'c' \"d\" ; "] * 30_000) + b"\n",
        b"ENV " + b"\\\n".join(b"A%d=1 " % n for n in range(20_000)) + b"\n",
        b"".join(b"ARG A%d=1\nRUN echo $A%d\n" % (n, n) for n in range(2_000)),
        b"".join(b"FROM a AS s%d\nCOPY --from=s%d x y\n" % (n, n - 1) for n in range(2_000)),
        b"RUN x\n" * 10_000,
        b"ONBUILD " * 5_000 + b"RUN x\n",
        b"RUN <<A\n" + b"line 'of' text\n" * 100_000 + b"A\n",
    ],
    ids=[
        "long RUN",
        "long ENV",
        "many ARGs",
        "many stages",
        "many instructions",
        "nested ONBUILD",
        "long heredoc",
    ],
)
def test_large_files_end(text):
    found = analyse(
        [subject(text, "a"), subject(text + b"USER u\n", "b"), subject(b"FROM x\nRUN x\nRUN x\n", "c")]
    )
    assert found.pairs[0].sequence.value > 0.6
