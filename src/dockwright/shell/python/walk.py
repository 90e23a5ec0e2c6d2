"""Walks the statements of a Python file in order, keeping what names mean, and collects the programs it starts.

A file is walked twice: first to learn what its own functions return and are called with, then to collect.
"""

import ast
import re

from dockwright.shell.invocations import Invocation
from dockwright.shell.paths import HERE
from dockwright.shell.python.builtins import callee
from dockwright.shell.python.calls import Started, only_looks, started
from dockwright.shell.python.evaluate import Evaluator
from dockwright.shell.python.functions import MAX_CALLS, Function, Program
from dockwright.shell.python.nodes import nodes
from dockwright.shell.python.sdk import sdk_calls
from dockwright.shell.python.statements import STATEMENTS
from dockwright.shell.python.targets import any_of
from dockwright.shell.python.values import (
    Env,
    Group,
    Items,
    Value,
    assumed,
    dotted,
    merged_value,
)
from dockwright.shell.recognise import starts_container_tool
from dockwright.shell.script import Nest, Scope
from dockwright.shell.values import with_parts
from dockwright.shell.words import HoleKind, Word
from dockwright.text import MappedText, Span

MAX_FOUND = 5_000
RELEVANT = re.compile(
    rb"[dD]ocker|DOCKER|[pP]odman|nerdctl|buildah|[cC]ompose|COMPOSE|[cC]ontainer|subprocess|os\.(?:system|popen|exec|spawn)"
    rb"|\.run\(|[rR]untime"
)
"""A function without any of these words starts no container tool, unless it only hands on a constant."""
_LEAVES = frozenset((ast.Constant, ast.Name))
_FIRST = frozenset(
    ("__init__", "__post_init__", "setUp", "setup_method", "setup_class", "setUpClass", "setup")
)


_INTERESTING = frozenset((ast.Call, ast.List, ast.Tuple))


class Walker:
    """One pass over a file."""

    def __init__(self, source: MappedText, starts: list[int], program: Program, *, collect: bool) -> None:
        self.evaluator = Evaluator(source, starts, program)
        self.source = source
        self.program = program
        self.collect = collect
        self.place: tuple[Scope, ...] = ()
        self.found: list[Invocation] = []
        self.consumed: set[int] = set()
        """Where the first words of collected command lines stand."""
        self.lists: list[tuple[ast.expr, tuple[Word, ...], tuple[Scope, ...]]] = []
        """Command lines seen as literals; those nobody consumes are collected at the end."""
        self.imports: list[str] = []
        self.waiting: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Env, tuple[Scope, ...]]] = []
        self.sdk = False

    # -- whole file

    def module(self, tree: ast.Module) -> None:
        """Walk a file: its own statements first, then functions, then what is left over."""
        self.block(tree.body)
        module_env = self.evaluator.globals
        while self.waiting:
            waiting, self.waiting = self.waiting, []
            waiting.sort(key=lambda item: item[0].name not in _FIRST)
            for node, env, place in waiting:
                self.evaluator.env = env.copy()
                self.function_body(node, env, place)
        self.evaluator.env = module_env
        if self.collect:
            self.leftover()

    def leftover(self) -> None:
        """Command lines built as lists that no call was seen to take (returned, kept in tables)."""
        for node, words, place in self.lists:
            if words[0].start not in self.consumed:
                self.consumed.add(words[0].start)
                self.keep(Started(words, "list", HERE, ()), node, place)

    def keep(self, start: Started, node: ast.expr, place: tuple[Scope, ...]) -> None:
        if len(self.found) >= MAX_FOUND or not start.argv:
            return
        span = Span(self.evaluator.start(node), self.evaluator.end(node))
        command = start.command
        if command is not None:
            self.found.append(Invocation(
                start.argv, span, start.via, start.cwd, start.env, (*place, *command.place), command.link, command.after,
                command.redirects,
            ))  # fmt: skip
        else:
            self.found.append(Invocation(start.argv, span, start.via, start.cwd, start.env, place))

    # -- functions and classes

    def function_body(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env, place: tuple[Scope, ...]
    ) -> None:
        if not self.relevant(node):
            return
        function = self.program.functions.get(node.name)
        self.parameters(node, function)
        self.place = (*place, Scope(Nest.FUNCTION, node.name, self.evaluator.start(node)))
        self.block(node.body)
        self.place = place
        self.keep_attributes(env)

    def relevant(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Nothing else can start a container tool, whatever it is given. Decided once for both passes."""
        start = self.evaluator.start(node)
        known = self.program.relevant.get(start)
        if known is None:
            text = self.source.data[start : self.evaluator.end(node)]
            known = (
                node.name in _FIRST
                or RELEVANT.search(text) is not None
                or (len(text) < 400 and b"return" in text)
            )
            self.program.relevant[start] = known
        return known

    def parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef, function: Function | None) -> None:
        """Bind parameters to what they were called with in the first pass, else to their defaults."""
        arguments = node.args
        env = self.evaluator.env
        names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
        defaults = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
        defaults.update(
            {
                item.arg: value
                for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
                if value
            }
        )
        given = function.calls if function is not None and self.collect else []
        for name in (*names, *(item.arg for item in arguments.kwonlyargs)):
            if name in ("self", "cls"):
                continue
            values = [call[name] for call in given if call.get(name) is not None]
            default = self.evaluator.value(defaults[name]) if name in defaults else None
            if values:
                env[name] = any_of(self.evaluator, values) if len(values) > 1 else assumed(values[0])
            else:
                env[name] = assumed(default)
        if arguments.vararg is not None:
            values = [call["*"] for call in given if isinstance(call.get("*"), Items)]
            hole = self.evaluator.made(
                ast.copy_location(ast.Name(arguments.vararg.arg), arguments.vararg), ("",)
            )
            rest = self.evaluator.hole(
                ast.copy_location(ast.Name(arguments.vararg.arg), arguments.vararg), kind=HoleKind.ARGUMENTS
            )
            unknown = Items(((with_parts(hole, rest.parts, splits=True),),))
            env[arguments.vararg.arg] = any_of(self.evaluator, values) if values else unknown

    def keep_attributes(self, env: Env) -> None:
        """What a method sets on `self` is known in the methods after it."""
        for name, value in self.evaluator.env.items():
            if name.startswith(("self.", "cls.")) and value is not env.get(name):
                before = env.get(name)
                env[name] = value if before is None else merged_value(name, [before, value])

    def class_(self, node: ast.ClassDef) -> None:
        place, outer = self.place, self.evaluator.env
        self.place = (*place, Scope(Nest.CLASS, node.name, self.evaluator.start(node)))
        self.evaluator.env = outer.copy()
        waiting = len(self.waiting)
        self.block(node.body)
        own = {name: value for name, value in self.evaluator.env.items() if outer.get(name) is not value}
        shared: Env = {}
        for name, value in own.items():
            if "." not in name:
                shared[f"self.{name}"] = shared[f"cls.{name}"] = value
                outer[f"{node.name}.{name}"] = value
        self.waiting[waiting:] = [
            (function, {**env, **shared} if env else shared, where)
            for function, env, where in self.waiting[waiting:]
        ]
        self.evaluator.env = outer
        self.place = place

    # -- statements

    def block(self, statements: list[ast.stmt]) -> bool:
        """Walk statements; True when they surely leave the block (return, raise, break, continue)."""
        for statement in statements:  # no `any`: a generator for each block is felt
            handler = STATEMENTS.get(type(statement))
            if handler is None:
                self.look(statement)
            elif handler(self, statement):
                return True
        return False

    def look(self, node: ast.AST | None) -> None:
        """Handle the calls and lists in an expression or simple statement."""
        if node is None or type(node) in _LEAVES:
            return
        known = self.program.looked.get(id(node))
        if known is None:
            known = self.program.looked[id(node)] = nodes(node, _INTERESTING)
        for item in known:
            if type(item) is ast.Call:
                self.call(item)
            elif self.collect:
                self.literal(item)  # type: ignore[arg-type]

    def literal(self, node: ast.List | ast.Tuple) -> None:
        """Remember a list that is a container tool's command line."""
        if not self.collect or len(node.elts) < 2:
            return
        first = node.elts[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            value = self.evaluator.value(node)
            if isinstance(value, Items) and starts_container_tool(value.options[0]):
                self.lists.append((node, value.options[0], self.place))

    def call(self, node: ast.Call) -> None:
        if not self.collect:
            self.learn(node)
            return
        name = callee(self.evaluator, node.func)
        if not name:
            return
        for start in sdk_calls(self.evaluator, node, name, imported=self.sdk):
            self.keep(start, node, self.place)
        for start in started(self.evaluator, node, name):
            self.consumed.add(start.argv[0].start)
            self.keep(start, node, self.place)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("append", "extend", "insert"):
            self.mutate(node, function)
        elif only_looks(dotted(function)):
            lists = [item for item in node.args if isinstance(item, ast.List | ast.Tuple) and item.elts]
            self.consumed.update(self.evaluator.start(item.elts[0]) for item in lists)

    def learn(self, node: ast.Call) -> None:
        """First pass: what the file's own functions are called with."""
        function = node.func
        name = (
            function.attr
            if isinstance(function, ast.Attribute)
            else function.id
            if isinstance(function, ast.Name)
            else ""
        )
        if isinstance(function, ast.Attribute) and name in ("append", "extend", "insert"):
            self.mutate(node, function)
            return
        known = self.program.functions.get(name)
        if known is None or len(known.calls) >= MAX_CALLS:
            return
        given: dict[str, Value] = {}
        for parameter, item in zip(known.parameters, node.args, strict=False):
            given[parameter] = self.evaluator.value(item)
        for keyword in node.keywords:
            if keyword.arg:
                given[keyword.arg] = self.evaluator.value(keyword.value)
        rest = node.args[len(known.parameters) :]
        if rest and not any(isinstance(item, ast.Starred) for item in rest):
            given["*"] = Items((tuple(self.evaluator.word(item) for item in rest),))
        if any(value is not None for value in given.values()):
            known.calls.append(given)

    def mutate(self, node: ast.Call, function: ast.Attribute) -> None:
        """`name.append(x)`, `name.extend(xs)`, `name.insert(i, x)`."""
        name = dotted(function.value)
        before = self.evaluator.lookup(name)
        if not isinstance(before, Items) or not node.args:
            return
        if function.attr == "extend":
            added = self.evaluator.as_items(self.evaluator.value(node.args[0]), node.args[0])
            self.evaluator.env[name] = before.plus(added)
            return
        value = self.evaluator.value(node.args[-1])
        if function.attr == "append" and isinstance(value, Items | Group):
            self.evaluator.env[name] = Group([value])
            return
        word = value if isinstance(value, Word) else self.evaluator.hole(node.args[-1])
        if function.attr == "append":
            self.evaluator.env[name] = before.plus(Items(((word,),)))
        elif isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, int):
            at = node.args[0].value
            self.evaluator.env[name] = Items(
                tuple((*option[:at], word, *option[at:]) for option in before.options)
            )
