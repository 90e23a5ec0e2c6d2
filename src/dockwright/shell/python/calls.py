"""Which Python calls start programs, and with which words."""

import ast
from collections.abc import Iterator

from dockwright.shell.parse import parse_shell
from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.python.evaluate import Evaluator
from dockwright.shell.python.values import Group, Items, Table, Value
from dockwright.shell.recognise import command_string, starts_container_tool
from dockwright.shell.script import Assignment, Command, Dialect
from dockwright.shell.texts import shell_text
from dockwright.shell.words import Word
from dockwright.shell.wrappers import CONTAINER_TOOLS, nested_shells, unwrapped

_LISTS = frozenset(
    ("subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output",
     "asyncio.subprocess.create_subprocess_exec", "os.execv", "os.execvp", "os.execve", "os.execvpe", "os.spawnv",
     "os.spawnvp", "pexpect.spawn", "trio.run_process", "anyio.run_process", "anyio.open_process", "sh.Command",
     "pty.spawn", "invoke.run"),
)  # fmt: skip
"""Calls that take a list of words, or a string."""
_WORDS = frozenset(
    ("asyncio.create_subprocess_exec", "os.execl", "os.execlp", "os.execle", "os.execlpe", "os.spawnl", "os.spawnlp"),
)  # fmt: skip
"""Calls that take the words one by one."""
_STRINGS = frozenset(
    ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
     "commands.getoutput", "commands.getstatusoutput", "os.popen2", "os.popen3", "popen2.popen2"),
)  # fmt: skip
_KNOWN = _LISTS | _WORDS | _STRINGS
_SILENT = frozenset(
    ("print", "append", "add", "info", "debug", "warning", "warn", "error", "exception", "critical", "log", "write",
     "writelines", "echo", "secho", "input", "len", "isinstance", "str", "repr", "join", "split", "startswith", "endswith",
     "replace", "format", "get", "add_argument", "add_parser", "ArgumentParser", "fail", "skip", "skipif", "mark", "raises",
     "Exception", "RuntimeError", "ValueError", "assertEqual", "assertIn", "assertTrue", "assertNotIn", "patch", "which",
     "extend", "insert", "index", "count", "find", "match", "search", "compile", "sub", "findall", "add_error", "strip",
     "set", "sorted", "list", "tuple", "any", "all", "zip", "enumerate", "max", "min", "dumps", "loads", "parametrize",
     "exit", "write_text", "write_bytes", "markdown", "rule", "panel", "Panel", "print_status", "print_error", "success",
     "side_effect", "assert_called_with", "assert_called_once_with", "assert_any_call", "call", "quote", "xfail", "option",
     "Option", "command", "help", "add_row", "title", "put", "send", "lower", "upper", "Path", "open", "setdefault"),
)  # fmt: skip
"""Names of calls that take text without running it."""


_SILENT_PREFIXES = (
    "assert",
    "log_",
    "print",
    "validate",
    "is_",
    "has_",
    "parse",
    "format_",
    "escape",
    "mock",
    "expect",
    "check_if",
)


def only_looks(name: str) -> bool:
    """A call by its name only looks at what it is given (`validate_command`, `assert_called_with`, `is_safe`)."""
    return name.rpartition(".")[2].startswith(_SILENT_PREFIXES)


class Started:
    """A program start found in an expression: its words, and what is set for it."""

    __slots__ = ("argv", "command", "cwd", "env", "via")

    def __init__(
        self, argv: tuple[Word, ...], via: str, cwd: SymbolicPath | None, env: tuple[Assignment, ...],
        command: Command | None = None,
    ) -> None:  # fmt: skip
        self.argv = argv
        self.via = via
        self.cwd = cwd
        self.env = env
        self.command = command


def started(evaluator: Evaluator, node: ast.Call, name: str) -> Iterator[Started]:
    """The programs one call of `name` starts."""
    if name not in _KNOWN:
        yield from _unknown_call(evaluator, node, name)
        return
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    if name in _WORDS:
        value: Value = evaluator.sequence(ast.copy_location(ast.Tuple(elts=node.args, ctx=ast.Load()), node))
        if name.startswith("os.") and isinstance(value, Items):
            value = Items(tuple(option[1:] for option in value.options))
    else:
        first = node.args[0] if node.args else keywords.get("args", keywords.get("cmd"))
        if name.startswith(("os.exec", "os.spawn")) and len(node.args) > 1:
            first = node.args[-1] if not name.endswith("e") else node.args[-2]
        value = evaluator.value(first) if first is not None else None
    cwd, env = _surroundings(evaluator, keywords)
    yield from from_value(value, name, cwd, env)


def _surroundings(
    evaluator: Evaluator, keywords: dict[str, ast.expr]
) -> tuple[SymbolicPath | None, tuple[Assignment, ...]]:
    cwd: SymbolicPath | None = HERE
    if "cwd" in keywords and not (
        isinstance(keywords["cwd"], ast.Constant) and keywords["cwd"].value is None
    ):
        paths = evaluator.word(keywords["cwd"]).paths()
        cwd = paths[0] if len(paths) == 1 else None
    env: tuple[Assignment, ...] = ()
    if "env" in keywords:
        value = evaluator.value(keywords["env"])
        if isinstance(value, Table):
            env = tuple(
                Assignment(key, word) for key, word in value.entries.items() if isinstance(word, Word)
            )
    return cwd, env


def from_value(
    value: Value, via: str, cwd: SymbolicPath | None, env: tuple[Assignment, ...]
) -> Iterator[Started]:
    """The programs a list of words or a command string starts."""
    if isinstance(value, Items):
        for option in value.options:
            if option:
                yield from _from_words(option, via, cwd, env)
    elif isinstance(value, Group):
        for item in value.values:
            yield from from_value(item, via, cwd, env)
    elif isinstance(value, Word):
        found = shell_text(value)
        if found is not None:
            text, variables = found
            for command in parse_shell(text, Dialect.SH, variables).commands:
                if command.argv:
                    where = cwd / command.cwd if cwd is not None and command.cwd is not None else None
                    yield Started(command.argv, via, where, env + command.assignments, command)


def _from_words(words: tuple[Word, ...], via: str, cwd: SymbolicPath | None,
                env: tuple[Assignment, ...]) -> Iterator[Started]:  # fmt: skip
    if len(words) == 1 and " " in (words[0].value or ""):
        yield from from_value(words[0], via, cwd, env)
        return
    argv, _, variables = unwrapped(words)
    yield Started(argv, via, cwd, env + variables)
    nested = nested_shells(argv)
    if nested is not None:
        for word in nested.words:
            yield from from_value(word, via, cwd, env + variables)


def _unknown_call(evaluator: Evaluator, node: ast.Call, name: str) -> Iterator[Started]:
    """A call of anything else with a container tool's command line as argument (`run_command(["docker", "ps"])`)."""
    if name.rpartition(".")[2] in _SILENT or only_looks(name):
        return
    for item in node.args[:4]:
        if not isinstance(
            item, ast.List | ast.Tuple | ast.Name | ast.Attribute | ast.BinOp | ast.Constant | ast.JoinedStr
        ):
            continue
        value = evaluator.value(item)
        if isinstance(value, Items):
            options = tuple(option for option in value.options if starts_container_tool(option))
            if options:
                cwd, env = _surroundings(evaluator, {k.arg: k.value for k in node.keywords if k.arg})
                yield from from_value(Items(options), name, cwd, env)
        elif isinstance(value, Word) and command_string(value):
            yield from from_value(value, name, HERE, ())
            return
    if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in CONTAINER_TOOLS:
        words = evaluator.sequence(ast.copy_location(ast.Tuple(elts=node.args, ctx=ast.Load()), node))
        if isinstance(words, Items) and starts_container_tool(words.options[0]):
            yield from from_value(words, name, HERE, ())
