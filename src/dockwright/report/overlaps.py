"""Overlaps as entries of the document (plain data)."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from dockwright.figures import Figure
from dockwright.knowledge.secrets import REDACTED, looks_secret
from dockwright.overlap.blocks import Block
from dockwright.overlap.copies import Copies
from dockwright.overlap.difference import Row
from dockwright.overlap.drift import Drift
from dockwright.overlap.model import Overlaps
from dockwright.overlap.place import Place
from dockwright.overlap.similarity import Similarity
from dockwright.overlap.stacks import ComposeOverlap, SettingRow
from dockwright.overlap.versions import VersionGroup
from dockwright.report.plain import plain
from dockwright.rules.finding import Location

Data = dict[str, Any]
PAIRS = 400
"""Most pairs of one kind; the most alike come first."""
TABLES = 40
"""Pairs of one kind for which the table of differences is worked out."""
ROWS = 60
"""Differences listed for one pair."""
FLOOR = 0.4
"""Pairs below this are left out: what they share, most Dockerfiles have."""
BLOCKS = 40


def overlaps(found: Overlaps) -> list[Data]:
    """Equal files, then pairs of Dockerfiles and compose files, versions, blocks; the strongest of each kind first."""
    drifts = {frozenset((drift.a, drift.b)): drift for drift in found.drifts}
    return [
        *map(_copies, found.copies),
        *_dockerfiles(found, drifts),
        *_composes(found, drifts),
        *map(_versions, found.versions),
        *map(_block, found.blocks[:BLOCKS]),
    ]


def _entry(
    kind: str, title: str, files: Sequence[str], figures: Sequence[Figure | None], **more: Any
) -> Data:
    return {
        "kind": kind,
        "title": title,
        "files": list(files),
        "places": [],
        "figures": [plain(figure) for figure in figures if figure is not None],
        "differences": [],
        "more_differences": 0,
        "notes": [],
        **more,
    }


def _copies(group: Copies) -> Data:
    note = (
        "byte for byte" if group.byte_equal else "equal after normalising white space, order and free names"
    )
    title = f"{len(group.paths)} equal Dockerfiles, {group.lines} lines more than one of them"
    return _entry("copies", title, group.paths, (), notes=[note])


def _dockerfiles(found: Overlaps, drifts: dict[frozenset[str], Drift]) -> Iterator[Data]:
    pairs = (pair for pair in found.pairs if pair.sequence.value >= FLOOR)
    for number, pair in enumerate(islice(pairs, PAIRS)):
        rows = found.difference(pair.a, pair.b).rows if number < TABLES else ()
        yield _entry(
            "dockerfiles",
            f"`{pair.a}` and `{pair.b}`",
            (pair.a, pair.b),
            (pair.sequence, pair.jaccard, pair.contained),
            differences=[_row(row) for row in rows[:ROWS]],
            more_differences=max(len(rows) - ROWS, 0),
            notes=_notes(pair, drifts.get(frozenset((pair.a, pair.b)))),
        )


def _notes(pair: Similarity | ComposeOverlap, drift: Drift | None) -> list[str]:
    notes: list[str] = []
    if isinstance(pair, Similarity) and pair.across:
        names = [name for name in (pair.service_a, pair.service_b) if name]
        told = (
            f"two services: {' and '.join(names)}" if len(names) == 2 else f"one is of the service {names[0]}"
        )
        notes.append(told if names else "of two services")
    if isinstance(pair, ComposeOverlap):
        notes.append(f"{pair.roles} roles in both")
    if drift is not None:
        notes.append(_parted(drift))
    return notes


def _parted(drift: Drift) -> str:
    """Since when two files differ, in words."""
    if drift.parted is None or drift.agreed is None:
        return f"never equal since both exist ({drift.met.date[:10]})"
    alone = f", which changed `{drift.alone}` alone" if drift.alone else ", which changed both"
    same = "equal" if drift.by_bytes else "equal in normal form"
    return f"{same} until {drift.parted.date[:10]}, parted by {drift.parted.commit[:9]}{alone}"


def _row(row: Row) -> Data:
    what = " ".join(
        part for part in (row.aspect, row.name, f"(stage {row.stage})" if row.stage else "") if part
    )
    return {
        "what": what,
        "values": [_value(row.name, [cell.text for cell in side]) for side in (row.a, row.b)],
    }


def _value(name: str, texts: Sequence[str]) -> str | None:
    """What stands on one side; a secret is taken out here, where its name is still known."""
    if not texts:
        return None
    return ", ".join(REDACTED if looks_secret(name, text) else text for text in texts)


def _composes(found: Overlaps, drifts: dict[frozenset[str], Drift]) -> Iterator[Data]:
    pairs = (pair for pair in found.compose if pair.total.value >= FLOOR)
    for number, pair in enumerate(islice(pairs, PAIRS)):
        rows = found.settings(pair.a, pair.b) if number < TABLES else []
        yield _entry(
            "compose",
            f"`{pair.a}` and `{pair.b}`",
            (pair.a, pair.b),
            (pair.total, pair.environment, pair.rest),
            differences=[setting(row) for row in rows[:ROWS]],
            more_differences=max(len(rows) - ROWS, 0),
            notes=_notes(pair, drifts.get(frozenset((pair.a, pair.b)))),
        )


def setting(row: SettingRow) -> Data:
    """What differs in a setting of two services, without secrets."""
    service = row.service_a if row.service_a == row.service_b else f"{row.service_a} / {row.service_b}"
    name = row.path.rpartition(".")[2]
    sides = ([] if cell is None else [cell.text] for cell in (row.a, row.b))
    # no colon between the two: a service named `auth` would read as a secret given in plain text
    return {"what": f"{service} {row.path}", "values": [_value(name, side) for side in sides]}


def _versions(group: VersionGroup) -> Data:
    files = list(dict.fromkeys(use.place.path for use in group.uses))
    by_version = {version: [use for use in group.uses if use.text == version] for version in group.versions}
    return _entry(
        "versions",
        f"{group.kind} `{group.name}` in {len(group.versions)} versions: "
        f"{', '.join(f'`{version}`' if version else 'none' for version in group.versions)}",
        files,
        (),
        places=[_place(use.place) for use in group.uses],
        notes=[
            f"{version or 'no version'}: {len(uses)} {'place' if len(uses) == 1 else 'places'}"
            for version, uses in by_version.items()
        ],
    )


def _block(block: Block) -> Data:
    number = len(block.instructions)
    what = ", ".join(dict.fromkeys(block.keywords))
    title = (
        f"{number} {'instruction' if number == 1 else 'instructions'} ({what}) at {len(block.places)} places"
    )
    return _entry(
        "block", title, block.files, (block.saves,), places=[_place(place) for place in block.places]
    )


def _place(place: Place) -> Data:
    return {**plain(Location.at(place.source, place.span)), "snippet": ""}
