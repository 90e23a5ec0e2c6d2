"""`same-graph`, target by target."""

import pytest

from dockwright.dockerfile.settings import Settings
from dockwright.proof.build import Question, Subject, Verdict, prove_build
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree

ONE = b"FROM a AS build\nRUN make\nFROM a AS run\nCOPY --from=build /o /o\n"


def proof(first: bytes, second: bytes, question: Question | None = None):
    return prove_build(Subject("A", first), Subject("B", second), question)


def test_the_same_target_by_target():
    found = proof(ONE, b"# changed\n" + ONE)
    assert found.same
    assert [(one.name, one.verdict) for one in found.targets] == [("", Verdict.SAME), ("build", Verdict.SAME)]
    assert found.unknown_images == ("docker.io/library/a:latest",)


def test_other_names_of_stages_are_said_and_do_not_count():
    found = proof(ONE, ONE.replace(b"build", b"compile"))
    assert found.same
    assert (found.only_first, found.only_second) == (("build",), ("compile",))


def test_a_target_that_differs_although_the_last_stage_does_not():
    extra = b"FROM a AS test\nRUN %s\n"
    found = proof(extra % b"x" + ONE, extra % b"y" + ONE)
    assert not found.same
    assert {one.name: one.verdict.value for one in found.targets} == {
        "": "same",
        "test": "differs",
        "build": "same",
    }


def test_targets_of_other_names():
    question = Question(targets=(("build", "compile"),))
    found = proof(ONE, ONE.replace(b"build", b"compile"), question)
    assert found.same
    assert len(found.targets) == 1


def test_a_file_that_cannot_be_built():
    found = proof(ONE, b"FROM a\nCOPY x\n")
    refused = found.targets[0]
    assert refused.verdict is Verdict.REFUSED
    assert refused.refusals[0] is None
    assert refused.refusals[1].place == "B:2"
    assert not proof(b"", b"").same


def test_build_arguments_count():
    text = b"ARG V=1\nFROM a:$V\n"
    assert not proof(text, b"FROM a:2\n").same
    assert proof(text, b"FROM a:2\n", Question(Settings(args={"V": "2"}))).same


def test_other_frontends_are_said():
    found = proof(ONE, b"# syntax=docker/dockerfile:1\n" + ONE)
    assert found.same
    assert found.frontends == ("", "docker/dockerfile:1")


def context(files, dockerfile):
    return BuildContext(MemoryTree(files), "", dockerfile)


def test_another_ignore_file_is_other_work():
    text = b"FROM a\nCOPY . /x\n"
    files = {"A": "", "B": "", "f.log": "1", ".dockerignore": "A\nB\n*.dockerignore\n.dockerignore\n"}
    first = Subject("A", text, context(files, "A"))
    assert prove_build(first, Subject("B", text, context(files, "B"))).same
    hiding = {**files, "B.dockerignore": files[".dockerignore"] + "*.log\n"}
    found = prove_build(Subject("A", text, context(hiding, "A")), Subject("B", text, context(hiding, "B")))
    assert not found.same
    assert found.contexts_compared
    assert found.targets[0].selected.place == "A:2"
    assert found.targets[0].selected.selection == "."


def test_a_context_whose_content_changed():
    text = b"FROM a\nCOPY x /x\n"
    sides = [Subject("A", text, context({"x": content, "y": content}, "A")) for content in "12"]
    assert not prove_build(*sides).same
    sides = [Subject("A", text, context({"x": "1", "y": content}, "A")) for content in "12"]
    assert prove_build(*sides).same


@pytest.mark.parametrize(
    "mount",
    [
        b"type=cache,uid=${X},target=/c",
        b"type=cache,sharing=${X},target=/c",
        b"type=secret,id=a,mode=${X}",
        b"type=ssh,gid=${X}",
        b"type=tmpfs,size=${X},target=/c",
        b"type=bind,from=other,rw=${X},target=/c",
    ],
)
def test_what_a_base_image_decides_of_a_mount_is_the_same_where_the_same_is_written(mount):
    one = b"FROM a AS other\nFROM a\nRUN --mount=%s make\n" % mount
    assert proof(one, one).same
    assert not proof(one, one.replace(b"${X}", b"${Y}")).same
    assert not proof(one, one.replace(b"${X}", b"1" if b"sharing" not in mount else b"locked")).same
