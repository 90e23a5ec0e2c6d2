"""What the normal form takes for the same, and what it keeps apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.overlap.marked import split
from tests.overlap.samples import SPELLINGS, Spelling, files, plans

SAME = {
    "white space": ("RUN a   b\n", "RUN a b\n"),
    "keyword case": ("run a\n", "RUN a\n"),
    "continuation": ("RUN a \\\n  b\n", "RUN a b\n"),
    "comment": ("# x\nRUN a\n", "RUN a\n"),
    "comment inside": ("RUN a \\\n# x\n b\n", "RUN a b\n"),
    "spaces around &&": ("RUN a&&b\n", "RUN a && b\n"),
    "flag order": ("COPY --link --chown=1 a b\n", "COPY --chown=1 --link a b\n"),
    "mount field order": (
        "RUN --mount=type=cache,target=/c,id=x a\n",
        "RUN --mount=id=x,target=/c,type=cache a\n",
    ),
    "mount field names": ("RUN --mount=type=bind,src=a,dst=/c a\n", "RUN --mount=source=a,target=/c a\n"),
    "apt packages": ("RUN apt-get install -y git curl\n", "RUN apt-get install -y curl git\n"),
    "apt flags": (
        "RUN apt-get install -y --no-install-recommends a\n",
        "RUN apt-get install --no-install-recommends -y a\n",
    ),
    "apt flag behind": ("RUN apt-get install curl -y\n", "RUN apt-get install -y curl\n"),
    "apk packages": ("RUN apk add --no-cache b a && x\n", "RUN apk add --no-cache a b && x\n"),
    "pip packages": ("RUN pip install 'b>=2' a==1\n", 'RUN pip install a==1 "b>=2"\n'),
    "ENV order": ("ENV A=1 B=2\n", "ENV B=2 A=1\n"),
    "ENV quotes": ('ENV A="1"\n', "ENV A=1\n"),
    "ENV legacy": ("ENV A 1\n", "ENV A=1\n"),
    "LABEL order": ("LABEL a=1 b=2\n", "LABEL b=2 a=1\n"),
    "EXPOSE": ("EXPOSE 90 80/tcp\n", "EXPOSE 80 90\n"),
    "stage name": ("FROM a AS x\nFROM b\nCOPY --from=x c d\n", "FROM a AS y\nFROM b\nCOPY --from=y c d\n"),
    "stage by number": (
        "FROM a AS x\nFROM b\nCOPY --from=x c d\n",
        "FROM a AS x\nFROM b\nCOPY --from=0 c d\n",
    ),
    "stage in mount": (
        "FROM a AS x\nFROM b\nRUN --mount=from=x,target=/c d\n",
        "FROM a AS y\nFROM b\nRUN --mount=from=y,target=/c d\n",
    ),
    "stage in FROM": ("FROM a AS x\nFROM x AS z\n", "FROM a AS y\nFROM Y AS z\n"),
    "swapped stages": (
        "FROM a AS x\nFROM a AS y\nFROM b\nCOPY --from=x c d\n",
        "FROM a AS y\nFROM a AS x\nFROM b\nCOPY --from=y c d\n",
    ),
    "ARG name": ("ARG V=1\nFROM a:${V}\n", "ARG W=1\nFROM a:${W}\n"),
    "ARG in RUN": ("FROM a\nARG V\nRUN x $V\n", "FROM a\nARG W\nRUN x $W\n"),
    "heredoc name": ("RUN <<A\nx  y\nA\n", "RUN <<B\nx y\nB\n"),
    "heredoc comment": ("RUN <<A\nx\n# note\n\ny\nA\n", "RUN <<A\nx\ny\nA\n"),
    "line endings": ("RUN a\r\nRUN b\r\n", "RUN a\nRUN b\n"),
}

OTHER = {
    "JSON and shell form": ('CMD ["a", "b"]\n', "CMD a b\n"),
    "order of commands": ("RUN a && b\n", "RUN b && a\n"),
    "&& and ;": ("RUN a && b\n", "RUN a ; b\n"),
    "space in quotes": ("RUN echo 'a  b'\n", "RUN echo 'a b'\n"),
    "package version": ("RUN pip install a==1\n", "RUN pip install a==2\n"),
    "requirements file": ("RUN pip install -r a b\n", "RUN pip install -r b a\n"),
    "one RUN or two": ("RUN a\nRUN b\n", "RUN a && b\n"),
    "another stage": (
        "FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=x d e\n",
        "FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=y d e\n",
    ),
    "image and stage": (
        "FROM a AS x\nFROM b\nCOPY --from=x c d\n",
        "FROM a AS x\nFROM b\nCOPY --from=y c d\n",
    ),
    "ARG default": ("ARG V=1\nFROM a:$V\n", "ARG V=2\nFROM a:$V\n"),
    "ARG that ENV knows": ("FROM a\nARG V\nENV V=$V\n", "FROM a\nARG W\nENV W=$W\n"),
    "ARG read by a program": (
        "FROM a\nARG V\nRUN x $V && p 'getenv V'\n",
        "FROM a\nARG W\nRUN x $W && p 'getenv V'\n",
    ),
    "ARG never expanded": ("FROM a\nARG CGO=0\nRUN go\n", "FROM a\nARG OTHER=0\nRUN go\n"),
    "platform ARG": ("FROM a\nARG TARGETARCH\nRUN x $TARGETARCH\n", "FROM a\nARG ARCH\nRUN x $ARCH\n"),
    "udp": ("EXPOSE 80/udp\n", "EXPOSE 80\n"),
    "single quotes with a variable": ("ENV A='$B'\n", 'ENV A="$B"\n'),
    "COPY order": ("COPY a b c/\n", "COPY b a c/\n"),
    "heredoc for another program": ("RUN python <<A\n  x\nA\n", "RUN python <<A\nx\nA\n"),
    "file in a heredoc": ("COPY <<A /x\na\nA\n", "COPY <<A /x\nb\nA\n"),
    "HEALTHCHECK interval": ("HEALTHCHECK --interval=1s CMD a\n", "HEALTHCHECK --interval=2s CMD a\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_same(name):
    one, other = files(*SAME[name])
    assert one.digest == other.digest
    assert [split(i.text)[0] for i in one.instructions] == [split(i.text)[0] for i in other.instructions]


@pytest.mark.parametrize("name", OTHER)
def test_kept_apart(name):
    one, other = files(*OTHER[name])
    assert one.digest != other.digest


@given(plans(), SPELLINGS, SPELLINGS)
def test_spelling_does_not_count(plan, first, second):
    one, other = files(first.render(plan), second.render(plan))
    assert one.digest == other.digest


@given(plans(), plans())
def test_another_plan_is_another_form(plan, other_plan):
    one, other = files(Spelling().render(plan), Spelling().render(other_plan))
    assert (one.digest == other.digest) == (
        [i.text for i in one.instructions] == [i.text for i in other.instructions]
    )


@given(st.binary(max_size=300))
def test_any_bytes_have_a_normal_form(data):
    (one,) = files(data)
    size = len(data)
    assert all(0 <= i.span.start <= i.span.end <= size for i in one.instructions)
    assert all(0 <= atom.span.start <= atom.span.end <= size for atom in one.atoms)


KEYWORDS = ["FROM", "RUN", "COPY", "ADD", "ENV", "LABEL", "ARG", "CMD", "HEALTHCHECK", "EXPOSE", "VOLUME", "SHELL",
            "ONBUILD", "USER", "WORKDIR", "STOPSIGNAL", "NONSENSE"]  # fmt: skip
FRAGMENTS = ["a", "AS", "--from=0", "--mount=type=cache,target=/x", '["a","b"]', "<<E", "\\\n", "'", '"', "$A", "A=1",
             "&&", ";", "apt-get install b a", "\0", "é", "=", "--", "CMD", "(", ")", "#"]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(KEYWORDS), st.lists(st.sampled_from(FRAGMENTS), max_size=6)), max_size=8
    )
)
def test_any_instructions_have_a_normal_form(lines):
    text = "\n".join(" ".join([keyword, *rest]) for keyword, rest in lines)
    (one,) = files(text)
    assert len(one.keys) == len(one.instructions)
    assert all(text.count("\0") % 2 == 0 for text in (i.text for i in one.instructions))


def test_atoms_are_found_where_they_stand():
    text = "FROM a:1\nRUN apt-get update && \\\n  apt-get install -y curl=7 \\\n  git\nENV A=1 B=2\n"
    (one,) = files(text)
    found = {(atom.kind, atom.name, atom.value): one.source.text(atom.span) for atom in one.atoms}
    assert found["package", "apt curl", "=7"] == "curl=7"
    assert found["package", "apt git", ""] == "git"
    assert found["variable", "B", "2"] == "B=2"
    assert found["base image", "", "a:1"] == "a:1"
    assert [one.place(atom.span).line for atom in one.atoms if atom.kind == "package"] == [3, 4]


def test_a_very_long_run_is_compared_as_it_stands():
    words = " \\\n".join(f"word{n}" for n in range(40_000))
    one, other = files(f"RUN {words}\n", f"RUN {words.replace(' ', '  ', 5)}\n")
    assert one.digest == other.digest
    assert len(one.atoms) == 1
