"""Puts an image, its account and the Dockerfile it came from together into a report."""

from collections.abc import Sequence

import msgspec

from dockwright.dockerfile.stages import Stage
from dockwright.errors import Skipped
from dockwright.figures import Basis, Figure
from dockwright.image.account import Account, account
from dockwright.image.history import Instructions, Made, instructions
from dockwright.image.limits import DEFAULT, Limits
from dockwright.image.packages.installed import Installed, packages_in
from dockwright.image.programs import Found, programs_in
from dockwright.image.source import Image
from dockwright.measure.images.bases import noted_base
from dockwright.measure.images.fixes import Naming
from dockwright.measure.images.lines import Aligned, aligned, root_is_scratch, written_in
from dockwright.measure.images.model import (
    SCHEMA,
    Base,
    DiveFigures,
    ImageReport,
    InstructionRow,
    LayerRow,
    PackageRow,
    Place,
    ProgramRow,
)
from dockwright.measure.images.wins import Makers, wins_of

_HOW = "counted in the layers' tars"


class Known(msgspec.Struct, frozen=True):
    """What is known of an image besides itself."""

    stage: Stage | None = None
    """The stage of a Dockerfile that it is built from."""
    base: Base | None = None
    """Its base image, where an engine or an archive has it."""
    skipped: tuple[Skipped, ...] = ()


def described(image: Image, known: Known = Known(), limits: Limits = DEFAULT) -> ImageReport:  # noqa: B008 - frozen
    """The report on one image. Every byte of every layer is in exactly one instruction of it."""
    history = instructions(image.config, len(image.layers))
    lines = aligned(history.made, written_in(known.stage)) if known.stage and history.sure else None
    base = known.base or _base(image, history, lines, known.stage)
    found = account(image.layers, base.layers, limits)
    places = _places(lines)
    by_layer = tuple(history.of_layer(number) for number in range(len(image.layers)))
    makers = Makers(by_layer, base.layers, base.name, Naming({key: one.text for key, one in places.items()}))
    installed, unread = packages_in(image.layers, found.replay)
    notes = [
        *(f"layer {n}: {note}" for n, layer in enumerate(image.layers) for note in layer.notes),
        *found.replay.notes,
    ]
    notes += [history.note] if history.note else []
    return ImageReport(
        schema=SCHEMA,
        image=image.name,
        tags=image.tags,
        id=image.digest,
        platform=image.config.platform,
        shipped=found.shipped,
        live=found.live,
        dead=found.dead,
        dead_own=found.dead_own,
        dead_base=found.dead_base,
        dead_by_cause=found.dead_by_cause,
        duplicate=found.duplicate,
        junk=found.junk,
        junk_by_kind=_junk_by_kind(found),
        files=sum(1 for _ in found.replay.copies()),
        base=base,
        dockerfile=known.stage.file.path if known.stage else "",
        layers=_layers(image, found, by_layer, base),
        instructions=_instructions(history, found, places, base),
        wins=wins_of(found, makers, installed),
        packages=_packages(installed, by_layer),
        programs=tuple(_program(one, by_layer) for one in programs_in(found.replay)),
        dive=_dive(found),
        figures=_figures(image, found),
        notes=tuple(notes),
        skipped=(*known.skipped, *_unfit(known.stage, lines), *unread),
    )


def _unfit(stage: Stage | None, lines: Aligned | None) -> tuple[Skipped, ...]:
    """Said of a Dockerfile that seems to be another image's."""
    if stage is None or lines is None or lines.exact or not lines.total:
        return ()
    return (
        Skipped(
            stage.file.path, "none of its instructions is in the image's history: is it of another image?"
        ),
    )


def _packages(installed: Sequence[Installed], by_layer: Sequence[Made | None]) -> tuple[PackageRow, ...]:
    rows = []
    for one in installed:
        made = by_layer[one.layer] if one.layer is not None else None
        package = one.package
        rows.append(
            PackageRow(
                manager=package.manager,
                name=package.name,
                version=package.version,
                place=package.place,
                bytes=one.bytes,
                files=one.files,
                instruction=made.number if made else None,
                needed_by=one.needed_by,
                recommended_by=one.recommended_by,
                asked_for=package.asked_for,
            )
        )
    return tuple(rows)


def _program(one: Found, by_layer: Sequence[Made | None]) -> ProgramRow:
    makers = [by_layer[layer] for layer in one.layers]
    return ProgramRow(
        name=one.name,
        copies=tuple(path for path, _ in one.copies),
        bytes=one.bytes,
        saved=one.saved,
        same=one.same,
        instructions=tuple(made.number if made else None for made in makers),
        fix=one.fix,
    )


def _dive(found: Account) -> DiveFigures:
    dive = found.dive
    return DiveFigures(dive.efficiency, dive.wasted, dive.user_size, dive.wasted_share)


def _base(image: Image, history: Instructions, lines: Aligned | None, stage: Stage | None) -> Base:
    """The base by what the Dockerfile's instructions do not account for; unknown without one."""
    name = noted_base(image)
    if stage is None or lines is None or lines.first is None:
        how = (
            "the labels name it, and it is not at hand"
            if name
            else "neither a Dockerfile nor a base image is known"
        )
        return Base(None, name, how, sure=False)
    layers = sum(one.layer is not None for one in history.made if one.number < lines.first)
    name = stage.root.name if not root_is_scratch(stage) else "scratch"
    how = f"{lines.exact} of {lines.total} instructions of the Dockerfile are in the history as written"
    return Base(layers, name, how, sure=lines.exact == lines.total)


def _places(lines: Aligned | None) -> dict[int, Place]:
    if lines is None:
        return {}
    return {number: Place(one.file, one.line, sure) for number, (one, sure) in lines.lines.items()}


def _layers(
    image: Image, found: Account, by_layer: Sequence[Made | None], base: Base
) -> tuple[LayerRow, ...]:
    digests = image.config.rootfs.diff_ids or []
    rows = []
    for one, layer, made in zip(found.layers, image.layers, by_layer, strict=True):
        rows.append(
            LayerRow(
                number=one.number,
                digest=digests[one.number] if one.number < len(digests) else layer.name,
                instruction=made.number if made else None,
                base=None if base.layers is None else one.number < base.layers,
                shipped=one.shipped,
                live=one.live,
                dead=one.dead,
                kills=one.kills,
                files=one.files,
                tar=layer.tar_size,
                packed=layer.packed_size,
            )
        )
    return tuple(rows)


def _instructions(
    history: Instructions, found: Account, places: dict[int, Place], base: Base
) -> tuple[InstructionRow, ...]:
    junk: dict[int, int] = {}
    for one in found.junk_files:
        junk[one.copy.layer] = junk.get(one.copy.layer, 0) + one.copy.entry.size
    rows = []
    reached = 0
    for made in history.made:
        part = found.layers[made.layer] if made.layer is not None else None
        reached += made.layer is not None
        below = None if base.layers is None else reached <= base.layers and made.number not in places
        rows.append(
            InstructionRow(
                number=made.number,
                instruction=made.line[:2000],
                keyword=made.keyword,
                place=places.get(made.number),
                layer=made.layer,
                base=below,
                shipped=part.shipped if part else 0,
                live=part.live if part else 0,
                dead=part.dead if part else 0,
                kills=part.kills if part else 0,
                junk=junk.get(made.layer, 0) if made.layer is not None else 0,
            )
        )
    return tuple(rows)


def _junk_by_kind(found: Account) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in found.junk_files:
        sums[one.kind.name] = sums.get(one.kind.name, 0) + one.copy.entry.size
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _figures(image: Image, found: Account) -> tuple[Figure, ...]:
    """Each number with what it rests on. Which files are junk is a judgement, their bytes are counted."""
    measured = [
        ("shipped", found.shipped),
        ("live", found.live),
        ("dead", found.dead),
        ("duplicate", found.duplicate),
    ]
    if found.dead_own is not None and found.dead_base is not None:
        measured += [("dead_own", found.dead_own), ("dead_base", found.dead_base)]
    figures = [Figure(name, value, "bytes", Basis.MEASURED, _HOW) for name, value in measured]
    figures.append(
        Figure(
            "junk",
            found.junk,
            "bytes",
            Basis.ESTIMATED,
            "bytes counted; that they are junk by a table of paths",
        )
    )
    packed = [layer.gzip_size if layer.packed_size is None else layer.packed_size for layer in image.layers]
    if packed and None not in packed:
        own = all(layer.packed_size is not None for layer in image.layers)
        basis = Basis.MEASURED if own else Basis.ESTIMATED
        how = (
            "the archive's compressed layers"
            if own
            else "gzip at level 6, as engines push; theirs differ a little"
        )
        total = sum(size or 0 for size in packed)
        dead = _dead_packed(image, found, packed)
        figures.append(Figure("compressed", total, "bytes", basis, how))
        how = "dead bytes of each layer times the ratio its whole is compressed by"
        figures.append(Figure("dead_compressed", dead, "bytes", Basis.ESTIMATED, how))
    return tuple(figures)


def _dead_packed(image: Image, found: Account, packed: Sequence[int | None]) -> float:
    parts = zip(found.layers, image.layers, packed, strict=True)
    return float(
        sum(round(one.dead * (size or 0) / layer.tar_size) for one, layer, size in parts if layer.tar_size)
    )
