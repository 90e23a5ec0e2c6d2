"""The normal form: the same for the same work, another for any other."""

import re
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.engine import DOCKER_26_1
from dockwright.dockerfile.operations.equivalences import EQUIVALENCES
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.operations.normal import NormalForm
from dockwright.dockerfile.settings import BaseImage, Settings

LAYERED = {
    f"docker.io/library/{name}:latest": BaseImage(env=(("PATH", "/bin"),), layers=layers)
    for name, layers in {"one": ("l",), "other": ("l",), "third": ("m",)}.items()
}


def digest(dockerfile: str, **given: object) -> str:
    tree = parse(dockerfile.encode())
    graph = build_graph(tree.build(Settings(symbolic=True, **given)).target(str(given.get("target", ""))))
    assert isinstance(graph, BuildGraph), graph
    return NormalForm(graph, Settings(**given).images).digest


SAME = {
    "stage name": ("FROM a AS x\nRUN y\nFROM x\nRUN z\n", "FROM a AS w\nRUN y\nFROM w\nRUN z\n"),
    "stage by number": ("FROM a AS x\nFROM b\nCOPY --from=x /f /g\n", "FROM a\nFROM b\nCOPY --from=0 /f /g\n"),
    "stage split": ("FROM a\nRUN x\nRUN y\n", "FROM a AS p\nRUN x\nFROM p\nRUN y\n"),
    "unreached stage": ("FROM a\nRUN x\n", "FROM c\nRUN nothing\nFROM a\nRUN x\n"),
    "order of stages": (
        "FROM a AS x\nRUN 1\nFROM b AS y\nRUN 2\nFROM c\nCOPY --from=x /f /f\nCOPY --from=y /g /g\n",
        "FROM b AS y\nRUN 2\nFROM a AS x\nRUN 1\nFROM c\nCOPY --from=x /f /f\nCOPY --from=y /g /g\n",
    ),
    "comment": ("FROM a\nRUN x\n", "# c\nFROM a\n# d\nRUN x # e\n".replace(" # e", "")),
    "case": ("FROM a\nRUN x\n", "from a\nrun x\n"),
    "split ENV": ("FROM a\nENV A=1 B=2\nRUN x\n", "FROM a\nENV A=1\nENV B 2\nRUN x\n"),
    "JSON COPY": ("FROM a\nCOPY x y /z/\n", 'FROM a\nCOPY ["x", "./y", "/z/"]\n'),
    "arguments filled in": ("ARG V=1\nFROM a:$V\nCOPY x$V /y\n".replace("x$V", "x"), "FROM a:1\nCOPY x /y\n"),
    "order of labels": ("FROM a\nLABEL a=1 b=2\n", "FROM a\nLABEL b=2\nLABEL a=1\n"),
    "order of ports": ("FROM a\nEXPOSE 80 90\n", "FROM a\nEXPOSE 90\nEXPOSE 80\n"),
    "platform said": ("FROM a\nRUN x\n", "FROM --platform=linux/amd64 a\nRUN x\n"),
    "default tag": ("FROM a\nRUN x\n", "FROM docker.io/library/a:latest\nRUN x\n"),
    "heredoc name": ("FROM a\nRUN <<A\nx\nA\n", "FROM a\nRUN <<B\nx\nB\n"),
}  # fmt: skip
OTHER = {
    "RUN text": ("FROM a\nRUN x\n", "FROM a\nRUN x \\\n  y\n"),
    "source name": ("FROM a\nCOPY x /y\n", "FROM a\nCOPY z /y\n"),
    "source folder": ("FROM a\nCOPY d/x /y\n", "FROM a\nCOPY e/x /y\n"),
    "order of ENV": ("FROM a\nENV A=1 B=2\nRUN x\n", "FROM a\nENV B=2 A=1\nRUN x\n"),
    "ADD for COPY": ("FROM a\nCOPY x /y\n", "FROM a\nADD x /y\n"),
    "ARG for ENV in the image": ("FROM a\nARG A=1\nRUN x\n", "FROM a\nENV A=1\nRUN x\n"),
    "base": ("FROM a\nRUN x\n", "FROM b\nRUN x\n"),
    "platform": ("FROM a\nRUN x\n", "FROM --platform=linux/arm64 a\nRUN x\n"),
    "mount": ("FROM a\nRUN x\n", "FROM a\nRUN --mount=type=cache,target=/c x\n"),
    "cache id": (
        "FROM a\nRUN --mount=type=cache,id=p,target=/c x\n",
        "FROM a\nRUN --mount=type=cache,id=q,target=/c x\n",
    ),
    "user": ("FROM a\nRUN x\n", "FROM a\nUSER u\nRUN x\n"),
    "label": ("FROM a\nLABEL a=1\n", "FROM a\nLABEL a=2\n"),
    "command": ('FROM a\nCMD ["x"]\n', 'FROM a\nCMD ["y"]\n'),
    "maintainer": ("FROM a\n", "FROM a\nMAINTAINER me\n"),
    "ONBUILD": ("FROM a\n", "FROM a\nONBUILD RUN x\n"),
    "heredoc file name": ("FROM a\nCOPY <<A /f\nx\nA\n", "FROM a\nCOPY <<B /f\nx\nB\n"),
    "what only the base can say": ("FROM a\nENV P=/x:$PATH\nRUN x\n", "FROM a\nENV P=/x:\nRUN x\n"),
    "default the base may overrule": ("FROM a\nENV P=${Q:-1}\nRUN x\n", "FROM a\nENV P=1\nRUN x\n"),
    "the base's directory": ("FROM a\nWORKDIR w\nRUN x\n", "FROM a\nWORKDIR /w\nRUN x\n"),
    "up from the base's directory": ("FROM a\nWORKDIR ../w\nRUN x\n", "FROM a\nWORKDIR /w\nRUN x\n"),
    "the base's shell": ("FROM a\nCMD x\n", 'FROM a\nSHELL ["/bin/sh","-c"]\nCMD x\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same_work_has_the_same_digest(name):
    assert digest(SAME[name][0]) == digest(SAME[name][1])


@pytest.mark.parametrize("name", OTHER)
def test_other_work_has_another_digest(name):
    assert digest(OTHER[name][0]) != digest(OTHER[name][1])


def test_images_with_the_same_known_layers_are_the_same():
    digests = [digest(f"FROM {name}\nRUN x\n", images=LAYERED) for name in ("one", "other", "third")]
    assert digests[0] == digests[1] != digests[2]


def test_link_is_a_plain_copy_where_layers_cannot_be_merged():
    tree = parse(b"FROM a\nCOPY --link x /y\n")
    kinds = [
        [one.kind for one in build_graph(tree.target(), engine).operations]
        for engine in (DOCKER_26_1, DOCKER_26_1.__class__())
    ]
    assert kinds == [["source", "source", "file"], ["source", "source", "file", "merge"]]


def test_every_equivalence_has_a_source():
    assert all(one.source and one.what for one in EQUIVALENCES)
    assert len({one.id for one in EQUIVALENCES}) == len(EQUIVALENCES)


# -- properties

WORD = st.text(string.ascii_lowercase, min_size=1, max_size=6)
INSTRUCTION = st.one_of(
    WORD.map(lambda word: f"RUN make {word}"),
    st.tuples(WORD, WORD).map(lambda pair: f"COPY {pair[0]} /{pair[1]}/"),
    st.tuples(WORD, WORD).map(lambda pair: f"ENV {pair[0].upper()}={pair[1]} Z={pair[0]}"),
    WORD.map(lambda word: f"WORKDIR /{word}"),
    WORD.map(lambda word: f"USER {word}"),
    WORD.map(lambda word: f"LABEL l={word}"),
    WORD.map(lambda word: f"ARG {word.upper()}=1"),
)
STAGE = st.lists(INSTRUCTION, min_size=1, max_size=6)


@st.composite
def dockerfiles(draw) -> str:
    """Independent stages, and a last one that copies from all."""
    count = draw(st.integers(1, 4))
    lines = []
    for number in range(count):
        lines += [f"FROM base{number} AS stage{number}", *draw(STAGE)]
    lines += ["FROM last", *(f"COPY --from=stage{number} /o /o{number}" for number in range(count))]
    return "\n".join([*lines, *draw(STAGE)]) + "\n"


def stages_of(text: str) -> list[str]:
    return re.split(r"^(?=FROM )", text, flags=re.MULTILINE)[1:]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(dockerfiles(), st.randoms(use_true_random=False))
def test_names_order_comments_and_split_env_do_not_matter(text, random):
    renamed = re.sub(r"\bstage(\d)", r"other\1", text)
    *first, last = stages_of(text)
    random.shuffle(first)
    commented = re.sub(r"^", "# a comment\n", text, flags=re.MULTILINE)
    split = re.sub(r"^ENV (\S+) (\S+)$", r"ENV \1\nENV \2", text, flags=re.MULTILINE)
    wanted = digest(text)
    for changed in (renamed, "".join([*first, last]), commented, split):
        assert digest(changed) == wanted


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(dockerfiles(), st.data())
def test_any_change_of_what_is_run_or_copied_matters(text, data):
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(("RUN", "COPY", "WORKDIR"))]
    number = data.draw(st.sampled_from(places))
    keyword, rest = lines[number].split(" ", 1)
    words = rest.split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    assume(not words[at].startswith("--from"))
    words[at] = "q" + words[at] if not words[at].startswith("/") else "/q" + words[at]
    lines[number] = f"{keyword} {' '.join(words)}"
    assert digest("\n".join(lines) + "\n") != digest(text)
