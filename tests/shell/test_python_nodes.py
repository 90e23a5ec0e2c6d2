"""Fast walks meet what `ast.walk` meets."""

import ast
import inspect
import textwrap
from types import ModuleType

import pytest

from dockwright.shell.python import evaluate, nodes, statements, walk

LEFT_OUT = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop, ast.alias)
ODD = """
import a.b as c
async def f(x: int = 1, *y, z=(1, 2), **k) -> list[str]:
    async with g() as h, i: pass
    return [await j async for j in k if j] or {**k, 'l': f"{m!r:>{n}}"}
try: pass
except* ValueError as o: raise o from None
match p:
    case {"q": [r, *_], **s} if (t := r): global u; del v[1:2]
    case W(x=1) | None: pass
y: int = lambda z, /: (yield)
"""


@pytest.mark.parametrize("module", [evaluate, statements, walk, inspect, textwrap])
def test_nodes_of_modules(module: ModuleType) -> None:
    same(inspect.getsource(module))


def test_nodes_of_odd_things() -> None:
    same(ODD)


def same(text: str) -> None:
    tree = ast.parse(text)
    expected = [node for node in ast.walk(tree) if not isinstance(node, LEFT_OUT)]
    found = nodes.nodes(tree, {type(node) for node in expected})
    assert {id(node) for node in found} == {id(node) for node in expected}
    assert len(found) == len(expected)
    calls = [node for node in expected if isinstance(node, ast.Call)]
    assert {id(node) for node in nodes.nodes(tree, (ast.Call,))} == {id(node) for node in calls}
    holders = (ast.stmt, ast.ExceptHandler, ast.match_case, ast.Module)
    wanted = {id(node) for node in expected if isinstance(node, holders)}
    assert {id(node) for node in nodes.statements(tree)} == wanted
