"""Fallbacks in Python tools: another engine in a handler, compose files tried in turn."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import msgspec

from dockwright.repository.narrow import MAX_LINE, occurrences, parsed
from dockwright.shell.python.nodes import nodes, statements
from dockwright.text import SourceFile, Span

COMPOSE_NAME = re.compile(r"(?:^|/)[\w.-]{0,100}compose[\w.-]{0,100}\.ya?ml$")
ENGINES = frozenset(
    ("docker", "podman", "docker-compose", "podman-compose", "nerdctl", "docker compose", "podman compose")
)
ENGINE = re.compile(rb"(?:docker|podman|nerdctl)(?:[ -]compose)?[\"']")
"""What follows a quote where an engine is named."""
CHOOSES = re.compile(rb"return|=")
OPENS = b" \t\r\n\\([\"'uUrR"
"""What may stand between `return` or `=` and the word that is chosen; comments too."""
EXCEPT = re.compile(rb"except\b[^\n:]{0,400}:")
BELOW = 9
"""Lines below an `except` on which its handler may choose another engine."""
LIST = re.compile(
    rb"compose[\w.-]{0,100}\.ya?ml[\"'],?\s{0,200}(?:#[^\n]{0,200}\s{0,200})?[\"'][\w./-]{0,200}compose[\w.-]{0,100}\.ya?ml[\"']"
)
COMPOSE = re.compile(rb"compose[\w.-]{0,100}\.ya?ml[\"']")
TESTS = re.compile(rb"\.(?:exists|is_file|isfile)\(")
"""Without one of these there is nothing to read more closely."""
EXISTS = frozenset(("exists", "is_file", "isfile"))


class Fallback(msgspec.Struct, frozen=True):
    """One fallback: where, and what it does in words."""

    span: Span
    message: str


def find(source: SourceFile) -> Iterator[Fallback]:
    """The fallbacks of a Python file; none when it is not valid Python."""
    data = source.data
    engines = _named_engines(data)
    chosen = [at for at in engines if _is_chosen(data, at)]
    if chosen and _chooses_in_handler(source, engines):
        tree = parsed(source, chosen, holding=b"except")
        for node in statements(tree) if tree is not None else ():
            if isinstance(node, ast.Try):
                yield from _handlers(source, node)
    if LIST.search(data) and TESTS.search(data):
        seen = _Seen()
        tree = parsed(source, (match.start() for match in COMPOSE.finditer(data)))
        for node in nodes(tree, _NOTED) if tree is not None else ():
            seen.note(node)
        yield from seen.tried_in_turn(source)


def _named_engines(data: bytes) -> list[int]:
    """Where the names of engines stand as strings, just behind their opening quotes."""
    return sorted(
        at
        for word in (b"docker", b"podman", b"nerdctl")
        for at in occurrences(data, word)
        if data[at - 1 : at] in (b'"', b"'") and ENGINE.match(data, at)
    )


def _is_chosen(data: bytes, at: int) -> bool:
    """True behind `return` or `=`: `return "docker"`, `= ["docker", …]`."""
    before = data[max(at - MAX_LINE, 0) : at].rstrip(OPENS)
    while not before.endswith((b"return", b"=")):
        line = before.rfind(b"\n") + 1
        comment = before.find(b"#", line)
        if comment < 0:
            return False
        before = before[:comment].rstrip(OPENS)
    return True


def _chooses_in_handler(source: SourceFile, engines: Iterable[int]) -> bool:
    """A cheap look: an engine's name behind `return` or `=`, not far below an `except`."""
    data = source.data
    handlers = [source.line_of(found.start()) for found in EXCEPT.finditer(data)]
    for at in engines if handlers else ():
        line = source.line_of(at)
        start = source.line_starts[line - 1]
        if CHOOSES.search(data, max(start, at - MAX_LINE), at) is None:
            continue
        index = bisect_left(handlers, line - BELOW)
        if index < len(handlers) and handlers[index] < line:
            return True
    return False


def _handlers(source: SourceFile, node: ast.Try) -> Iterator[Fallback]:
    """A handler that chooses an engine where the body chose or tried another one."""
    if not _engines(node.body):
        return
    for handler in node.handlers:
        for statement in handler.body:
            value = getattr(statement, "value", None)
            if (
                isinstance(statement, (ast.Return, ast.Assign))
                and value is not None
                and _chosen_engine(value)
            ):
                chosen = _chosen_engine(value)
                yield Fallback(
                    _span(source, statement), f"chooses `{chosen}` when the attempt before it failed"
                )


_TELLING = frozenset((ast.Constant, ast.Call))


def _engines(body: list[ast.stmt]) -> bool:
    for statement in body:
        for node in nodes(statement, _TELLING):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ENGINES:
                return True
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if re.search(r"(?i)docker|podman|container|compose", str(name)):
                    return True
    return False


def _chosen_engine(value: ast.expr) -> str:
    """The engine a constant or list of constants names; empty when it is something else."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value in ENGINES:
        return value.value
    if isinstance(value, (ast.List, ast.Tuple)) and value.elts:
        words = [
            part.value
            for part in value.elts
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        if len(words) == len(value.elts) and words[0] in ENGINES:
            return " ".join(words[:2])
    return ""


_NOTED = frozenset((ast.List, ast.Tuple, ast.Attribute, ast.FunctionDef, ast.AsyncFunctionDef))


class _Seen:
    """What one pass over a file notes: functions, lists of compose files, tests for existence."""

    def __init__(self) -> None:
        self._functions: list[tuple[int, int]] = []
        self._tests: list[int] = []
        self._lists: list[tuple[ast.List | ast.Tuple, list[str]]] = []

    def note(self, node: ast.AST) -> None:
        if isinstance(node, (ast.List, ast.Tuple)):
            names = [
                part.value
                for part in node.elts
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            if 1 < len(names) == len(node.elts) and all(COMPOSE_NAME.search(name) for name in names):
                self._lists.append((node, names))
        elif isinstance(node, ast.Attribute):
            if node.attr in EXISTS:
                self._tests.append(node.lineno)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._functions.append((node.lineno, node.end_lineno or node.lineno))

    def tried_in_turn(self, source: SourceFile) -> Iterator[Fallback]:
        """Lists of compose files of which the first that exists is taken: a test stands in the same function."""
        for node, names in self._lists:
            around = [span for span in self._functions if span[0] <= node.lineno <= span[1]]
            first, last = max(around, default=(0, 0))
            if any(first <= line <= last for line in self._tests):
                listed = ", ".join(f"`{name}`" for name in names)
                yield Fallback(
                    _span(source, node),
                    f"takes the first of {len(names)} compose files that exists: {listed}",
                )


def _span(source: SourceFile, node: ast.stmt | ast.expr) -> Span:
    starts = source.line_starts
    start = starts[node.lineno - 1] + node.col_offset
    return Span(start, starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0))
