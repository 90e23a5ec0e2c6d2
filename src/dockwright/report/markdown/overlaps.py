"""What repeats: files that say the same in part, and in what they differ."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import code, codes, details, escaped, prose, table
from dockwright.report.views import OverlapEntry
from dockwright.report.words import figure_text, grouped_places, shortened

KINDS = {
    "copies": "Equal files",
    "dockerfiles": "Dockerfiles that overlap",
    "compose": "Compose files that overlap",
    "block": "Repeated blocks of instructions",
    "versions": "One base or tool in several versions",
}


def section(document: Document) -> Iterator[str]:
    """All overlaps by kind, the strongest first, differences folded."""
    yield "## Overlap"
    yield ""
    if not document.overlaps:
        yield "No two files were found to overlap."
        yield ""
        return
    yield (
        "Shares are computed from the files. *Same instructions*: what an alignment of both files pairs as equal, after "
        "normalising white space, order and names that make no difference, over all instructions. *Same settings*: what "
        "the images are made of, whatever its order. *Within the larger*: how much of the smaller file the larger one "
        "has. Of compose files, settings of the services that play the same part are compared."
    )
    yield ""
    shown = _shown_above(document)
    for kind in dict.fromkeys((*KINDS, *(item.kind for item in document.overlaps))):
        chosen = [item for item in document.overlaps if item.kind == kind]
        if chosen:
            yield f"### {KINDS.get(kind, escaped(kind).capitalize())} ({len(chosen):,})"
            yield ""
            yield from _overlaps(chosen, shown)


def _shown_above(document: Document) -> set[frozenset[str]]:
    """Pairs of compose files whose differences stand under Environments already."""
    alone = {one.name: one.files[0] for one in document.environments if len(one.files) == 1}
    return {
        frozenset((one.files[0], alone[one.nearest.name]))
        for one in document.environments
        if len(one.files) == 1 and one.nearest is not None and one.nearest.name in alone
    }


ROWS = 15
"""Differences shown for one pair; JSON has more of them."""
WIDTH = 160
"""Characters of a value that are shown."""


def _overlaps(items: list[OverlapEntry], above: set[frozenset[str]]) -> Iterator[str]:
    pairs = items[0].kind in {"dockerfiles", "compose"}
    where = () if pairs else ("where",)
    yield from table(("what", *where, "shares", "notes"), (_row(item, pairs=pairs) for item in items))
    shown = _nearest(items) if pairs else items
    for item in shown:
        if item.differences and frozenset(item.files) not in above:
            yield from _differences(item)
    if any(frozenset(item.files) in above for item in shown):
        yield "What differs between files that are nearest as environments stands under Environments."
        yield ""
    if sum(bool(item.differences) for item in items) > sum(bool(item.differences) for item in shown):
        yield "What differs is shown for the nearest pairs, which together lead to every file; JSON has the others."
        yield ""


def _nearest(items: list[OverlapEntry]) -> list[OverlapEntry]:
    """A forest of the pairs that are most alike: the others differ in what is seen along its branches."""
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := group.setdefault(name, name)) != name:
            name = above
        return name

    chosen = []
    for item in items:
        first, *rest = map(root, item.files)
        if any(other != first for other in rest):
            group.update(dict.fromkeys(rest, first))
            chosen.append(item)
    return chosen


def _row(item: OverlapEntry, *, pairs: bool) -> tuple[str, ...]:
    """A pair's title names its files; for other kinds the places are listed."""
    where = () if pairs else (codes(grouped_places(item.places) if item.places else item.files, 8),)
    shares = "; ".join(f"{escaped(figure.name)} {figure_text(figure)}" for figure in item.figures)
    return (prose(item.title), *where, shares, prose("; ".join(item.notes)))


def _differences(item: OverlapEntry) -> Iterator[str]:
    head = ["what", *map(code, item.files)]
    rows = [
        [
            code(one.what),
            *("–" if value is None else code(shortened(value, WIDTH)) or "(empty)" for value in one.values),
        ]
        for one in item.differences[:ROWS]
    ]
    body = table(head, rows)
    number = len(item.differences) + item.more_differences
    if number > len(rows):
        body += [f"and {number - len(rows):,} more.", ""]
    yield from details(f"{item.title}: {number:,} {'difference' if number == 1 else 'differences'}", body)
