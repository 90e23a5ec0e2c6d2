"""GitHub expressions and matrices."""

import pytest

from dockwright.compose.yaml import parse
from dockwright.repository.ci.expressions import evaluate, script_with_values
from dockwright.repository.ci.matrix import MAX_COMBINATIONS, combinations
from dockwright.shell.words import Choice, Hole, HoleKind
from dockwright.text import MappedText, SourceFile, Span

SCOPE = {"matrix.app": ("api",), "env.TAG": ("1.2",), "inputs.file": ("Dockerfile.prod",)}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", ("plain",)),
        ("src/${{ matrix.app }}/Dockerfile", ("src/api/Dockerfile",)),
        ("${{ matrix['app'] }}:${{ env.TAG }}", ("api:1.2",)),
        ("${{ inputs.file || 'Dockerfile' }}", ("Dockerfile.prod",)),
        ("${{ inputs.none || 'Dockerfile' }}", ("Dockerfile",)),
        (
            "${{ github.ref == 'x' && 'prod' || 'dev' }}",
            (Choice("github.ref == 'x' && 'prod' || 'dev'", ("prod", "dev")),),
        ),
        ("${{ format('{0}/{1}.Dockerfile', matrix.app, env.TAG) }}", ("api/1.2.Dockerfile",)),
        ("${{ 'it''s' }}", ("it's",)),
    ],
)
def test_values(text, parts):
    assert evaluate(text, SCOPE) == parts


def test_the_workspace_is_the_repository():
    first, rest = evaluate("${{ github.workspace }}/x", {})
    assert (first.kind, rest) == (HoleKind.REPOSITORY, "/x")


def test_what_is_not_known_is_a_hole():
    (part,) = evaluate("${{ secrets.TOKEN }}", {})
    assert isinstance(part, Hole)
    assert part.name == "secrets.TOKEN"


def test_places_survive_the_replacement_of_expressions():
    source = SourceFile("w.yml", b"docker build -f ${{ matrix.app }}/Dockerfile -t x .")
    text = script_with_values(MappedText.plain(source, Span(0, len(source.data))), SCOPE)
    assert text.text == "docker build -f api/Dockerfile -t x ."
    at = text.text.index("-t")
    assert source.text(text.span(at, at + 2)) == "-t"


def matrix(text):
    return combinations(parse(text.encode()).root)


def test_the_product_of_the_axes():
    assert matrix("app: [a, b]\nos: [x]\n") == [{"app": "a", "os": "x"}, {"app": "b", "os": "x"}]


def test_exclude_and_include():
    found = matrix("app: [a, b]\nexclude:\n- app: a\ninclude:\n- {app: b, file: B}\n- {app: c, file: C}\n")
    assert found == [{"app": "b", "file": "B"}, {"app": "c", "file": "C"}]


def test_objects_have_dotted_names():
    assert matrix("image:\n- {name: a, path: p}\n") == [{"image.name": "a", "image.path": "p"}]


def test_an_unknown_matrix_is_one_empty_combination():
    assert matrix("app: ${{ fromJSON(needs.x.outputs.apps) }}\n") == [{}]


def test_large_matrices_are_bounded():
    axis = ", ".join(map(str, range(100)))
    assert len(matrix(f"a: [{axis}]\nb: [{axis}]\nc: [{axis}]\n")) == MAX_COMBINATIONS
