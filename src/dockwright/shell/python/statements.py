"""The statements of Python: what each does to what names mean, and where calls stand in it.

Every function takes the walker and a statement, and is true when the statement surely leaves the block it is in.
"""

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockwright.shell.paths import HERE
from dockwright.shell.python.calls import from_value
from dockwright.shell.python.functions import MAX_CALLS, Function
from dockwright.shell.python.targets import bind, element
from dockwright.shell.python.values import Env, Items, Ref, Value, dotted, merge_env
from dockwright.shell.recognise import command_string
from dockwright.shell.script import Nest, Scope
from dockwright.shell.values import with_parts
from dockwright.shell.words import Word

if TYPE_CHECKING:
    from dockwright.shell.python.walk import Walker

_COMMAND_NAME = re.compile(r"(?i)(?:^|_)(?:cmd|command)s?$")


def assign(walker: "Walker", node: ast.Assign) -> bool:
    walker.look(node.value)
    value = walker.evaluator.value(node.value)
    for target in node.targets:
        bind(walker.evaluator, target, value)
        named_command(walker, target, node.value, value)
    return False


def annotated(walker: "Walker", node: ast.AnnAssign) -> bool:
    if node.value is not None:
        walker.look(node.value)
        bind(walker.evaluator, node.target, walker.evaluator.value(node.value))
    return False


def named_command(walker: "Walker", target: ast.expr, node: ast.expr, value: Value) -> None:
    """`cmd = "docker ps"`: kept unless a call takes it."""
    name = dotted(target).rpartition(".")[2]
    if walker.collect and isinstance(value, Word) and _COMMAND_NAME.search(name) and command_string(value):
        for start in from_value(value, "string", HERE, ()):
            walker.lists.append((node, start.argv, walker.place))


def augmented(walker: "Walker", node: ast.AugAssign) -> bool:
    walker.look(node.value)
    name = dotted(node.target)
    before = walker.evaluator.lookup(name)
    if isinstance(node.op, ast.Add) and name:
        value = walker.evaluator.value(node.value)
        if isinstance(before, Items):
            walker.evaluator.env[name] = before.plus(walker.evaluator.as_items(value, node.value))
        elif isinstance(before, Word):
            word = value if isinstance(value, Word) else walker.evaluator.hole(node.value)
            walker.evaluator.env[name] = with_parts(before, (*before.parts, *word.parts))
    elif isinstance(node.op, ast.Div) and isinstance(before, Word):
        walker.evaluator.env[name] = walker.evaluator.path_join(
            node.value, [before, walker.evaluator.word(node.value)]
        )
    return False


def expression(walker: "Walker", node: ast.Expr) -> bool:
    walker.look(node.value)
    return False


def return_(walker: "Walker", node: ast.Return) -> bool:
    if node.value is not None:
        walker.look(node.value)
        if not walker.collect and walker.place and walker.place[-1].kind is not Nest.CLASS:
            name = next((scope.name for scope in reversed(walker.place) if scope.kind is Nest.FUNCTION), "")
            function = walker.program.functions.get(name)
            if function is not None and len(function.results) < MAX_CALLS:
                function.results.append(walker.evaluator.value(node.value))
    return True


def leave(walker: "Walker", node: ast.stmt) -> bool:
    walker.look(node)
    return True


def branches(walker: "Walker", arms: list[tuple[Scope, list[ast.stmt]]], *, complete: bool) -> bool:
    """Walk alternatives from the same state; True when every one of them leaves."""
    before, outer = walker.evaluator.env, walker.place
    ends: list[Env] = []
    left = 0
    for scope, body in arms:
        walker.evaluator.env = before.copy()
        walker.place = (*outer, scope)
        if walker.block(body):
            left += 1
        else:
            ends.append(walker.evaluator.env)
    walker.place = outer
    if not complete:
        ends.append(before.copy())
    walker.evaluator.env = before
    changed = [end for end in ends if end != before]
    if changed:
        merge_env(before, changed if len(changed) == len(ends) else [*changed, before.copy()])
    return not ends


def scope(walker: "Walker", kind: Nest, node: ast.stmt | ast.expr, name: str = "") -> Scope:
    return Scope(kind, name, walker.evaluator.start(node))


def if_(walker: "Walker", node: ast.If) -> bool:
    walker.look(node.test)
    arms = [(scope(walker, Nest.THEN, node), node.body)]
    if node.orelse:
        arms.append((scope(walker, Nest.ELSE, node.orelse[0]), node.orelse))
    return branches(walker, arms, complete=bool(node.orelse))


def for_(walker: "Walker", node: ast.For | ast.AsyncFor) -> bool:
    walker.look(node.iter)
    before, outer = walker.evaluator.env, walker.place
    walker.evaluator.env = before.copy()
    bind(walker.evaluator, node.target, element(walker.evaluator, walker.evaluator.value(node.iter)))
    walker.place = (*outer, scope(walker, Nest.LOOP, node))
    walker.block(node.body)
    after = walker.evaluator.env
    walker.place, walker.evaluator.env = outer, before
    merge_env(before, [before.copy(), after])
    return walker.block(node.orelse)


def while_(walker: "Walker", node: ast.While) -> bool:
    walker.look(node.test)
    branches(walker, [(scope(walker, Nest.LOOP, node), node.body)], complete=False)
    return walker.block(node.orelse)


def try_(walker: "Walker", node: ast.Try) -> bool:
    outer = walker.place
    walker.place = (*outer, scope(walker, Nest.TRY, node))
    before = walker.evaluator.env.copy()
    left = walker.block(node.body) or walker.block(node.orelse)
    walker.place = outer
    ends = [] if left else [walker.evaluator.env]
    for handler in node.handlers:
        walker.evaluator.env = {**before, **walker.evaluator.env} if left else before.copy()
        name = dotted(handler.type) if handler.type is not None else ""
        walker.place = (
            *outer,
            Scope(Nest.EXCEPT, name, walker.evaluator.starts[handler.lineno - 1] + handler.col_offset),
        )
        if not walker.block(handler.body):
            ends.append(walker.evaluator.env)
        walker.place = outer
    final: Env = before
    if ends:
        final = dict(ends[0])
        merge_env(final, ends)
    walker.evaluator.env = final
    return walker.block(node.finalbody) or not ends


def with_(walker: "Walker", node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        walker.look(item.context_expr)
        if item.optional_vars is not None:
            bind(walker.evaluator, item.optional_vars, walker.evaluator.value(item.context_expr))
    return walker.block(node.body)


def match(walker: "Walker", node: ast.Match) -> bool:
    walker.look(node.subject)
    return branches(
        walker, [(scope(walker, Nest.CASE, case.body[0]), case.body) for case in node.cases], complete=False
    )


def define(walker: "Walker", node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    nested = bool(walker.place) and walker.place[-1].kind is Nest.FUNCTION
    env = walker.evaluator.env.copy() if nested else {}
    walker.waiting.append((node, env, walker.place))
    for decorator in node.decorator_list:
        walker.look(decorator)
    if not walker.collect and node.name not in walker.program.functions:
        names = [
            item.arg
            for item in (*node.args.posonlyargs, *node.args.args)
            if item.arg not in ("walker", "cls")
        ]
        walker.program.functions[node.name] = Function(names)
    return False


def define_class(walker: "Walker", node: ast.ClassDef) -> bool:
    walker.class_(node)
    return False


def import_(walker: "Walker", node: ast.Import) -> bool:
    for item in node.names:
        walker.imports.append(item.name)
        walker.sdk = walker.sdk or item.name.partition(".")[0] in ("docker", "aiodocker", "podman")
        if item.asname:
            walker.evaluator.env[item.asname] = Ref(item.name)
        else:
            top = item.name.partition(".")[0]
            walker.evaluator.env[top] = Ref(top)
    return False


def import_from(walker: "Walker", node: ast.ImportFrom) -> bool:
    module = "." * node.level + (node.module or "")
    walker.imports.append(module)
    walker.sdk = walker.sdk or module.partition(".")[0] in ("docker", "aiodocker", "podman")
    for item in node.names:
        walker.imports.append(f"{module}.{item.name}" if not module.endswith(".") else module + item.name)
        walker.evaluator.env[item.asname or item.name] = Ref(f"{module}.{item.name}")
    return False


STATEMENTS: dict[type, Callable[..., bool]] = {
    ast.Assign: assign, ast.AnnAssign: annotated, ast.AugAssign: augmented, ast.Expr: expression,
    ast.Return: return_, ast.Raise: leave, ast.Break: leave, ast.Continue: leave,
    ast.If: if_, ast.For: for_, ast.AsyncFor: for_, ast.While: while_, ast.Try: try_,
    ast.TryStar: try_, ast.With: with_, ast.AsyncWith: with_, ast.Match: match,
    ast.FunctionDef: define, ast.AsyncFunctionDef: define, ast.ClassDef: define_class,
    ast.Import: import_, ast.ImportFrom: import_from,
}  # fmt: skip
