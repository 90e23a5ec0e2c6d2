"""Pairs, clusters, families and equal copies over many files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.overlap.clusters import THRESHOLD, clusters
from dockwright.overlap.copies import group
from dockwright.overlap.families import families
from dockwright.overlap.files import normal_files
from dockwright.overlap.pairs import PARTNERS, Comparer, alike, candidates
from tests.overlap.samples import Spelling, plans, subject

PYTHON = """FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY {name} .
ENV NAME={name}
EXPOSE {port}
CMD ["{name}"]
"""


def compared(texts, service=""):
    """Files of different normal form, a comparer over them, and the candidate pairs."""
    found = normal_files([subject(text, path, service) for path, text in texts.items()])
    distinct, copies = group(found)
    return Comparer(distinct), candidates(distinct), copies


def test_copies_by_bytes_and_by_form():
    texts = {"a": "FROM x\nRUN  y\n", "b": "FROM x\nRUN y\n", "c": "FROM x\nRUN y\n", "d": "FROM z\n"}
    comparer, _, (found,) = compared(texts)
    assert [file.path for file in comparer.files] == ["a", "d"]
    assert (found.paths, found.identical, found.original, found.lines) == (
        ("a", "b", "c"),
        (("b", "c"),),
        "a",
        4,
    )
    assert not found.byte_equal


def test_files_without_instructions_are_copies_only_by_bytes():
    comparer, _, copies = compared({"a": "# one\n", "b": "# two\n", "c": "# two\n"})
    assert [found.paths for found in copies] == [("b", "c")]
    assert len(comparer.files) == 2


def test_pairs_of_one_service_are_reported_however_different():
    comparer, pairs, _ = compared({"a": "FROM x\nRUN y\n", "b": "FROM z\nRUN w\n"}, service="web")
    (found,) = alike(comparer, pairs)
    assert found.sequence.value == 0.0


def test_pairs_of_two_services_from_the_floor_on():
    texts = {"a": "FROM x\nRUN a\nRUN b\n", "b": "FROM x\nRUN a\nRUN c\n", "c": "FROM x\nRUN d\nRUN e\n"}
    comparer, pairs, _ = compared(texts)
    assert [(pair.a, pair.b) for pair in alike(comparer, pairs)] == [("a", "b")]


def test_pairs_do_not_depend_on_the_order_of_the_files():
    texts = {f"f{n}": PYTHON.format(name=f"s{n % 7}", port=8000 + n % 3) for n in range(12)}
    one = alike(*compared(texts)[:2])
    other = alike(*compared(dict(reversed(texts.items())))[:2])
    assert one == other


@given(st.lists(plans(), min_size=1, max_size=10))
@settings(max_examples=40)
def test_clusters_partition_and_keep_to_the_threshold(plan_list):
    texts = {f"f{number}": Spelling().render(plan) for number, plan in enumerate(plan_list)}
    comparer, pairs, _ = compared(texts)
    at = {file.path: number for number, file in enumerate(comparer.files)}
    found = clusters(comparer, pairs)
    paths = [path for cluster in found for path in cluster.paths]
    assert len(paths) == len(set(paths))
    assert set(paths) <= set(at)
    for cluster in found:
        assert len(cluster.paths) > 1
        for member in cluster.members:
            value = comparer.ratio(at[cluster.representative], at[member.path])
            assert value == pytest.approx(member.likeness.value)
            assert value >= THRESHOLD
    outside = set(at) - set(paths)
    assert all(comparer.ratio(at[a], at[b]) < THRESHOLD for a in outside for b in outside if a != b)


def test_a_cluster_says_what_all_share_and_what_varies():
    texts = {f"f{n}": PYTHON.format(name="app", port=8000 + n) for n in range(4)}
    comparer, pairs, _ = compared(texts)
    (found,) = clusters(comparer, pairs)
    assert found.representative == "f0"
    assert [member.path for member in found.members] == ["f1", "f2", "f3"]
    assert found.varies == ("port",)
    assert [place.line for place in found.common] == [1, 2, 3, 4, 5, 6, 8]
    assert found.size == 8


def test_a_family_of_files_that_differ_in_values_alone():
    texts = {f"f{n}": PYTHON.format(name=f"app{n}", port=8000 + n // 2) for n in range(4)}
    texts["other"] = "FROM python:3.11-slim\nRUN pip install -r requirements.txt\n"
    comparer, _, _ = compared(texts)
    (found,) = families(comparer.files)
    assert found.paths == ("f0", "f1", "f2", "f3")
    assert found.constant.value == 0.5
    assert [(one.aspect, one.name, one.variety) for one in found.parameters] == [
        ("copy", ".", 4),
        ("variable", "NAME", 4),
        ("port", "", 2),
        ("cmd", "", 4),
    ]
    assert [value.place.line for value in found.parameters[1].values] == [6, 6, 6, 6]


def test_no_family_without_a_step_in_common():
    texts = {f"f{n}": f"FROM a:{n}\nENV A={n}\nCMD x\nUSER u{n}\n" for n in range(4)}
    comparer, _, _ = compared(texts)
    assert families(comparer.files) == []


def sprawl(number):
    """One of many synthetic files: some near copies of each other, all with common instructions."""
    steps = "".join(f"RUN step {number // 10} {step}\n" for step in range(6))
    return f'FROM base\nWORKDIR /app\n{steps}ENV NUMBER={number}\nCOPY . .\nCMD ["run"]\n'


@pytest.mark.slow
def test_a_thousand_files_are_compared_in_bounded_work():
    texts = {f"s{number:04}/Dockerfile": sprawl(number) for number in range(1_000)}
    comparer, pairs, _ = compared(texts)
    assert len(pairs) <= PARTNERS * 1_000
    found = alike(comparer, pairs)
    assert comparer.aligned <= len(pairs)
    together = clusters(comparer, pairs)
    assert comparer.aligned <= 2 * PARTNERS * 1_000
    assert len(found) >= 1_000 * 9 // 2
    assert [len(cluster.paths) for cluster in together] == [10] * 100


@pytest.mark.slow
def test_near_copies_that_share_only_common_instructions_are_still_found():
    """No instruction is rare: all candidates come from postings cut to the neighbourhood of a file."""
    texts = {f"s{number:04}/Dockerfile": PYTHON.format(name="x", port=number) for number in range(1_200)}
    comparer, pairs, _ = compared(texts)
    assert len(pairs) <= PARTNERS * 1_200
    linked = {path for i, j in pairs for path in (i, j)}
    assert len(linked) == 1_200
    assert all(comparer.ratio(i, j) == pytest.approx(7 / 8) for i, j in pairs[:50])
