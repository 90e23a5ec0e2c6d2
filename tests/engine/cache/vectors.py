"""Recorded histories: states as what changed from one to the next, with what the engine said of each step."""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dockwright.trees.memory import Content, Link, Program
from tests.engine.cache.state import State

Built = list[tuple[State, Mapping[str, bool]]]
"""The states of one scenario with the steps of each: by name, found in the cache or not."""
FOLDER = Path(__file__).parent / "vectors"
_KINDS: dict[str, Callable[[str], Content]] = {"link": Link, "program": Program, "bytes": b64decode}


def write(path: Path, about: Mapping[str, str], histories: Iterable[tuple[str, Built]]) -> None:
    """Write a file of histories; equal histories give equal bytes."""
    lines = [json.dumps({"about": dict(about)})]
    lines += [json.dumps({"name": name, "states": list(_deltas(built))}) for name, built in histories]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))


def read(path: Path) -> Iterator[tuple[str, Built]]:
    """The histories of a file."""
    _, *lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    for row in map(json.loads, lines):
        yield row["name"], list(_states(row["states"]))


def _deltas(built: Built) -> Iterator[dict[str, Any]]:
    before: Mapping[str, Content] = {}
    for state, steps in built:
        changed = {path: _plain(one) for path, one in state.files.items() if before.get(path) != one}
        changed |= {path: None for path in before if path not in state.files}
        yield {
            "path": state.path,
            "files": changed,
            "args": state.args,
            "target": state.target,
            "steps": steps,
        }
        before = state.files


def _states(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[State, Mapping[str, bool]]]:
    files: dict[str, Content] = {}
    for row in rows:
        for path, one in row["files"].items():
            if one is None:
                del files[path]
            else:
                files[path] = _KINDS[one[0]](one[1]) if isinstance(one, list) else one
        yield State(row["path"], dict(files), row["args"], row["target"]), row["steps"]


def _plain(content: Content) -> str | list[str]:
    if isinstance(content, bytes):
        return ["bytes", b64encode(content).decode()]
    if isinstance(content, Link):
        return ["link", content.target]
    text = content.text if isinstance(content, Program) else content
    assert isinstance(text, str)
    return ["program", text] if isinstance(content, Program) else text
