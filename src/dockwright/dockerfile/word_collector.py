"""Words being put together while a text is expanded, each with the place it comes from.

Source: moby/buildkit frontend/dockerfile/shell/lex.go: wordsStruct.
"""

from dockwright.dockerfile.golang import SPACES
from dockwright.lazy import lazy_regex

_RUN = lazy_regex(rf"([^{SPACES}]+)|[{SPACES}]+")


class WordCollector:
    """Collects the words of the outermost level; operators inside `${}` merely clear the word at hand.

    That is BuildKit's behaviour: all levels share one buffer there, so `80${P:-80}` gives the one word `80`.
    """

    __slots__ = ("_buffer", "_end", "_in_word", "_start", "words")

    def __init__(self) -> None:
        self.words: list[tuple[str, tuple[int, int]]] = []
        self._buffer: list[str] = []
        self._in_word = False
        self._start = self._end = 0

    def flush(self) -> None:
        """End the word at hand."""
        if self._buffer:
            self.words.append(("".join(self._buffer), (self._start, self._end)))
            self._buffer.clear()
            self._in_word = False

    def clear(self) -> None:
        """Forget the word at hand."""
        self._buffer.clear()

    def add_raw(self, piece: str, start: int, end: int) -> None:
        """Add text as it is, white space included."""
        if piece:
            self._put(piece, start, end)
        self._in_word = True

    def add(self, piece: str, start: int, end: int, *, literal: bool) -> None:
        """Add text that is split at white space. `literal`: its characters stand in the source from `start` on."""
        for match in _RUN.finditer(piece):
            if match.group(1) is None:
                if self._in_word:
                    self.flush()
            elif literal:
                self._put(match.group(), start + match.start(), start + match.end())
            else:
                self._put(match.group(), start, end)

    def _put(self, piece: str, start: int, end: int) -> None:
        if not self._buffer:
            self._start = start
        self._buffer.append(piece)
        self._end = end
        self._in_word = True
