"""Shell syntax that no shell reads."""

import pytest

from dockwright.rules.health._shell import shell_syntax


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["curl", "-f", "http://x", "||", "exit", "1"], ("||", True)),
        (["npm", "start", ">", "log"], (">", True)),
        (["curl", "http://x:$PORT"], ("http://x:$PORT", True)),
        (["/bin/check", "--port", "${PORT}"], ("${PORT}", False)),
        (["redis-server", "--requirepass", "$(cat", "/run/pw)"], ("$(cat", True)),
    ],
)
def test_found(words, found):
    result = shell_syntax(words)
    assert result is not None
    assert (words[result.index], result.sure) == found


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["curl", "http://x/?a=1&b=2"],
        ["sh", "-c", "a && b"],
        ["tini", "--", "bash", "-c", "a || b"],
        ["psql", "-c", "select $1 || $2"],
        ["find", "/x", "-exec", "rm", "{}", ";"],
        ["mysqladmin", "ping", "-p", "$PW"],
        ["python", "-c", "import os; os.environ['A']"],
        ["echo", "costs 5$ | more"],
    ],
)
def test_silent(words):
    assert shell_syntax(words) is None
