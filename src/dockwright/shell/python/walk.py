"""Walks the statements of a Python file in order, keeping what names mean, and collects the programs it starts.

A file is walked twice: first to learn what its own functions return and are called with, then to collect.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

from dockwright.shell.invocations import Invocation
from dockwright.shell.paths import HERE
from dockwright.shell.python.calls import Started, from_value, only_looks, started
from dockwright.shell.python.evaluate import Evaluator, dotted
from dockwright.shell.python.functions import MAX_CALLS, Function, Program
from dockwright.shell.python.sdk import sdk_calls
from dockwright.shell.python.values import Env, Group, Items, Ref, Value, assumed, merge_env, merged_value
from dockwright.shell.recognise import command_string, starts_container_tool
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
_LEAVES = frozenset((ast.Constant, ast.Name, str, int, type(None), bool))
_SKIPPED = frozenset(
    ("ctx", "attr", "id", "op", "ops", "arg", "kind", "type_comment", "conversion", "names", "is_async")
)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in _SKIPPED)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and kind._fields
}
"""The fields of each kind of node that may hold expressions."""
_FIRST = frozenset(
    ("__init__", "__post_init__", "setUp", "setup_method", "setup_class", "setUpClass", "setup")
)
_COMMAND_NAME = re.compile(r"(?i)(?:^|_)(?:cmd|command)s?$")


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
                env[name] = self.evaluator.any_of(values) if len(values) > 1 else assumed(values[0])
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
            env[arguments.vararg.arg] = self.evaluator.any_of(values) if values else unknown

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
        return any(self.statement(statement) for statement in statements)

    def statement(self, node: ast.stmt) -> bool:
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            return handler(self, node)
        self.look(node)
        return False

    def look(self, node: ast.AST | None) -> None:
        """Find calls in an expression or simple statement."""
        if node is None:
            return
        stack: list[Any] = [node]
        while stack:
            item = stack.pop()
            kind = type(item)
            if kind in _LEAVES:
                continue
            if kind is list:
                stack.extend(item)
                continue
            if kind is ast.Call:
                self.call(item)
            elif kind is ast.List or kind is ast.Tuple:
                self.literal(item)
            for field in _FIELDS.get(kind, ()):
                stack.append(getattr(item, field))

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
        for start in sdk_calls(self.evaluator, node, imported=self.sdk):
            self.keep(start, node, self.place)
        for start in started(self.evaluator, node):
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

    # -- handlers

    def assign(self, node: ast.Assign) -> bool:
        self.look(node.value)
        value = self.evaluator.value(node.value)
        for target in node.targets:
            self.evaluator.bind(target, value)
            self.named_command(target, node.value, value)
        return False

    def annotated(self, node: ast.AnnAssign) -> bool:
        if node.value is not None:
            self.look(node.value)
            self.evaluator.bind(node.target, self.evaluator.value(node.value))
        return False

    def named_command(self, target: ast.expr, node: ast.expr, value: Value) -> None:
        """`cmd = "docker ps"`: kept unless a call takes it."""
        name = dotted(target).rpartition(".")[2]
        if self.collect and isinstance(value, Word) and _COMMAND_NAME.search(name) and command_string(value):
            for start in from_value(value, "string", HERE, ()):
                self.lists.append((node, start.argv, self.place))

    def augmented(self, node: ast.AugAssign) -> bool:
        self.look(node.value)
        name = dotted(node.target)
        before = self.evaluator.lookup(name)
        if isinstance(node.op, ast.Add) and name:
            value = self.evaluator.value(node.value)
            if isinstance(before, Items):
                self.evaluator.env[name] = before.plus(self.evaluator.as_items(value, node.value))
            elif isinstance(before, Word):
                word = value if isinstance(value, Word) else self.evaluator.hole(node.value)
                self.evaluator.env[name] = with_parts(before, (*before.parts, *word.parts))
        elif isinstance(node.op, ast.Div) and isinstance(before, Word):
            self.evaluator.env[name] = self.evaluator.path_join(
                node.value, [before, self.evaluator.word(node.value)]
            )
        return False

    def expression(self, node: ast.Expr) -> bool:
        self.look(node.value)
        return False

    def return_(self, node: ast.Return) -> bool:
        if node.value is not None:
            self.look(node.value)
            if not self.collect and self.place and self.place[-1].kind is not Nest.CLASS:
                name = next((scope.name for scope in reversed(self.place) if scope.kind is Nest.FUNCTION), "")
                function = self.program.functions.get(name)
                if function is not None and len(function.results) < MAX_CALLS:
                    function.results.append(self.evaluator.value(node.value))
        return True

    def leave(self, node: ast.stmt) -> bool:
        self.look(node)
        return True

    def branches(self, arms: list[tuple[Scope, list[ast.stmt]]], *, complete: bool) -> bool:
        """Walk alternatives from the same state; True when every one of them leaves."""
        before, outer = self.evaluator.env, self.place
        ends: list[Env] = []
        left = 0
        for scope, body in arms:
            self.evaluator.env = before.copy()
            self.place = (*outer, scope)
            if self.block(body):
                left += 1
            else:
                ends.append(self.evaluator.env)
        self.place = outer
        if not complete:
            ends.append(before.copy())
        self.evaluator.env = before
        if ends:
            merge_env(before, ends)
        return not ends

    def scope(self, kind: Nest, node: ast.stmt | ast.expr, name: str = "") -> Scope:
        return Scope(kind, name, self.evaluator.start(node))

    def if_(self, node: ast.If) -> bool:
        self.look(node.test)
        arms = [(self.scope(Nest.THEN, node), node.body)]
        if node.orelse:
            arms.append((self.scope(Nest.ELSE, node.orelse[0]), node.orelse))
        return self.branches(arms, complete=bool(node.orelse))

    def for_(self, node: ast.For | ast.AsyncFor) -> bool:
        self.look(node.iter)
        before, outer = self.evaluator.env, self.place
        self.evaluator.env = before.copy()
        self.evaluator.bind(node.target, self.evaluator.element(self.evaluator.value(node.iter)))
        self.place = (*outer, self.scope(Nest.LOOP, node))
        self.block(node.body)
        after = self.evaluator.env
        self.place, self.evaluator.env = outer, before
        merge_env(before, [before.copy(), after])
        return self.block(node.orelse)

    def while_(self, node: ast.While) -> bool:
        self.look(node.test)
        self.branches([(self.scope(Nest.LOOP, node), node.body)], complete=False)
        return self.block(node.orelse)

    def try_(self, node: ast.Try) -> bool:
        outer = self.place
        self.place = (*outer, self.scope(Nest.TRY, node))
        before = self.evaluator.env.copy()
        left = self.block(node.body) or self.block(node.orelse)
        self.place = outer
        ends = [] if left else [self.evaluator.env]
        for handler in node.handlers:
            self.evaluator.env = {**before, **self.evaluator.env} if left else before.copy()
            name = dotted(handler.type) if handler.type is not None else ""
            self.place = (
                *outer,
                Scope(Nest.EXCEPT, name, self.evaluator.starts[handler.lineno - 1] + handler.col_offset),
            )
            if not self.block(handler.body):
                ends.append(self.evaluator.env)
            self.place = outer
        final: Env = before
        if ends:
            final = dict(ends[0])
            merge_env(final, ends)
        self.evaluator.env = final
        return self.block(node.finalbody) or not ends

    def with_(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            self.look(item.context_expr)
            if item.optional_vars is not None:
                self.evaluator.bind(item.optional_vars, self.evaluator.value(item.context_expr))
        return self.block(node.body)

    def match(self, node: ast.Match) -> bool:
        self.look(node.subject)
        return self.branches(
            [(self.scope(Nest.CASE, case.body[0]), case.body) for case in node.cases], complete=False
        )

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        nested = bool(self.place) and self.place[-1].kind is Nest.FUNCTION
        env = self.evaluator.env.copy() if nested else {}
        self.waiting.append((node, env, self.place))
        for decorator in node.decorator_list:
            self.look(decorator)
        if not self.collect and node.name not in self.program.functions:
            names = [
                item.arg
                for item in (*node.args.posonlyargs, *node.args.args)
                if item.arg not in ("self", "cls")
            ]
            self.program.functions[node.name] = Function(names)
        return False

    def define_class(self, node: ast.ClassDef) -> bool:
        self.class_(node)
        return False

    def import_(self, node: ast.Import) -> bool:
        for item in node.names:
            self.imports.append(item.name)
            self.sdk = self.sdk or item.name.partition(".")[0] in ("docker", "aiodocker", "podman")
            if item.asname:
                self.evaluator.env[item.asname] = Ref(item.name)
            else:
                top = item.name.partition(".")[0]
                self.evaluator.env[top] = Ref(top)
        return False

    def import_from(self, node: ast.ImportFrom) -> bool:
        module = "." * node.level + (node.module or "")
        self.imports.append(module)
        self.sdk = self.sdk or module.partition(".")[0] in ("docker", "aiodocker", "podman")
        for item in node.names:
            self.imports.append(f"{module}.{item.name}" if not module.endswith(".") else module + item.name)
            self.evaluator.env[item.asname or item.name] = Ref(f"{module}.{item.name}")
        return False


_STATEMENTS: dict[type, Callable[..., bool]] = {
    ast.Assign: Walker.assign, ast.AnnAssign: Walker.annotated, ast.AugAssign: Walker.augmented, ast.Expr: Walker.expression,
    ast.Return: Walker.return_, ast.Raise: Walker.leave, ast.Break: Walker.leave, ast.Continue: Walker.leave,
    ast.If: Walker.if_, ast.For: Walker.for_, ast.AsyncFor: Walker.for_, ast.While: Walker.while_, ast.Try: Walker.try_,
    ast.TryStar: Walker.try_, ast.With: Walker.with_, ast.AsyncWith: Walker.with_, ast.Match: Walker.match,
    ast.FunctionDef: Walker.define, ast.AsyncFunctionDef: Walker.define, ast.ClassDef: Walker.define_class,
    ast.Import: Walker.import_, ast.ImportFrom: Walker.import_from,
}  # fmt: skip
