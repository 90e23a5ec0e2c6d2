"""Keeps the shell parser from running without end, by counting what it does.

tree-sitter-bash takes time that grows with the square of a text made for it, in two known ways. Its scanner looks ahead
to the end of the text again and again (`[a](` over and over: a second for 16 KB, hours for a megabyte). The steps the
parser counts do not show that, but what is fetched does: the text is handed over in chunks, and a text whose chunks are
fetched many times over is given up. And what stands before a pipe or in a backquote is kept waiting for the end, so
statements of very many of them are not begun. Both bounds depend on the text alone: the same text gives the same answer
on every machine, and all texts together take time linear in their bytes. What people write stays far below them: of
the 5,400 texts this was measured on (13 MB of RUN bodies, scripts and workflow steps), none fetches its chunks more than
13 times.

There are rarer ways into the square, by repetitions inside what is never closed, that neither count shows. For those
alone a clock stands behind the counts: the time of the thread, at twenty times what ordinary text takes and seconds
beyond. Only a text that takes those can be answered differently on two machines, and the answer says it was given up.
"""

import re
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

SHORT = 512
"""Bytes below which a text is not watched; the worst of them takes two thousandths of a second."""
CHUNK = 512
"""Bytes the parser is handed at a time. Looking through them takes some 4 µs, reading them as shell some 70."""
FETCHES = 64
"""How often a chunk may be fetched, on average over a text; in time, four times what reading it takes."""
CHAIN = 200
"""Pipes, or backquotes, in one line of a statement."""
LONG_CHAIN = 1_000
"""The same where lines end in a pipe, as those of a Markdown table in a heredoc do too."""
_STATEMENT = re.compile(rb"[\n;]")
_COMMENT = re.compile(rb"^[ \t]*+#[^\n]*+", re.MULTILINE)
_CONTINUED = re.compile(rb"([|&])[ \t]*+\n")
ALLOWED = 3e-6
"""Seconds a byte may take; ordinary text takes 0.13 µs."""
LIMIT = 1.0
"""Seconds one text may take beyond that."""
PATIENCE = 5.0
"""Seconds all texts of a repository may take beyond that, before only short ones are read."""
TOO_LONG = "its shell text is joined or nested so that reading it takes too long"


class Watch:
    """Reads texts and gives up on some. `begin` it anew for each repository: it remembers time wasted, nothing else."""

    def __init__(self) -> None:
        self.wasted = 0.0

    def begin(self) -> None:
        self.wasted = 0.0

    def parse(self, parser: "Parser", data: bytes) -> "Tree | None":
        """The tree of a text; None when finding it is given up."""
        if len(data) < SHORT:
            return parser.parse(data)
        if _joints(data) > CHAIN and _chained(data):
            return None
        left = min(LIMIT, PATIENCE - self.wasted)
        if left <= 0:
            return None
        hand = _Hand(data, left)
        try:
            return parser.parse(hand.chunk, progress_callback=hand.enough)
        except ValueError:  # what a parse that was stopped raises
            parser.reset()
            return None
        finally:
            self.wasted += max(thread_time() - hand.expected, 0.0)


def _chained(data: bytes) -> bool:
    """True when a statement is joined of very many."""
    text = _COMMENT.sub(b"", data.replace(b"\\\n", b""))
    waiting = _CONTINUED.sub(rb"\1", text)
    return any(_joints(part) > CHAIN for part in _STATEMENT.split(text)) or any(
        _joints(part) > LONG_CHAIN for part in _STATEMENT.split(waiting)
    )


def _joints(text: bytes) -> int:
    """How many pipes or backquotes stand in a text, at most: those in quotes and comments count too, `||` does not."""
    bare = text.replace(b"\\|", b" ")
    return max(bare.count(b"|") - 2 * bare.count(b"||"), bare.count(b"`"))


class _Hand:
    """Hands a text to the parser chunk by chunk, and says when it is enough."""

    def __init__(self, data: bytes, left: float) -> None:
        self.data = data
        self.fetches = FETCHES * (len(data) // CHUNK + 1)
        self.expected = thread_time() + len(data) * ALLOWED
        self.end = self.expected + left

    def chunk(self, at: int, _: object) -> bytes:
        self.fetches -= 1
        return self.data[at : at + CHUNK]

    def enough(self, *_: object) -> bool:
        return self.fetches < 0 or thread_time() > self.end


WATCH = Watch()
"""The one watch of a process: repositories are read one after the other."""
