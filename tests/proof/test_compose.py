"""Two ways of writing a stack: the same configuration, or where they first differ."""

import pytest

from dockwright.compose.stack import Stack, resolve
from dockwright.proof.compose import Modulo, Side, Verdict, prove_compose
from dockwright.trees.memory import MemoryTree


def side(files, *, name="side", **stacks):
    tree = MemoryTree(files)
    stacks = stacks or {"dev": ("compose.yaml",)}
    return Side(
        name,
        {
            env: lambda variables, files=files: resolve(tree, Stack("", files), variables)
            for env, files in stacks.items()
        },
    )


def proven(before, after, *modulo, **variables):
    return prove_compose(side({"compose.yaml": before}), side({"compose.yaml": after}), variables, modulo)


ONE = "services:\n  web:\n    image: nginx:1\n    ports: ['80:80']\n    environment: {A: b}\n"


def test_short_and_long_forms_are_the_same():
    long = (
        "services:\n  web:\n    environment:\n      - A=b\n    image: 'nginx:1'\n"
        "    ports:\n      - {target: 80, published: '80', protocol: tcp, mode: ingress}\n"
    )
    proof = proven(ONE, long)
    assert proof.same
    assert proof.environments[0].verdict is Verdict.SAME


def test_the_difference_has_both_places():
    proof = proven(ONE, ONE.replace("A: b", "A: c"))
    assert not proof.same
    (found,) = proof.environments[0].differences
    assert (found.service, found.name, found.before.value, found.after.value) == (
        "web",
        "environment.A",
        "b",
        "c",
    )
    assert [(place.path, place.line) for place in found.places] == [("compose.yaml", 5), ("compose.yaml", 5)]


def test_a_base_and_an_override_against_one_file():
    split = {"compose.yaml": "services:\n  web:\n    image: nginx:1\n", "dev.yaml": ONE}
    before = side({"compose.yaml": ONE})
    after = side(split, dev=("compose.yaml", "dev.yaml"))
    assert prove_compose(before, after).same


@pytest.mark.parametrize(
    ("before", "after", "modulo"),
    [
        (ONE, ONE + "    profiles: [dev]\n    restart: 'no'\n", None),
        (ONE + "    x-note: 1\n", ONE, Modulo.EXTENSIONS),
        ("name: a\n" + ONE, "name: b\n" + ONE, Modulo.PROJECT_NAME),
        (ONE + "    cap_add: [A, B]\n", ONE + "    cap_add: [B, A]\n", Modulo.ORDER),
    ],
)
def test_only_what_is_named_may_differ(before, after, modulo):
    strict = proven(before, after)
    assert not strict.same
    if modulo is not None:
        assert {found.modulo for found in strict.environments[0].differences} == {modulo}
        named = proven(before, after, modulo)
        assert named.same
        assert named.environments[0].modulo


def test_the_order_of_a_command_counts():
    proof = proven(ONE + "    command: [a, b]\n", ONE + "    command: [b, a]\n", *Modulo)
    assert not proof.same


def test_equal_by_the_values_of_the_day_is_not_the_same():
    """Both give `1` while nothing is set; another TAG tells them apart."""
    proof = proven(ONE.replace("nginx:1", "nginx:${TAG:-1}"), ONE)
    assert proof.environments[0].verdict is Verdict.DIFFERS
    assert "other values" in proof.environments[0].marked
    both = ONE.replace("nginx:1", "nginx:${TAG:-1}")
    assert proven(both, both).environments[0].marked == "shown"


def test_marks_that_compose_refuses_are_said():
    text = ONE + "    init: ${INIT:-true}\n"
    assert proven(text, text).environments[0].marked.startswith("not tried")


def test_an_environment_of_one_side_and_one_that_cannot_be_resolved():
    before = side(
        {"compose.yaml": ONE, "broken.yaml": "services: [\n"}, dev=("compose.yaml",), test=("broken.yaml",)
    )
    after = side({"compose.yaml": ONE}, dev=("compose.yaml",), test=("compose.yaml",), ci=("compose.yaml",))
    proof = prove_compose(before, after)
    assert [(one.name, one.verdict.value) for one in proof.environments] == [
        ("dev", "same"),
        ("test", "cannot be resolved"),
        ("ci", "only on one side"),
    ]
    assert not proof.same
    assert proof.environments[1].errors[0][0] == "before"


def test_nothing_to_compare_is_no_proof():
    assert not prove_compose(Side("a", {}), Side("b", {})).same
