"""Commands of compose files, with the places of their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright import compose
from dockwright.rules._shared.commands import mapped, of_command, of_healthcheck, started


def service(text: str):
    data = ("services:\n  web:\n    image: nginx:1.27\n" + text).encode()
    file = compose.read(data, "compose.yaml")
    return file, file.services["web"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("    command: uvicorn app:app --reload\n", ["uvicorn"]),
        ("    command: sh -c 'nc -z db 1 && exec gunicorn app'\n", ["sh", "nc", "gunicorn"]),
        ("    command: [sh, -c, 'cd /x; python -m app']\n", ["sh", "python"]),
        ('    command: >\n      bash -c "a &&\n      b"\n', ["bash", "a", "b"]),
        ("    command: 'it''s \"unclosed'\n", []),
        ("    command: null\n", []),
        ("    command: []\n", []),
    ],
)
def test_programs_of_a_command(text, names):
    _, found = service(text)
    assert [command.name for command in started(of_command(found.command))] == names


def test_words_know_their_place():
    file, found = service(
        '    command: >\n      sh -c "\n        echo one &&\n        while ! nc -z db 5432; do sleep 1; done"\n'
    )
    (nc,) = [command for command in of_command(found.command) if command.name == "nc"]
    assert file.yaml.source.text(nc.argv[0].span) == "nc"
    assert file.yaml.source.line_of(nc.span.start) == 7


def test_two_dollars_are_one():
    file, found = service("    healthcheck:\n      test: pg_isready -U $$USER -d $${DB} || exit 1\n")
    text = mapped(found.healthcheck.test[0])
    assert text.text == "pg_isready -U $USER -d ${DB} || exit 1"
    at = text.data.index(b"exit")
    assert file.yaml.source.data[text.offset(at) :].startswith(b"exit 1")


@pytest.mark.parametrize(
    ("test", "names"),
    [
        ('["CMD", "curl", "-f", "http://localhost/"]', ["curl"]),
        ('["CMD-SHELL", "curl -f http://localhost/ || exit 1"]', ["curl"]),
        ("curl -f http://localhost/ || wget -q http://localhost/", ["curl", "wget"]),
        ('["NONE"]', []),
        ('["curl", "-f"]', []),
    ],
)
def test_programs_of_a_health_check(test, names):
    _, found = service(f"    healthcheck:\n      test: {test}\n")
    assert [command.name for command in started(of_healthcheck(found.healthcheck))] == names


@given(st.text(alphabet="ab $'\"\\;|&\n-é", max_size=40))
def test_any_command_is_read_and_lies_in_the_file(text):
    quoted = "'" + text.replace("'", "''") + "'"
    file, found = service(f"    command: {quoted}\n    healthcheck:\n      test: {quoted}\n")
    size = len(file.yaml.source.data)
    for command in (*of_command(found.command), *of_healthcheck(found.healthcheck)):
        assert 0 <= command.span.start <= command.span.end <= size
