"""Runs rules together with a copy of this process, on another core.

Rules only look at the facts, so a copy that `fork` makes of this process when these are complete can run some of them,
and hand back plain findings. Families of rules wait in a pipe; whoever is free takes the next one. What a copy that died
had taken is run again here. The same conditions hold as for `beside`, and the outcome is the same as without.
"""

import os
import pickle
from collections.abc import Callable

from dockwright.audit.beside import possible
from dockwright.repository.repository import Repository
from dockwright.rules import engine
from dockwright.rules.engine import Outcome, Portion
from dockwright.rules.rule import Rule

ENOUGH = 200_000
"""Bytes of Docker files and scripts from which a copy is worth the making of it."""

MOST = 256
"""Families of rules; the number of one is a byte."""


def running(repository: Repository, rules: tuple[Rule, ...], *, beside: bool) -> "Running":
    """The rules at work, in a copy of this process where that is wanted, helps and is possible."""
    size = sum(len(item.source.data) for item in repository.items())
    if not beside or size < ENOUGH or len(engine.portions(rules)) > MOST or not possible():
        return Running(repository, rules)
    try:
        return Together(repository, rules)
    except OSError:  # no memory, too many processes
        return Running(repository, rules)


class Running:
    """Rules that are run here, when the outcome is asked for."""

    def __init__(self, repository: Repository, rules: tuple[Rule, ...]) -> None:
        self._repository = repository
        self._rules = rules

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what running them needed."""

    def outcome(self) -> Outcome:
        """What the rules found; to be asked for once."""
        return engine.run(self._repository, self._rules)


class Together(Running):
    """Rules that a copy of this process runs at once, and this one too from when the outcome is asked for."""

    def __init__(self, repository: Repository, rules: tuple[Rule, ...]) -> None:
        super().__init__(repository, rules)
        self._families = engine.portions(rules)
        self._take, give = os.pipe()
        self._done, done = os.pipe()
        os.write(give, bytes(range(len(self._families))))  # fewer than a pipe holds
        os.close(give)
        self._process = os.fork()
        if not self._process:
            os.close(self._done)
            _copy(self._next, self._run, done)
        os.close(done)

    def _next(self) -> int | None:
        """The next family; None when nothing waits any more."""
        waiting = os.read(self._take, 1)
        return waiting[0] if waiting else None

    def _run(self, number: int) -> Portion:
        return engine.run_portion(self._repository, self._families[number])

    def outcome(self) -> Outcome:
        found: dict[int, Portion] = {}
        while (number := self._next()) is not None:
            found[number] = self._run(number)
        found.update(_received(self._done))
        parts = [found.get(number) or self._run(number) for number in range(len(self._families))]
        return engine.joined(self._repository, parts)

    def close(self) -> None:
        """End the copy; one that still works fails as soon as it hands anything back."""
        for handle in (self._take, self._done):
            if handle >= 0:
                os.close(handle)
        if self._process:
            os.waitpid(self._process, 0)
        self._process, self._take, self._done = 0, -1, -1


def _received(handle: int) -> dict[int, Portion]:
    """What the copy hands back; nothing from one that died."""
    data = bytearray()
    while chunk := os.read(handle, 1 << 20):
        data += chunk
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or len(data) != size + 8:
        return {}
    found: dict[int, Portion] = pickle.loads(memoryview(data)[8:])  # noqa: S301 - our own copy wrote it
    return found


def _copy(take: Callable[[], int | None], run: Callable[[int], Portion], done: int) -> None:
    """What the copy does, and all it does. It never returns, and leaves nothing behind (`os._exit`)."""
    code = 1
    try:
        found: dict[int, Portion] = {}
        while (number := take()) is not None:
            found[number] = run(number)
        data = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        view = memoryview(len(data).to_bytes(8, "little") + data)
        while view:
            view = view[os.write(done, view) :]
        code = 0
    finally:
        os._exit(code)
