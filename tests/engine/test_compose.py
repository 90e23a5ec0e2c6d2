"""Compose files in which we see an error: `docker compose config` refuses every one of them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from dockwright import compose
from tests.engine.builds import seeded, side_by_side
from tests.lab.engine import plugin

pytestmark = [pytest.mark.engine, pytest.mark.slow]

GOOD: dict[str, Any] = {
    "name": "made",
    "services": {
        "web": {
            "image": "nginx:1", "build": {"context": ".", "dockerfile": "D", "args": {"A": "1"}, "target": "t"},
            "ports": ["80:80", {"target": 90, "published": "91"}], "environment": {"A": "b", "C": None}, "command": ["a", "b"],
            "depends_on": {"db": {"condition": "service_healthy"}}, "volumes": ["data:/d", {"type": "bind", "source": ".", "target": "/x"}],
            "healthcheck": {"test": ["CMD", "true"], "interval": "5s", "retries": 3}, "networks": {"front": {"aliases": ["w"]}},
            "deploy": {"replicas": 2, "resources": {"limits": {"cpus": "0.5", "memory": "5m"}}}, "restart": "always", "env_file": [],
            "labels": {"a": "b"}, "profiles": ["p"], "expose": ["81"], "tmpfs": ["/t"], "dns": "1.1.1.1", "init": True, "user": "1",
        },
        "db": {"image": "postgres", "environment": ["X=1", "Y"], "networks": ["front"], "secrets": ["s"], "configs": [{"source": "c"}],
               "extra_hosts": ["a:1.2.3.4"], "logging": {"driver": "none", "options": {"x": "y"}}, "ulimits": {"nofile": 10}},
    },
    "networks": {"front": {"driver": "bridge"}}, "volumes": {"data": None}, "secrets": {"s": {"environment": "S"}},
    "configs": {"c": {"content": "x"}},
}  # fmt: skip
VALUES = (
    None,
    1,
    1.5,
    True,
    "text",
    "",
    [],
    ["a"],
    [1],
    [None],
    {},
    {"a": "b"},
    {"a": None},
    [{"a": 1}],
    "${X",
    "${X:-1}",
    "${X:?no}",
)
NOISE = (
    "\t",
    ":",
    "- ",
    "'",
    '"',
    "{",
    "]",
    "&a",
    "*a",
    "*b",
    "!!str ",
    "!reset ",
    "!x ",
    "|",
    ">",
    "#",
    "\n",
    "  ",
    "%",
    "@",
    "<<: *a",
    "? ",
    "\\",
    "...\n",
    "---\n",
)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, one in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield (*above, key)
        yield from places(one, (*above, key))


def another(random: Random, value: Any, place: tuple[Any, ...]) -> Any:
    """The same with something else at one place."""
    if not place:
        return random.choice(VALUES)
    made = dict(value) if isinstance(value, dict) else list(value)
    made[place[0]] = another(random, made[place[0]], place[1:])
    return made


def a_file(random: Random) -> bytes:
    value = GOOD
    if random.random() < 0.7:
        for _ in range(random.choice((1, 1, 2))):
            value = another(random, value, random.choice(list(places(value))))
    text = yaml.safe_dump(value, sort_keys=False, default_flow_style=random.choice((False, None)))
    if random.random() < 0.5:
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(NOISE) + text[at:]
    if random.random() < 0.15:
        lines = text.split("\n")
        at = random.randrange(len(lines) - 1)
        text = "\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])
    return text.encode()


def refused(path: Path) -> str:
    done = subprocess.run(
        [*plugin("compose"), "-f", str(path), "config", "-q"], capture_output=True, text=True, check=False
    )
    return (done.stderr.strip() or "refused") if done.returncode else ""


@pytest.mark.parametrize("number", range(4))
def test_what_we_call_an_error_is_refused(engine: None, tmp_path: Path, number: int) -> None:
    random = seeded(f"compose {number}")
    (tmp_path / "D").write_text("FROM scratch\n")
    files = [(tmp_path / f"{at}.yaml", a_file(random)) for at in range(60)]
    said = [(path, text, compose.read(text, path.name).problems) for path, text in files]
    errors = [(path, text, problems[0]) for path, text, problems in said if problems]
    for path, text, _ in errors:
        path.write_bytes(text)
    answers = side_by_side(refused, (path for path, *_ in errors))
    wrong = [one for one, answer in zip(errors, answers, strict=True) if not answer]
    assert len(errors) > 5
    assert wrong == []
