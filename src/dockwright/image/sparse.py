"""Sparse files in tars: GNU's old form, and pax forms 0.0, 0.1 and 1.0 (GNU tar manual, Sparse Formats)."""

from typing import TYPE_CHECKING

from dockwright.image.limits import ImageError, Limits

if TYPE_CHECKING:
    from dockwright.image.streams import Pieces
    from dockwright.image.tar import Header

Part = tuple[int, int]
"""Offset in the file, and bytes: what lies between is zeros."""


def old_map(block: bytes, source: "Pieces", what: str, limits: Limits) -> tuple[int, tuple[Part, ...]]:
    """The real size and the map of an entry of type `S`; blocks with more of the map follow its header."""
    from dockwright.image.tar import number

    size = number(block[483:495], what)
    parts: list[Part] = []
    table, more = block[386:482], block[482]
    while True:
        for at in range(0, len(table), 24):
            if not table[at]:
                break
            parts.append((number(table[at : at + 12], what), number(table[at + 12 : at + 24], what)))
        _check_count(len(parts), what, limits)
        if not more:
            return size, _checked(parts, size, what)
        block = source.exactly(512, what)
        table, more = block[:504], block[504]


def pax_map(header: "Header", records: dict[str, bytes], source: "Pieces", what: str, limits: Limits) -> None:
    """Settle size, name and map of a sparse file whose records say it is one."""
    real = records.get("GNU.sparse.realsize") or records.get("GNU.sparse.size")
    if real is None or not real.isdigit() or len(real) > 20:
        raise ImageError(f"{what}: a sparse file without its size")
    header.size = int(real)
    header.path = records.get("GNU.sparse.name", header.path)
    if "GNU.sparse.map" in records:
        words = [word for word in records["GNU.sparse.map"].split(b",") if word]
    else:
        words = _leading_map(header, source, what, limits)
    if len(words) % 2 or not all(word.isdigit() and len(word) <= 20 for word in words):
        raise ImageError(f"{what}: the map of a sparse file is damaged")
    _check_count(len(words) // 2, what, limits)
    numbers = [int(word) for word in words]
    header.sparse = _checked(list(zip(numbers[::2], numbers[1::2], strict=True)), header.size, what)


def _leading_map(header: "Header", source: "Pieces", what: str, limits: Limits) -> list[bytes]:
    """Form 1.0: the map stands before the contents, a number per line, in whole blocks."""
    blocks: list[bytes] = []
    have, need = 0, 1
    while have < need:
        if header.stored < 512:
            raise ImageError(f"{what}: the map of a sparse file is cut off")
        blocks.append(source.exactly(512, what))
        have += blocks[-1].count(b"\n")
        header.stored -= 512
        if need == 1:
            count = blocks[0].partition(b"\n")[0]
            if not count.isdigit() or len(count) > 20:
                raise ImageError(f"{what}: the map of a sparse file is damaged")
            need = 1 + 2 * int(count)
            _check_count(int(count), what, limits)
    return b"".join(blocks).split(b"\n")[1:need]


def _check_count(parts: int, what: str, limits: Limits) -> None:
    if parts > limits.sparse_parts:
        raise ImageError(f"{what}: a sparse file in more than {limits.sparse_parts} parts")


def _checked(parts: list[Part], size: int, what: str) -> tuple[Part, ...]:
    """The parts in order, within the file, without overlap."""
    end = 0
    for offset, length in parts:
        if offset < end or length < 0 or offset + length > size:
            raise ImageError(f"{what}: the map of a sparse file contradicts itself")
        end = offset + length
    return tuple(part for part in parts if part[1])
