"""Import statements of Python files, with their places and whether a missing module is expected."""

import ast
import re
from collections.abc import Iterable, Iterator

import msgspec

from dockwright.repository.narrow import parsed
from dockwright.shell.python.nodes import BLOCKS
from dockwright.text import SourceFile, Span
from dockwright.trees.tree import Tree


class ImportedModule(msgspec.Struct, frozen=True):
    """An absolute import of a dotted module; `guarded` when it stands in a `try` that catches its failure."""

    name: str
    span: Span
    guarded: bool


_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*\.[\w.]+)[ \t]+import\b|import[ \t]+([^\n#;]+))", re.MULTILINE
)
_DOTTED = re.compile(rb"(?<!\w)[A-Za-z_]\w*+(?:\.\w++)++")


def named_modules(source: SourceFile) -> set[str]:
    """Dotted modules that lines of a file seem to import (text in strings counts too): a cheap first look."""
    found: set[bytes] = set()
    data = source.data
    line = 0
    while (
        line < len(data) and (at := data.find(b"import", line)) >= 0
    ):  # trying every line takes ten times as long
        match = _IMPORT.match(data, data.rfind(b"\n", line, at) + 1 or line)
        if match is not None:
            found.update([match[1]] if match[1] else _DOTTED.findall(match[2]))
        line = data.find(b"\n", at) + 1 or len(data)
    return {name.decode("utf-8", "replace") for name in found}


def imported_modules(source: SourceFile, names: Iterable[str]) -> Iterator[ImportedModule]:
    """Absolute imports of dotted modules, of `names` at least; none when the file is not valid Python."""
    places = [match.start() for name in names for match in re.finditer(re.escape(name.encode()), source.data)]
    tree = parsed(source, places)
    if tree is not None:
        yield from _walk(tree, source)


def _walk(tree: ast.Module, source: SourceFile) -> Iterator[ImportedModule]:
    typing = b"TYPE_CHECKING" in source.data
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        current, inside = stack.pop()
        if isinstance(current, ast.Import):
            for alias in current.names:
                if "." in alias.name:
                    yield ImportedModule(alias.name, _span(current, source), inside)
        elif isinstance(current, ast.ImportFrom):
            if current.level == 0 and current.module and "." in current.module:
                yield ImportedModule(current.module, _span(current, source), inside)
        elif isinstance(current, ast.Try) and _catches_imports(current):
            stack.extend((child, True) for child in current.body)
            stack.extend(
                (child, inside) for child in (*current.handlers, *current.orelse, *current.finalbody)
            )
        elif typing and isinstance(current, ast.If) and "TYPE_CHECKING" in ast.dump(current.test):
            stack.extend((child, True) for child in current.body)
        else:
            stack.extend((child, inside) for field in BLOCKS for child in getattr(current, field, ()))


def _catches_imports(node: ast.Try) -> bool:
    caught = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    for handler in node.handlers:
        if handler.type is None:
            return True
        names = {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)}
        if names & caught:
            return True
    return False


def _span(node: ast.Import | ast.ImportFrom, source: SourceFile) -> Span:
    starts = source.line_starts
    start = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    return Span(start, end)


def module_exists(tree: Tree, root: str, name: str) -> bool:
    """True when the dotted module is a file or package below `root`, or its last part may be an attribute."""
    base = f"{root}/{name.replace('.', '/')}".lstrip("/")
    return (
        tree.is_file(f"{base}.py")
        or tree.is_dir(base)
        or any(tree.is_file(f"{base}{ending}") for ending in (".pyi", ".so", ".pyx"))
    )
