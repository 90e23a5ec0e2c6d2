"""Reading only the parts of a Python file in which certain places stand."""

import ast

from dockwright.repository.narrow import parsed
from dockwright.text import SourceFile

TEXT = b'''import os

FILES = ["x"]

def one():
    """of one"""
    return HERE

@decorated
def two():
    try:
        return OVER
    except OSError:
        return 2

class Three:
    kept = 1

    def four(self):
        return HERE

    def five(self):
        return 5
'''


def names(tree: ast.Module | None) -> list[str]:
    assert tree is not None
    return sorted(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


def places(text: bytes, word: bytes) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def test_only_what_holds_a_place_is_read() -> None:
    source = SourceFile("a.py", TEXT)
    tree = parsed(source, places(TEXT, b"HERE"))
    assert names(tree) == ["Three", "four", "one"]
    assert tree is not None
    assert [type(node).__name__ for node in tree.body] == ["Import", "Assign", "FunctionDef", "ClassDef"]
    assert names(parsed(source, places(TEXT, b"OVER"))) == ["two"]
    both = [*places(TEXT, b"HERE"), *places(TEXT, b"OVER")]
    assert names(parsed(source, both, holding=b"except")) == ["two"]
    assert names(parsed(source, [])) == []


def test_lines_and_columns_stay() -> None:
    tree = parsed(SourceFile("a.py", TEXT), places(TEXT, b"HERE"))
    assert tree is not None
    found = [
        (node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "HERE"
    ]
    whole = [
        (node.lineno, node.col_offset)
        for node in ast.walk(ast.parse(TEXT))
        if isinstance(node, ast.Name) and node.id == "HERE"
    ]
    assert found == whole


def test_where_the_split_goes_wrong_the_whole_file_is_read() -> None:
    text = b"def one():\n    return (\n1)\n\ndef two():\n    return [\nHERE]\n"
    assert names(parsed(SourceFile("a.py", text), places(text, b"HERE"))) == ["one", "two"]


def test_no_python() -> None:
    assert parsed(SourceFile("a.py", b"print 'x'\n"), [0]) is None
    assert parsed(SourceFile("a.py", b"x = 1\0"), [0]) is None
