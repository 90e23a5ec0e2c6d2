"""Python source to the programs it starts."""

import ast
import warnings
from itertools import accumulate

from dockwright.errors import Skipped
from dockwright.shell.invocations import Found, Invocation
from dockwright.shell.python.functions import Program
from dockwright.shell.python.walk import Walker
from dockwright.shell.tolerant import scan_calls
from dockwright.text import MappedText, SourceFile, Span

MAX_BYTES = 4 << 20


def _line_starts(data: bytes) -> list[int]:
    """Offsets of lines as Python counts them; a byte order mark belongs to no column."""
    first = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    lengths = map(len, data[first:].splitlines(keepends=True))
    return list(accumulate(lengths, initial=first))


def read_python(source: SourceFile) -> Found:
    """Every program a Python file starts. Source that is no Python 3 is scanned for calls by their look, and said so."""
    data = source.data
    if len(data) > MAX_BYTES:
        return Found(skipped=(Skipped(source.path, f"Python source larger than {MAX_BYTES} bytes"),))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        return _walked(source, tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = f"not readable as Python 3 ({type(error).__name__}); scanned for calls by their look"
        return Found(scan_calls(source), (Skipped(source.path, reason),))


def _walked(source: SourceFile, tree: ast.Module) -> Found:
    text = MappedText.plain(source, Span(0, len(source.data)))
    starts = _line_starts(source.data)
    program = Program()
    Walker(text, starts, program, collect=False).module(tree)
    walker = Walker(text, starts, program, collect=True)
    walker.module(tree)
    return Found(_once(walker.found), imports=tuple(dict.fromkeys(walker.imports)))


def _once(found: list[Invocation]) -> tuple[Invocation, ...]:
    """The invocations in source order, each command line once: a helper of the file and its caller both report it."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    out: list[Invocation] = []
    for item in found:
        key = tuple((word.start, word.end) for word in item.argv)
        if key not in seen:
            seen.add(key)
            out.append(item)
    return tuple(sorted(out, key=lambda item: item.span))
