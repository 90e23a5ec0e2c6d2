"""Shell syntax in words that no shell reads."""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

OPERATORS = frozenset(
    [
        "||",
        "&&",
        "|",
        ";",
        "&",
        ">",
        ">>",
        "<",
        "2>",
        "2>&1",
        ">&2",
        "1>",
        "&>",
        ">/dev/null",
        "2>/dev/null",
        "&>/dev/null",
    ]
)
_VARIABLE = re.compile(r"\$\{?[A-Za-z_][A-Za-z0-9_]*|\$\(")
_PROGRAM_TEXT = frozenset(
    (
        "-c",
        "-e",
        "--eval",
        "-lc",
        "-ec",
        "-exec",
        "--execute",
        "--query",
        "-Q",
        "-q",
        "-p",
        "eval",
        "-r",
        "-x",
    )
)
"""The word behind these is a program of its own (a shell's, an interpreter's, a database's)."""
SHELLS = frozenset(
    [
        "sh",
        "bash",
        "ash",
        "dash",
        "zsh",
        "ksh",
        "busybox",
        "pwsh",
        "powershell",
        "cmd",
        "cmd.exe",
        "env",
        "node",
        "python",
        "python3",
        "perl",
        "ruby",
        "php",
        "awk",
        "sed",
        "jq",
        "find",
        "expr",
        "test",
        "[",
        "envsubst",
        "envdir",
        "dockerize",
    ]
)
"""Programs that read words as programs, or to which operators are words of their own."""
LITERAL = frozenset(
    [
        "curl",
        "wget",
        "nc",
        "pg_isready",
        "redis-cli",
        "mysqladmin",
        "mysql",
        "mongosh",
        "mongo",
        "rabbitmq-diagnostics",
    ]
)
"""Programs known not to expand variables themselves."""


class Found(msgspec.Struct, frozen=True):
    """The word that only a shell would understand: its index, and whether that is beyond doubt."""

    index: int
    operator: bool
    sure: bool


def program_name(word: str) -> str:
    """The name of a program without its directory."""
    return word.rpartition("/")[2]


def shell_syntax(words: Sequence[str]) -> Found | None:
    """The first word that only a shell would understand; None when there is none or a shell is started.

    `words` are a command in exec form, the program first, compose's own variables already filled in. A variable is
    beyond doubt only where the program is known not to look for variables itself.
    """
    if not words or program_name(words[0]) in SHELLS:
        return None
    if any(program_name(word) in SHELLS and later in _PROGRAM_TEXT for word, later in pairwise(words)):
        return None  # a wrapper (`tini -- sh -c …`) starts a shell
    for index, word in enumerate(words[1:], start=1):
        if word in OPERATORS:
            return Found(index, operator=True, sure=True)
        if _VARIABLE.search(word) and words[index - 1] not in _PROGRAM_TEXT and " " not in word.strip():
            return Found(index, operator=False, sure="$(" in word or program_name(words[0]) in LITERAL)
    return None
