"""No regular expression of the package takes more than linear time, whatever text it is given.

Every compiled pattern is run, the way the code uses it, over texts made from the pattern itself, each longer than the one
before until the work can be measured. What is judged is how it grows from there, not how long it takes.
"""

import importlib
import math
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dockwright
from dockwright.lazy import LazyPattern
from tests.hostile.pumps import pumps

LENGTHS = (2_000, 16_000)
"""Quadratic work on the last takes a hundred milliseconds and more, what is worse takes that on the first."""
MEASURABLE = 0.03
"""Seconds of this process's own time from which growth is told from noise: its clock may tick in milliseconds."""
LIMIT = 0.6
"""Seconds after which a run is stopped: at these lengths, linear work takes a hundredth."""
ANYWHERE = frozenset(("search", "finditer", "findall", "sub", "subn", "split"))
NAMES = "names of files and folders, at most 255 bytes"
SHORT = {
    "dockwright.bake.patterns._TOKEN": "patterns longer than 500 are refused first",
    "dockwright.dockerfile.golang._TRAILING": "given the last three bytes",
    "dockwright.image.programs._VERSION": NAMES,
    "dockwright.overlap.versions._PINNED": "words of a Dockerfile, cut first",
    "dockwright.replay.renames._NAME": NAMES,
    "dockwright.repository.callers._SCRIPT": "words longer than MAX_WORD are left out",
    "dockwright.repository.classify._CORE": NAMES,
    "dockwright.repository.classify._COMPOSE_CORE": NAMES,
    "dockwright.repository.names._BAKE": NAMES,
    "dockwright.repository.names._CLOUDBUILD": NAMES,
    "dockwright.repository.names._TILT": NAMES,
    "dockwright.repository.references.mentions._ENTRY": "lines, cut at MAX_LINE",
    "dockwright.repository.references.mentions._MESSAGE": "lines, cut at MAX_LINE",
    "dockwright.repository.references.mentions._URL": "given the twelve bytes before a name",
    "dockwright.repository.roots._IN_IMAGE": NAMES,
    "dockwright.repository.standing._BACKUP_FOLDER": NAMES,
    "dockwright.repository.standing._BACKUP_NAME": NAMES,
    "dockwright.repository.standing._COOKIECUTTER": NAMES,
    "dockwright.rules._shared.secret_files.KEY_FILE": NAMES,
    "dockwright.rules.contents.runs_as_root.SCRIPT": "words longer than MAX_PATH are left out",
    "dockwright.rules.dead.unused_entrypoint_script.STARTS": NAMES,
    "dockwright.shell.windows._CMD_SET": "lines longer than 4096 are left out",
}
"""Patterns that are only ever given short texts, and what sees to that."""
ANCHORED = frozenset(
    f"dockwright.{name}"
    for name in (
        "bake.expressions._BLANK",
        "compose.yaml.flow_line._ITEM",
        "compose.yaml.flow_line._PAIR",
        "compose.yaml.lines._ITEM",
        "compose.yaml.scan._PLAIN",
        "compose.yaml.scan._PLAIN_FLOW",
        "compose.yaml.scan._SINGLE_END",
        "compose.yaml.scan._DOUBLE_END",
        "dockerfile.heredoc._OPENER",
        "dockerfile.heredoc._OPENER_0_13",
        "shell.windows._CMD_TOKEN",
        "shell.windows._PS_TOKEN",
    )
)
"""Patterns chosen by name and then only matched at a place."""


class TooLong(Exception):
    """The limit is reached."""


def _sources() -> dict[str, str]:
    root = Path(dockwright.__file__).parent
    return {
        "dockwright."
        + ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path.read_text()
        for path in root.rglob("*.py")
        if path.stem != "__main__"
    }


def _patterns(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, LazyPattern):
        yield value.compiled()
    elif depth < 3 and isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _patterns(item, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from _patterns(tuple(value.values()), depth)


def _used(name: str, source: str, sources: dict[str, str]) -> frozenset[str]:
    """The methods the code calls on the pattern; all that look anywhere when it is not seen which."""
    calls = re.compile(rf"\b{re.escape(name)}(?:\[[^\]]*\])?\.(\w+)")
    found = {
        method
        for text in ([source] if name[0] == "_" else sources.values())
        for method in calls.findall(text)
    }
    methods = found & (ANYWHERE | {"match", "fullmatch"})
    return frozenset(methods) or ANYWHERE


def every_pattern() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    sources = _sources()
    seen: set[re.Pattern[Any]] = set()
    for module in pkgutil.walk_packages(dockwright.__path__, "dockwright."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in _patterns(value):
                if pattern not in seen:
                    seen.add(pattern)
                    full = f"{module.name}.{name}"
                    methods = _used(name, sources[module.name], sources)
                    yield full, pattern, frozenset(("match",)) if full in ANCHORED else methods


def _run(pattern: re.Pattern[Any], text: Any, methods: frozenset[str]) -> None:
    if methods & ANYWHERE:
        for _ in pattern.finditer(text):
            pass
    if "match" in methods:
        pattern.match(text)
    if "fullmatch" in methods:
        pattern.fullmatch(text)


def _too_long(*_: object) -> None:
    raise TooLong


def slow_text(pattern: re.Pattern[Any], methods: frozenset[str]) -> tuple[str, str] | None:
    """What makes the work of a pattern grow faster than the text."""
    for before, body in sorted(pumps(pattern)):
        for tail in ("", "\n\0"):
            if _superlinear(pattern, methods, (before, body, tail)):
                return before[:80], body[:80]
    return None


def _superlinear(pattern: re.Pattern[Any], methods: frozenset[str], made: tuple[str, str, str]) -> bool:
    """True when twice the length takes three times as long or more: a ratio, so that a busy machine changes nothing."""
    for length in LENGTHS:
        spent = _spent(pattern, methods, made, length)
        if spent is None:
            return True
        if spent > MEASURABLE:
            once, twice = (_least(pattern, methods, made, size) for size in (length, 2 * length))
            return twice >= 3 * once
    return False


def _least(
    pattern: re.Pattern[Any], methods: frozenset[str], made: tuple[str, str, str], length: int
) -> float:
    """The shortest of several runs; without end when all were stopped."""
    runs = [_spent(pattern, methods, made, length) for _ in range(3)]
    return min((run for run in runs if run is not None), default=math.inf)


def _spent(
    pattern: re.Pattern[Any], methods: frozenset[str], made: tuple[str, str, str], length: int
) -> float | None:
    """Processor seconds for a text of that length; None when it was stopped at the limit."""
    before, body, tail = made
    text: Any = before + body * (length // len(body)) + tail
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    began = time.process_time()
    try:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
            _run(pattern, text, methods)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TooLong:
        return None
    return time.process_time() - began


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_pattern_is_linear() -> None:
    earlier = signal.signal(signal.SIGVTALRM, _too_long)
    try:
        slow = {
            name: text
            for name, pattern, methods in every_pattern()
            if name not in SHORT and (text := slow_text(pattern, methods)) is not None
        }
    finally:
        signal.signal(signal.SIGVTALRM, earlier)
    assert slow == {}


def test_the_search_for_slow_texts_finds_some() -> None:
    earlier = signal.signal(signal.SIGVTALRM, _too_long)
    try:
        for slow in (r"a[^\n]*b", r"x(?:a+)+y", r"(?:\s+#\w+)*\s*$", r"\{\{.*?\}\}"):
            assert slow_text(re.compile(slow), ANYWHERE) is not None, slow
        for fast in (r"a[^\n]{0,100}b", r"(?<!a)a++b", r"x.*"):
            assert slow_text(re.compile(fast), ANYWHERE) is None, fast
    finally:
        signal.signal(signal.SIGVTALRM, earlier)
