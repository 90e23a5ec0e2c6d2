"""What a first reading of a file learns of its own functions, for the second: results and arguments."""

import ast

from dockwright.shell.python.values import Value, merged_value

MAX_CALLS = 24


class Function:
    """A function or method of the file: what it returned and what it was called with."""

    __slots__ = ("calls", "parameters", "results")

    def __init__(self, parameters: list[str]) -> None:
        self.parameters = parameters
        self.results: list[Value] = []
        self.calls: list[dict[str, Value]] = []

    def result(self) -> Value:
        """What a call gives: any of its results."""
        known = [value for value in self.results if value is not None]
        if not known:
            return None
        return merged_value("", [*known, *([None] if len(known) < len(self.results) else [])])


class Program:
    """The functions of a file by their bare names (methods of all classes together)."""

    __slots__ = ("constants", "functions", "looked", "relevant")

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self.looked: dict[int, list[ast.AST]] = {}
        """Calls and lists of an expression (by its identity: the tree lives as long as both passes)."""
        self.constants: dict[int, Value] = {}
        """Words of constants, kept in the same way."""
        self.relevant: dict[int, bool] = {}
        """Where a function begins -> whether its body is worth reading."""
