"""Random edits of a state, each of which leaves it buildable: what `FIXED` names stays, the ignore file is one of the given."""

import posixpath
import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

from dockwright.dockerfile import parse
from dockwright.trees.memory import Content, Link, Program
from tests.engine.cache.scenarios import FIXED, Scenario
from tests.engine.cache.state import State

_FREE = re.compile(r"^(?!.*Dockerfile).*[^/]$")
_VALUE = re.compile(r"^((?:ENV|ARG) \w+=)(\w+)", re.MULTILINE | re.IGNORECASE)
_RUN = re.compile(r"^RUN (?!<<|\[|--|.*[\\`]$).+$", re.MULTILINE | re.IGNORECASE)
_COPY = re.compile(r"^(?P<word>COPY|ADD) (?!<<|\[|.*[\\`]$).* (?P<to>/\S*)$", re.MULTILINE)
Edit = Callable[[Random, Scenario, State], State | None]


def _files(state: State, *, free: bool = False) -> list[str]:
    return sorted(
        path
        for path, content in state.files.items()
        if _FREE.match(path)
        and not path.endswith(".dockerignore")
        and not isinstance(content, Link | bytes)
        and not (free and path in FIXED)
    )


def _bytes(content: Content) -> str:
    text = content.text if isinstance(content, Program) else content
    assert isinstance(text, str)
    return text


def touch(random: Random, scenario: Scenario, state: State) -> State | None:
    """Other bytes in a file; now and then bytes of the same length."""
    path = random.choice(_files(state))
    content = state.files[path]
    text = _bytes(content)
    text = text[::-1] if random.random() < 0.2 else f"{text}{random.randint(1, 3)}\n"
    return state.with_file(path, Program(text) if isinstance(content, Program) else text)


def rewrite(random: Random, scenario: Scenario, state: State) -> State | None:
    """The same bytes again, at another time."""
    path = random.choice(_files(state))
    return state.with_file(path, state.files[path], again=path)


def add(random: Random, scenario: Scenario, state: State) -> State | None:
    folder = random.choice(
        ("", "src/", "src/lib/", "docs/", "bin/", "test/", "links/", "keep/", "new/", "keep/empty/")
    )
    path = f"{folder}{random.choice(('n1.txt', 'n2.py', 'n3.csv', 'n4.md', '.n5'))}"
    return None if path in state.files else state.with_file(path, f"{random.randint(1, 2)}\n")


def add_folder(random: Random, scenario: Scenario, state: State) -> State | None:
    path = f"{random.choice(('src/', 'docs/', '', 'keep/'))}void{random.randint(1, 2)}/"
    return None if path in state.files else state.with_file(path, "")


def remove(random: Random, scenario: Scenario, state: State) -> State | None:
    paths = _files(state, free=True)
    return state.with_file(random.choice(paths), None) if paths else None


def rename(random: Random, scenario: Scenario, state: State) -> State | None:
    paths = _files(state, free=True)
    if not paths:
        return None
    path = random.choice(paths)
    new = posixpath.join(posixpath.dirname(path), f"r{random.randint(1, 3)}{posixpath.splitext(path)[1]}")
    return None if new in state.files else state.with_file(path, None).with_file(new, state.files[path])


def change_mode(random: Random, scenario: Scenario, state: State) -> State | None:
    path = random.choice(_files(state))
    content = state.files[path]
    return state.with_file(
        path, _bytes(content) if isinstance(content, Program) else Program(_bytes(content))
    )


def relink(random: Random, scenario: Scenario, state: State) -> State | None:
    path, targets = random.choice(
        (
            ("link", ("src/main.py", "a.txt", "./src/main.py", "src/lib/util.py")),
            ("links/in", ("../a.txt", "../src/main.py")),
        )
    )
    return state.with_file(path, Link(random.choice(targets)))


def ignore(random: Random, scenario: Scenario, state: State) -> State | None:
    if not scenario.ignores:
        return None
    return state.with_file(scenario.ignore_path, random.choice(scenario.ignores))


def argument(random: Random, scenario: Scenario, state: State) -> State | None:
    if not scenario.args:
        return None
    name = random.choice(sorted(scenario.args))
    return state.with_argument(name, random.choice((*scenario.args[name], None)))


def target(random: Random, scenario: Scenario, state: State) -> State | None:
    return state.with_target(random.choice(scenario.targets)) if len(scenario.targets) > 1 else None


# -- the Dockerfile


def _instructions(text: str) -> list[tuple[int, int, str]]:
    """First and last line (from 0) and keyword of every instruction after the first FROM."""
    nodes = parse(text.encode()).instructions
    first = next(index for index, node in enumerate(nodes) if node.keyword.value.upper() == "FROM")
    return [(node.first_line - 1, node.last_line - 1, node.keyword.value.upper()) for node in nodes[first:]]


def insert(random: Random, scenario: Scenario, state: State) -> State | None:
    """A new instruction after some other, most often one that is no step."""
    lines = state.dockerfile.split("\n")
    at = random.choice(_instructions(state.dockerfile))[1] + 1
    number = random.randint(1, 2)
    bare = (
        "FROM scratch" in state.dockerfile
    )  # no shell there, and a name that is not salted would be known already
    line = random.choice(
        (
            "# note",
            "",
            f"LABEL n={number}",
            f"ENV N={number}",
            f"ARG N={number}",
            "CMD true",
            "EXPOSE 81",
            "WORKDIR /{salt}/ins" if bare else "WORKDIR /ins",
            "USER 7" if bare else f"RUN true inserted {number}",
        )
    )
    return state.with_dockerfile("\n".join([*lines[:at], line, *lines[at:]]))


def change_run(random: Random, scenario: Scenario, state: State) -> State | None:
    found = list(_RUN.finditer(state.dockerfile))
    if not found:
        return None
    line = random.choice(found)
    text = random.choice(
        (
            f"{line[0]} && true",
            line[0].replace("RUN ", "run ", 1),
            line[0].replace("RUN ", "RUN  ", 1),
            f"{line[0]} ",
        )
    )
    return state.with_dockerfile(state.dockerfile[: line.start()] + text + state.dockerfile[line.end() :])


def change_value(random: Random, scenario: Scenario, state: State) -> State | None:
    found = [one for one in _VALUE.finditer(state.dockerfile) if one[1] not in ("ARG DIR=", "ARG V=")]
    if not found:
        return None
    one = random.choice(found)
    return state.with_dockerfile(
        f"{state.dockerfile[: one.end()]}{random.randint(1, 2)}{state.dockerfile[one.end() :]}"
    )


def swap(random: Random, scenario: Scenario, state: State) -> State | None:
    """Two RUN, ENV or LABEL lines that stand together change places."""
    lines = state.dockerfile.split("\n")
    found = _instructions(state.dockerfile)
    movable = ("RUN", "ENV", "LABEL")
    pairs = [
        one[0]
        for one, other in pairwise(found)
        if one[2] in movable
        and other[2] in movable
        and one[0] == one[1]
        and other[0] == other[1] == one[0] + 1
    ]
    if not pairs:
        return None
    at = random.choice(pairs)
    lines[at : at + 2] = reversed(lines[at : at + 2])
    return state.with_dockerfile("\n".join(lines))


def delete(random: Random, scenario: Scenario, state: State) -> State | None:
    """Without a step that nothing needs."""
    found = re.findall(r"^RUN true(?:.*[^\\`\n])?\n", state.dockerfile, re.MULTILINE)
    return state.with_dockerfile(state.dockerfile.replace(random.choice(found), "", 1)) if found else None


def change_copy(random: Random, scenario: Scenario, state: State) -> State | None:
    """Another flag or destination, where nothing else names it."""
    found = [
        one for one in _COPY.finditer(state.dockerfile) if state.dockerfile.count(one["to"].rstrip("/")) == 1
    ]
    if not found:
        return None
    one = random.choice(found)
    text = one[0]
    if random.random() < 0.5:
        flag = random.choice(("--chmod=640 ", "--chown=7:7 ", "--chown=0:0 ", "--link "))
        text = (
            text
            if flag.partition("=")[0].strip() in text
            else f"{one['word']} {flag}{text[len(one['word']) + 1 :]}"
        )
    else:
        text = f"{text[: -len(one['to'])]}/moved{one['to']}"
    return state.with_dockerfile(state.dockerfile[: one.start()] + text + state.dockerfile[one.end() :])


EDITS: tuple[tuple[int, Edit], ...] = (
    (6, touch), (2, rewrite), (4, add), (1, add_folder), (3, remove), (3, rename), (3, change_mode), (1, relink), (4, ignore),
    (4, argument), (4, target), (4, insert), (3, change_run), (3, change_value), (1, swap), (2, delete), (3, change_copy),
)  # fmt: skip
