"""The YAML reader on small texts: structure, places, tags, anchors, merge keys, comments."""

import pytest

from dockwright.compose.yaml import Alias, Mapping, Scalar, Sequence, parse


def read(text: str):
    return parse(text.encode(), "a.yaml")


def test_navigation_follows_keys_and_indexes():
    file = read("services:\n  web:\n    ports:\n      - '80:80'\n      - 443\n")
    assert file.at("services", "web", "ports", 0).as_str() == "80:80"
    assert file.at("services", "web", "ports", 1).value == 443
    assert file.at("services", "nothing", "ports") is None
    assert file.get("services").get("web").get("ports").get(7) is None
    assert file.get("services").as_str() is None


def test_a_node_knows_its_route_line_key_and_bytes():
    file = read("a:\n  b:\n  - x\n  - 'y z'\n")
    node = file.at("a", "b", 1)
    assert node.route == ("a", "b", 1)
    assert node.path == "a.b.1"
    assert node.line == 4
    assert node.raw == "'y z'"
    assert file.source.text(file.at("a", "b").key_span) == "b"
    assert node.key_span is None


def test_empty_values_stand_behind_their_indicator():
    file = read("a:\nb:\n  -\n  - x\n")
    assert file.get("a").is_null
    assert file.get("a").span.start == 2
    assert file.at("b", 0).style == "empty"
    assert file.at("b", 0).start == 9


def test_tags_and_anchors_stay_visible():
    file = read("ports: !override &p\n  - 80\ncommand: !reset null\nimage: !reset\n")
    ports = file.get("ports")
    assert (ports.tag, ports.anchor) == ("!override", "p")
    assert file.source.text(ports.full_span).startswith("!override &p")
    assert file.source.text(ports.span) == "- 80"
    assert file.get("command").tag == "!reset"
    assert file.get("image").tag == "!reset"


def test_aliases_are_references():
    file = read("a: &x {k: 1}\nb: *x\n")
    written = file.root.entry("b").value
    assert isinstance(written, Alias)
    assert written.raw == "*x"
    assert file.get("b") is file.get("a")
    assert written.get("k").value == 1
    assert file.get("b").path == "a"


def test_an_unknown_alias_is_a_problem_at_its_place():
    file = read("a: *nowhere\nb: 1\n")
    assert [(problem.kind, problem.span.start) for problem in file.problems] == [("alias", 3)]
    assert file.get("b").value == 1


def test_merge_keys_are_visible_and_applied():
    file = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n")
    merged = file.get("c")
    assert {name: node.value for name, node in merged.items()} == {"z": 3, "x": 1, "y": 1}
    assert [entry.name for entry in merged.entries] == ["z", "<<"]
    assert merged.entry("x").value.path == "a.x"
    assert len(merged.merges) == 1


def test_a_quoted_merge_key_is_an_ordinary_key():
    assert list(read("a: &a {x: 1}\nb: {'<<': *a}\n").get("b").keys()) == ["<<"]


def test_merge_of_something_else_is_a_problem():
    assert [problem.kind for problem in read("a:\n  <<: 3\n").problems] == ["merge"]


def test_merges_that_lead_round_in_a_circle_end():
    file = read("a: &a\n  <<: *a\n  x: 1\n")
    assert {name: node.value for name, node in file.get("a").items()} == {"x": 1}


def test_duplicate_keys_are_named_with_both_places():
    file = read("a: 1\nb: 2\n'a': 3\n")
    problem = file.problems[0]
    assert problem.kind == "duplicate-key"
    assert file.source.text(problem.span) == "'a'"
    assert [file.source.text(span) for span in problem.related] == ["a"]
    assert not file.broken
    assert file.get("a").value == 3


def test_several_documents():
    file = read("%YAML 1.2\n---\na: 1\n...\n---\n- b\n--- text\n---\n")
    assert [type(document.root).__name__ for document in file.documents] == [
        "Mapping", "Sequence", "Scalar", "NoneType",
    ]  # fmt: skip
    assert file.get("a").value == 1
    assert not file.broken


def test_comments_are_kept():
    file = read("# top\na: 1  # one\nb: |  # block\n  # text\nc: [1, # in\n  2]\n")
    assert [comment.text for comment in file.comments] == ["# top", "# one", "# block", "# in"]
    assert file.get("b").as_str() == "# text\n"


def test_byte_order_mark_and_windows_line_ends():
    file = parse("\ufeffa: 1\r\nb:\r\n  - x\r\n".encode())
    assert file.get("a").key_node.start == 3
    assert file.get("b").get(0).raw == "x"
    assert file.comments == []
    assert file.problems == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("? a\n: 1\n? b\n", ["a", "b"]),
        ("{a: 1, b, 'c': 2, ? d : 3}", ["a", "b", "c", "d"]),
        ("[1, 2]: x\n", ["[1, 2]"]),
        ("!!str a: 1\n&x b: 2\n*x : 3\n", ["a", "b", "*x"]),
    ],
)
def test_keys_of_all_forms(text, keys):
    assert [entry.name for entry in read(text).root.entries] == keys


def test_pairs_in_a_flow_sequence_are_mappings():
    root = read("[a: 1, b]").root
    assert isinstance(root, Sequence)
    assert isinstance(root.get(0), Mapping)
    assert root.get(0).get("a").value == 1
    assert root.get(1).as_str() == "b"


def test_values_of_a_sequence_and_mapping():
    file = read("a: [x, y]\nb: {c: z}\n")
    assert [node.as_str() for node in file.get("a").values()] == ["x", "y"]
    assert [node.as_str() for node in file.get("b").values()] == ["z"]
    assert "c" in file.get("b")
    assert len(file.get("a")) == 2


def test_booleans_and_null():
    file = read("a: true\nb: 'true'\nc: null\nd: yes\n")
    assert file.get("a").as_bool() is True
    assert file.get("b").as_bool() is None
    assert file.get("c").as_str() is None
    assert file.get("d").as_bool() is None
    assert isinstance(file.get("d"), Scalar)


def test_nothing_in_a_file():
    assert read("").documents == []
    assert read("# only\n").root is None
    assert read("---\n").root is None
