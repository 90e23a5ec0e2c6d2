"""Calls whose result is known: paths, strings, environment defaults, the file's own functions."""

import ast
from collections.abc import Callable

from dockwright.shell.expand import dirname
from dockwright.shell.python.evaluate import Evaluator
from dockwright.shell.python.strings import split_words
from dockwright.shell.python.targets import looked_up
from dockwright.shell.python.values import Group, Items, Ref, Table, Value, assumed, dotted
from dockwright.shell.values import with_parts
from dockwright.shell.words import HoleKind, Word

Builtin = Callable[[Evaluator, ast.Call], Value]


def call_value(evaluator: Evaluator, node: ast.Call) -> Value:
    """The value of a call; a call of something imported is a `Ref` that keeps its arguments."""
    function = node.func
    name = callee(evaluator, function)
    builtin = _FUNCTIONS.get(name)
    if builtin is not None:
        return builtin(evaluator, node)
    if isinstance(function, ast.Attribute):
        base = evaluator.value(function.value)
        found, value = _method(evaluator, node, function.attr, base)
        if found:
            return value
        if isinstance(base, Ref):
            return Ref(
                f"{base.name}.{function.attr}()", tuple(evaluator.value(item) for item in node.args[:4])
            )
    elif isinstance(function, ast.Name) and isinstance(evaluator.lookup(function.id), Ref):
        return Ref(f"{name}()", tuple(evaluator.value(item) for item in node.args[:4]))
    own = evaluator.program.functions.get(name.rpartition(".")[2])
    if own is not None and (name.count(".") == 0 or name.startswith(("self.", "cls."))):
        return assumed(own.result())
    return None


def callee(evaluator: Evaluator, function: ast.expr) -> str:
    """The dotted name a call goes to, imported names resolved: `sp.run` -> `subprocess.run`."""
    if isinstance(function, ast.Name):
        value = evaluator.lookup(function.id)
        return value.name if isinstance(value, Ref) else function.id
    if isinstance(function, ast.Attribute):
        base = evaluator.value(function.value) if not isinstance(function.value, ast.Call) else None
        if isinstance(base, Ref):
            return f"{base.name}.{function.attr}"
        return dotted(function)
    return ""


def _method(evaluator: Evaluator, node: ast.Call, name: str, base: Value) -> tuple[bool, Value]:
    if isinstance(base, Word):
        if name == "format":
            return True, evaluator.format_call(node, base)
        if name == "join":
            return True, evaluator.join_call(node, base)
        if name == "split" and not node.args:
            return True, split_words(base, quotes=False)
        if name == "joinpath":
            return True, evaluator.path_join(node, [base, *(evaluator.word(item) for item in node.args)])
        if name in _UNCHANGED:
            return True, base
        if name == "replace" and len(node.args) == 2:
            return True, _replaced(evaluator, node, base)
        return False, None
    if isinstance(base, Items) and name in ("copy", "__add__"):
        return True, base
    if isinstance(base, Table):
        return _table_method(evaluator, node, name, base)
    return False, None


_UNCHANGED = frozenset(
    ("resolve", "absolute", "as_posix", "expanduser", "strip", "rstrip", "lstrip", "lower", "encode", "decode",
     "__str__", "__fspath__", "expandvars", "removesuffix"),
)  # fmt: skip


def _replaced(evaluator: Evaluator, node: ast.Call, base: Word) -> Value:
    old, new = (evaluator.word(item).value for item in node.args)
    if base.value is None or not old or new is None:
        return None
    return with_parts(base, (base.value.replace(old, new),))


def _table_method(evaluator: Evaluator, node: ast.Call, name: str, base: Table) -> tuple[bool, Value]:
    if name == "get" and node.args:
        default = evaluator.value(node.args[1]) if len(node.args) > 1 else None
        return True, looked_up(evaluator, base, evaluator.value(node.args[0]), node, default)
    if name == "values":
        return True, Group(list(base.entries.values()))
    if name in ("items", "keys"):
        keys: list[Value] = [evaluator.made(node, (key,)) for key in base.entries]
        if name == "keys":
            return True, Group(keys)
        return True, Group(
            [Group([key, value]) for key, value in zip(keys, base.entries.values(), strict=True)]
        )
    return False, None


def _first(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.value(node.args[0]) if node.args else None


def _text(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.word(node.args[0]) if node.args else None


def _path(evaluator: Evaluator, node: ast.Call) -> Value:
    if not node.args:
        return evaluator.made(node, (".",))
    if any(isinstance(item, ast.Starred) for item in node.args):
        return None
    return evaluator.path_join(node, [evaluator.word(item) for item in node.args])


def _dirname(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.made(node, dirname(evaluator.word(node.args[0]).parts)) if node.args else None


def _environment(evaluator: Evaluator, node: ast.Call) -> Value:
    if len(node.args) > 1:
        value = evaluator.value(node.args[1])
        if value is not None:
            return assumed(value)
    name = evaluator.word(node.args[0]) if node.args else None
    if name is not None and name.value in ("HOME", "GITHUB_WORKSPACE", "PWD"):
        kind = {"HOME": HoleKind.HOME, "PWD": HoleKind.WORKING_DIR}.get(name.value or "", HoleKind.REPOSITORY)
        return evaluator.hole(node, name.value or "", kind)
    return evaluator.hole(node, name.value or "" if name is not None else "")


def _working_directory(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.hole(node, "cwd", HoleKind.WORKING_DIR)


def _home(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.hole(node, "HOME", HoleKind.HOME)


def _split(evaluator: Evaluator, node: ast.Call) -> Value:
    return split_words(evaluator.word(node.args[0]), quotes=True) if node.args else None


def _list(evaluator: Evaluator, node: ast.Call) -> Value:
    value = _first(evaluator, node)
    return value if isinstance(value, Items | Group) else Items(((),)) if not node.args else None


def _which(evaluator: Evaluator, node: ast.Call) -> Value:
    return assumed(evaluator.word(node.args[0])) if node.args else None


def _shlex_join(evaluator: Evaluator, node: ast.Call) -> Value:
    return evaluator.join_call(node, evaluator.made(node, (" ",)))


_FUNCTIONS: dict[str, Builtin] = {
    "str": _text, "os.fspath": _text, "os.fsdecode": _text, "shlex.quote": _text, "pipes.quote": _text,
    "os.path.abspath": _first, "os.path.realpath": _first, "os.path.normpath": _first, "os.path.expanduser": _first,
    "os.path.expandvars": _first, "cast": _first, "typing.cast": _first,
    "os.path.join": _path, "pathlib.Path": _path, "Path": _path, "pathlib.PurePath": _path, "pathlib.PosixPath": _path,
    "os.path.dirname": _dirname,
    "os.environ.get": _environment, "os.getenv": _environment, "os.environ.setdefault": _environment,
    "os.getcwd": _working_directory, "pathlib.Path.cwd": _working_directory, "Path.cwd": _working_directory,
    "pathlib.Path.home": _home, "Path.home": _home,
    "shlex.split": _split, "shlex.join": _shlex_join,
    "list": _list, "tuple": _list, "sorted": _first, "reversed": _first, "iter": _first, "copy.copy": _first,
    "shutil.which": _which, "distutils.spawn.find_executable": _which,
}  # fmt: skip
