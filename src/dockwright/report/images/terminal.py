"""The report on an image for a terminal: the sums, what could be won, the layers, packages, programs."""

from collections.abc import Iterator, Sequence

from dockwright.measure.images.model import ImageReport, InstructionRow, PackageRow, SharedReport, Win
from dockwright.report.context import size
from dockwright.report.fit import fit
from dockwright.report.words import counted

CAUSES = {"edited": "edited", "chown": "chown", "chmod": "chmod", "xattr": "attributes changed", "touched": "touched",
          "copied_again": "copied again", "replaced": "replaced", "deleted_file": "files deleted",
          "deleted_directory": "directory deleted", "moved": "moved", "within_layer": "twice in one layer"}  # fmt: skip
_SHOWN = 12
_FEW = 3
"""Groups that are shown where each is small: their sum need not be."""


def as_text(found: ImageReport, width: int, *, everything: bool = False) -> str:
    """The report on one image; `everything` leaves no row out."""
    most = 1_000_000 if everything else _SHOWN
    lines = [*_head(found), *_wins(found, most), *_layers(found, width, most), *_packages(found, width, most)]
    lines += _programs(found, most)
    lines += [f"note: {note}" for note in found.notes]
    lines += [f"not looked at: {one.what}: {one.reason}" for one in found.skipped]
    return fit("".join(f"{line.rstrip()}\n" for line in [*lines, "", _last(found)]), width)


def _share(part: float, whole: float) -> str:
    return f"{part / whole * 100:.1f} %" if whole else "0 %"


def _head(found: ImageReport) -> Iterator[str]:
    name = f"{found.image} ({found.platform})" if found.platform else found.image
    yield f"{name}  {found.id[:19]}"
    yield _fact("shipped", found.shipped, counted(len(found.layers), "layer"))
    yield _fact("live", found.live, counted(found.files, "file"))
    yield _fact("dead", found.dead, _dead(found))
    yield _fact("duplicate", found.duplicate, "the same contents at other places")
    yield _fact(
        "junk",
        found.junk,
        ", ".join(f"{kind} {size(one)}" for kind, one in list(found.junk_by_kind.items())[:4]),
    )
    for figure in found.figures:
        if figure.name == "compressed":
            yield _fact("compressed", int(figure.value), figure.how)
        elif figure.name == "dead_compressed":
            yield _fact("dead packed", int(figure.value), f"estimated: {figure.how}")
    yield f"  {'base':<11} {_base(found)}"
    dive = found.dive
    yield (
        f"  {'dive says':<11} efficiency {dive.efficiency * 100:.2f} %, wasted {size(dive.wasted_bytes)}, "
        f"{dive.user_wasted * 100:.1f} % of user bytes"
    )


def _fact(name: str, value: int, text: str) -> str:
    return f"  {name:<11} {size(value):>9}  {text}"


def _dead(found: ImageReport) -> str:
    parts = [_share(found.dead, found.shipped)]
    if found.dead_own is not None and found.dead_base:
        parts.append(f"own {size(found.dead_own)}, base {size(found.dead_base)}")
    parts += [f"{CAUSES.get(cause, cause)} {size(one)}" for cause, one in found.dead_by_cause.items()]
    return "; ".join(parts)


def _base(found: ImageReport) -> str:
    base = found.base
    if base.layers is None:
        return f"{base.name or 'not known'}: {base.how}"
    return f"{base.name or 'known'}, the lowest {_layers_text(base.layers)}: {base.how}" + (
        "" if base.sure else " (not sure)"
    )


def _layers_text(count: int) -> str:
    return "layer" if count == 1 else f"{count} layers"


def _wins(found: ImageReport, most: int) -> Iterator[str]:
    if not found.wins:
        return
    yield from ("", "what could be won, the most first")
    least = 0 if most > _SHOWN else found.shipped / 500
    shown = [win for win in found.wins[:most] if win.bytes >= least] or list(found.wins[:_FEW])
    for win in shown:
        yield from _win(win)
    if len(found.wins) > len(shown):
        rest = found.wins[len(shown) :]
        yield f"  and {len(rest)} more, {size(sum(one.bytes for one in rest))}: --all"


def _win(win: Win) -> Iterator[str]:
    packages = win.kind == "recommended"
    what = (
        "packages that are only recommended"
        if packages
        else f"{win.kind}: {CAUSES.get(win.cause, win.cause)}"
    )
    mark = "" if packages else "/"
    marks = [] if win.sure else ["somebody must say whether they are needed"]
    yield f"  {size(win.bytes):>9}  {what}, {_files(win.files)}{''.join(f'; {mark}' for mark in marks)}"
    yield f"             {', '.join(f'{mark}{path}' for path in win.paths[:3])}{' …' if len(win.paths) > 3 else ''}"
    yield f"           ↳ {win.fix}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _layers(found: ImageReport, width: int, most: int) -> Iterator[str]:
    rows = [row for row in found.instructions if row.layer is not None]
    yield from ("", "layers, lowest first: what each ships, what is dead of it, what it hides")
    yield f"  {'shipped':>9} {'dead':>9} {'hides':>9}  instruction"
    shown = _worth(rows, most)
    for row in shown:
        yield f"  {size(row.shipped):>9} {_or_dash(row.dead):>9} {_or_dash(row.kills):>9}  {_instruction(row, width - 33)}"
    if len(rows) > len(shown):
        yield f"  and {len(rows) - len(shown)} more, none larger: --all"


def _worth(rows: Sequence[InstructionRow], most: int) -> list[InstructionRow]:
    """The rows with most bytes, in their own order."""
    best = sorted(rows, key=lambda row: -(row.shipped + row.kills))[:most]
    return sorted(best, key=lambda row: row.number)


def _or_dash(value: int) -> str:
    return size(value) if value else "-"


def _instruction(row: InstructionRow, width: int) -> str:
    place = (
        f"{row.place.text}{'' if row.place.sure else '?'}  " if row.place else "(base) " if row.base else ""
    )
    text = place + row.instruction
    return _cut(text, width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width or width < 20 else f"{text[: width - 1]}…"


def _packages(found: ImageReport, width: int, most: int) -> Iterator[str]:
    if not found.packages:
        return
    total = sum(one.bytes for one in found.packages)
    yield from ("", f"packages: {len(found.packages):,}, {size(total)} of {size(found.live)}; the largest")
    for one in found.packages[:most]:
        yield f"  {size(one.bytes):>9}  {one.manager:<4} {one.name} {one.version}: {_reason(one)}"[
            : max(width, 40)
        ]


def _reason(one: PackageRow) -> str:
    """Why a package is there: who requires it, else who recommends it, else that nobody does."""
    for names, what in ((one.needed_by, "needed by"), (one.recommended_by, "only recommended, by")):
        if names:
            rest = f" and {len(names) - 3} more" if len(names) > 3 else ""
            return f"{what} {', '.join(names[:3])}{rest}"
    return (
        "nothing requires it"
        if one.asked_for is None
        else "asked for"
        if one.asked_for
        else "left over: nothing requires it"
    )


def _programs(found: ImageReport, most: int) -> Iterator[str]:
    if not found.programs:
        return
    yield from ("", "programs that are there more than once")
    for one in found.programs[:most]:
        same = "the same" if one.same else "different builds"
        yield f"  {size(one.bytes):>9}  {one.name}, {len(one.copies)} times ({same}); one alone saves {size(one.saved)}"
        yield f"             {', '.join(f'/{path}' for path in one.copies)}"
        if one.fix:
            yield f"           ↳ {one.fix}"


def _last(found: ImageReport) -> str:
    sure = sum(win.bytes for win in found.wins if win.kind == "junk" and win.sure)
    more = f"; {size(sure)} more are caches, lists, logs or the like" if sure else ""
    return f"{size(found.dead)} of {size(found.shipped)} are dead ({_share(found.dead, found.shipped)}){more}"


def shared_as_text(found: SharedReport, width: int) -> str:
    """Several images: one line each, what they share, then the total."""
    lines = [f"  {'shipped':>9} {'live':>9} {'dead':>9} {'layers':>6}  image"]
    for one in found.images:
        lines.append(
            f"  {size(one.shipped):>9} {size(one.live):>9} {size(one.dead):>9} {len(one.layers):>6}  {one.image}"
        )
    if found.layers:
        lines += ["", "layers in common"]
        lines += [
            f"  {size(one.bytes):>9}  {one.digest[:19]}  {', '.join(one.images)}"
            for one in found.layers[:_SHOWN]
        ]
    once = f"every layer stored once: {size(found.unique)} of {size(found.total)}, not compressed"
    lines += ["", f"{once}; {found.shared * 100:.1f} % are shared"]
    return fit("".join(f"{line.rstrip()}\n" for line in lines), width)
