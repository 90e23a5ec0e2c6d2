"""Keeps the shell parser from running without end.

tree-sitter takes time that grows with the square of a text made for it (`[a](` over and over: a second for 16 KB, hours
for a megabyte), and counting its steps does not show it, since the steps themselves get longer. So its time is watched,
that of the thread, not of the clock on the wall: a text is given up when it takes far longer than texts of its size do,
and when all texts of a repository together have wasted `PATIENCE` seconds, further long ones are not begun. What people
write takes an eighth of what is allowed, so that for them the answer does not depend on time.
"""

import re
from collections.abc import Callable
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

SHORT = 512
"""Bytes below which a text is not watched; the worst of them takes two thousandths of a second."""
ALLOWED = 1e-6
"""Seconds a byte may take; ordinary text takes 0.13 µs."""
LIMIT = 0.4
"""Seconds one text may take beyond that."""
PATIENCE = 4.0
"""Seconds all texts may take beyond that, before only short ones are read."""
CHAIN = 1_000
"""Pipes in one statement: what stands before them all is kept waiting, and giving up on it costs the square, at once."""
_STATEMENT = re.compile(rb"(?<![|&])[ \t]*+\n|;")
TOO_LONG = "its shell text is joined or nested so that reading it takes too long"


class Watch:
    """Time taken beyond what was to be expected. `begin` it anew for each repository."""

    def __init__(self) -> None:
        self.wasted = 0.0

    def begin(self) -> None:
        self.wasted = 0.0

    def parse(self, parser: "Parser", data: bytes) -> "Tree | None":
        """The tree of a text; None when it takes too long."""
        if len(data) < SHORT:
            return parser.parse(data)
        if data.count(b"|") > CHAIN and any(part.count(b"|") > CHAIN for part in _STATEMENT.split(data)):
            return None
        left = min(LIMIT, PATIENCE - self.wasted)
        if left <= 0:
            return None
        start = thread_time()
        expected = len(data) * ALLOWED
        end = start + expected + left
        try:
            return parser.parse(_reader(data), progress_callback=lambda *_: thread_time() > end)
        except ValueError:  # what a parse that was stopped raises
            parser.reset()
            return None
        finally:
            self.wasted += max(thread_time() - start - expected, 0.0)


def _reader(data: bytes) -> Callable[[int, object], bytes]:
    return lambda at, _: data[at:] if at else data


WATCH = Watch()
"""The one watch of a process: repositories are read one after the other."""
