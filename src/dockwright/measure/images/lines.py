"""Which line of a Dockerfile made which entry of an image's history.

Both are lists in the same order, and every builder writes one entry per instruction: they are aligned from the end, where
the image and its last instruction meet. RUN is recorded as written, so it matches to the letter; COPY and ENV with
variables filled in. What aligns without matching (another version of the file) is given as not sure.
"""

import re
from collections.abc import Sequence

import msgspec

from dockwright.dockerfile.instructions.types import Command, Invalid, Onbuild, Run
from dockwright.dockerfile.operations.names import Namer, Shown
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.image.history import Made, instructions
from dockwright.image.source import Image

_FLAGS = re.compile(r"^(?:--[a-z-]+(?:=\S+)?\s+)+")
_IGNORED = re.compile(r"""["'\[\],]""")
_CLASSIC = re.compile(r"^(?:file|dir|multi):[0-9a-f]+ in ")
_CELLS = 250_000
EXACT, LIKE, POSSIBLE = 8, 3, 1
_TELLING = 8
"""Characters of a command that is not the end of another by chance."""


class Written(msgspec.Struct, frozen=True):
    """One instruction of a Dockerfile as the history might have it: as written, and with variables filled in."""

    keyword: str
    texts: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    """Those of each text, by which texts are alike."""
    file: str
    line: int


class Aligned(msgspec.Struct, frozen=True):
    """History entry to instruction, with how sure that is; `first` is the entry of the first instruction."""

    lines: dict[int, tuple[Written, bool]]
    first: int | None
    exact: int
    total: int


def written_in(stage: Stage) -> list[Written]:
    """The instructions that make a stage, those of the stages it is built on first."""
    found: list[Written] = []
    for one in (*reversed(stage.ancestors), stage):
        namer = Namer(one, "", Shown())
        for command in one.commands:
            if not isinstance(command, Invalid | Onbuild):
                found.append(_written(command, namer))
    return found


def _written(command: Command, namer: Namer) -> Written:
    texts = [_body(command.node.original), _body(namer.text(command))]
    if isinstance(command, Run):
        script = str(command.script)
        words = " ".join(word.value for word in command.words)
        texts = [_squeezed(text) for text in (script, words) if text] or texts
    texts = list(dict.fromkeys(texts))
    parts = tuple(frozenset(text.split()) for text in texts)
    return Written(command.name, tuple(texts), parts, command.node.file.path, command.node.first_line)


def _body(text: str) -> str:
    """What follows keyword and flags, without what quoting and JSON form add."""
    rest = text.strip().partition(" ")[2]
    return _squeezed(_FLAGS.sub("", rest.lstrip()))


def _squeezed(text: str) -> str:
    return " ".join(_IGNORED.sub(" ", text).split())


def root_is_scratch(stage: Stage) -> bool:
    return stage.root.kind is SourceKind.SCRATCH


def aligned(made: Sequence[Made], written: Sequence[Written]) -> Aligned:
    """Align a history with the instructions of a Dockerfile, the ends together."""
    texts = [_squeezed(_FLAGS.sub("", one.text)) for one in made]
    pairs: list[tuple[int, int, int]] = []
    left, right = len(made), len(written)
    while left and right and (score := _score(made[left - 1], texts[left - 1], written[right - 1])) == EXACT:
        left, right = left - 1, right - 1
        pairs.append((left, right, score))
    start = max(0, left - max(4 * right, right + 50))
    if right and (left - start) * right <= _CELLS:
        pairs += _best(made[start:left], texts[start:left], written[:right], start)
    lines = {made[i].number: (written[j], score == EXACT) for i, j, score in pairs}
    firsts = [i - j for i, j, score in pairs if score == EXACT]
    first = _first(pairs, len(made)) if firsts or not written else None
    return Aligned(lines, first, len(firsts), len(written))


def _first(pairs: Sequence[tuple[int, int, int]], entries: int) -> int:
    """The history entry of the first instruction: what lies before it came with FROM."""
    if not pairs:
        return entries
    entry, number, _ = min(pairs)
    return max(0, entry - number)


def _score(made: Made, text: str, written: Written) -> int:
    """8 for the same text, 3 for a similar one, 1 for the same keyword, 0 for no match."""
    if made.keyword != written.keyword:
        return 0
    if text in written.texts:
        return EXACT
    if written.keyword == "RUN" and any(
        len(one) > _TELLING and text.endswith(f" {one}") for one in written.texts
    ):
        return EXACT  # behind a SHELL that nothing is known of
    if _CLASSIC.match(text):
        return (
            LIKE
            if any(one.endswith(text.rpartition(" ")[2].rstrip("/")) for one in written.texts)
            else POSSIBLE
        )
    words = frozenset(text.split())
    if any(2 * len(words & other) > len(words | other) for other in written.words):
        return LIKE
    return POSSIBLE


def _best(
    made: Sequence[Made], texts: Sequence[str], written: Sequence[Written], offset: int
) -> list[tuple[int, int, int]]:
    """The alignment with the highest sum of scores; of equals, the one nearest to the end."""
    rows, columns = len(made), len(written)
    scores = [[_score(one, text, other) for other in written] for one, text in zip(made, texts, strict=True)]
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        above, here, row = best[i - 1], best[i], scores[i - 1]
        for j in range(1, columns + 1):
            score = row[j - 1]
            here[j] = max(above[j], here[j - 1], above[j - 1] + score if score else 0)
    found, i, j = [], rows, columns
    while i and j:
        score = scores[i - 1][j - 1]
        if score and best[i][j] == best[i - 1][j - 1] + score:
            i, j = i - 1, j - 1
            found.append((offset + i, j, score))
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i -= 1
    return found


def best_stage(image: Image, stages: Sequence[Stage]) -> Stage | None:
    """The stage an image was most likely built from: the one that matches best.

    More than half of its instructions must be in the history to the letter, one that makes a layer among them.
    """
    history = instructions(image.config, len(image.layers))
    if not history.sure:
        return None
    ranked = []
    for number, stage in enumerate(stages):
        found = aligned(history.made, written_in(stage))
        # a match of `CMD` alone says nothing
        layers = sum(sure for one, sure in found.lines.values() if one.keyword in ("RUN", "COPY", "ADD"))
        if layers and 2 * found.exact > found.total:
            ranked.append((found.exact / found.total, layers, -number, stage))
    return max(ranked)[3] if ranked else None
