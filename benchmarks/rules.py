"""What each rule costs on one file: CPU time per Dockerfile of the benchmark list, the dearest first.

Whatever a rule is the first to ask for (a RUN read as commands, the settings of a stage) counts as its own; those
that ask later get it for nothing. So a row says what the rule costs where it stands, not what leaving it out saves.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import thread_time

import msgspec

from dockwright.cli.select import select
from dockwright.cli.single import check_file
from dockwright.rules.finding import Finding
from dockwright.rules.rule import Rule

ABOUT = frozenset(("DockerfileSubject", "StageSubject"))


def seconds_per_rule(paths: Sequence[Path]) -> tuple[Counter[str], float]:
    """CPU seconds of each rule over all files, and those of the whole check. The files are read once before."""
    spent: Counter[str] = Counter()
    timed = tuple(_timed(rule, spent) for rule in select((), (), about=ABOUT))
    plain = select((), (), about=ABOUT)
    gc.disable()  # as the command does
    try:
        for rules in (plain, timed):
            spent.clear()
            start = thread_time()
            for path in paths:
                check_file(path, lambda _, chosen=rules: chosen)
            whole = thread_time() - start
    finally:
        gc.enable()
    return spent, whole


def _timed(rule: Rule, spent: Counter[str]) -> Rule:
    """The rule with a clock around its check."""
    inner = rule.check

    def check(subject: object) -> Iterator[Finding]:
        start = thread_time()
        try:
            return iter([*inner(subject)])
        finally:
            spent[rule.id] += thread_time() - start

    check.__annotations__ = inner.__annotations__
    return msgspec.structs.replace(rule, check=check)


def print_costs(folder: Path, names: Sequence[str], most: int = 15) -> None:
    """Print the dearest rules, in microseconds per file."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        spent, whole = seconds_per_rule([Path(name) for name in names])
    finally:
        os.chdir(before)
    print(f"{'all of it, clocks included':58} {whole / len(names) * 1e6:>19.1f} µs")
    for name, seconds in spent.most_common(most):
        print(f"  {name:56} {seconds / len(names) * 1e6:>19.1f} µs per file")
