"""History entries of every builder as instructions, matched with layers."""

import msgspec
import pytest

from dockwright.image.config import Config
from dockwright.image.history import instructions, parsed


@pytest.mark.parametrize(
    ("created_by", "keyword", "text", "arguments"),
    [
        ("RUN /bin/sh -c make # buildkit", "RUN", "make", ()),
        ("RUN /bin/sh -c head -c 10 /dev/zero # buildkit", "RUN", "head -c 10 /dev/zero", ()),
        ("RUN /bin/bash -o pipefail -c curl -c x | sh # buildkit", "RUN", "curl -c x | sh", ()),
        ("RUN /bin/bash -euxo pipefail -c make # buildkit", "RUN", "make", ()),
        ("RUN /bin/ash -eo pipefail -c make # buildkit", "RUN", "make", ()),
        ("RUN /usr/bin/env bash -c make # buildkit", "RUN", "make", ()),
        ("RUN |2 A=b c D=e /bin/sh -c make -c # buildkit", "RUN", "make -c", ("A", "D")),
        ("|1 A=/x/y /bin/sh -c make", "RUN", "make", ("A",)),
        ("|2 A=x y=z B=/a /b /bin/bash -o pipefail -c make", "RUN", "make", ("A", "y")),
        ("RUN |1 EMPTY= /bin/sh -c make # buildkit", "RUN", "make", ("EMPTY",)),
        ("RUN |1 A=b make it # buildkit", "RUN", "make it", ("A",)),
        ("/bin/sh -c apt-get update", "RUN", "apt-get update", ()),
        ("/bin/sh -c #(nop) COPY file:0a1b in /b ", "COPY", "file:0a1b in /b", ()),
        ('/bin/sh -c #(nop)  CMD ["bash"]', "CMD", '["bash"]', ()),
        ("COPY --chown=1:1 a b # buildkit", "COPY", "--chown=1:1 a b", ()),
        ("RUN make", "RUN", "make", ()),
        ("ENV A=b", "ENV", "A=b", ()),
        ("# debian.sh --arch 'amd64' out/", "", "# debian.sh --arch 'amd64' out/", ()),
        ("", "", "", ()),
        ("bazel build ...", "", "bazel build ...", ()),
        ("RUN |99999999999999999999 A", "RUN", "A", ()),
    ],
)
def test_entries(created_by: str, keyword: str, text: str, arguments: tuple[str, ...]) -> None:
    assert parsed(created_by) == (keyword, text, arguments)


def config(*entries: dict[str, object]) -> Config:
    return msgspec.convert({"history": list(entries)}, Config)


def test_entries_without_a_layer_are_passed_over() -> None:
    found = instructions(
        config({"created_by": "a"}, {"created_by": "ENV A=b", "empty_layer": True}, {"created_by": "b"}), 2
    )
    assert found.sure
    assert [one.layer for one in found.made] == [0, None, 1]


def test_values_of_build_arguments_are_not_kept() -> None:
    found = instructions(config({"created_by": "RUN |1 TOKEN=abcdef /bin/sh -c make # buildkit"}), 1)
    assert "abcdef" not in found.made[0].line


def test_what_was_imported_says_so() -> None:
    found = instructions(config({"comment": "Imported from -"}), 1)
    assert found.made[0].line == "(Imported from -)"


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_a_history_of_another_length_names_nothing(layers: int) -> None:
    found = instructions(config({"created_by": "a"}, {"created_by": "b"}), layers)
    assert not found.sure
    assert [one.layer for one in found.made] == list(range(layers))
