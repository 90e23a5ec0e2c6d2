"""What an image may ask of the reader: bounds that keep memory and time in hand on any input."""

import msgspec

from dockwright.errors import DockwrightError

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


class ImageError(DockwrightError):
    """An image or archive cannot be read: damaged, incomplete, of an unknown form, or beyond the limits."""

    exit_code = 2


class Limits(msgspec.Struct, frozen=True):
    """Bounds per image. What exceeds one is an `ImageError` that names it; nothing is cut off in silence."""

    entries: int = 2_000_000
    """Entries of all layers; each takes about 400 bytes of memory."""
    layers: int = 4096
    path: int = 4096
    """Bytes of one path or link target (Linux: PATH_MAX)."""
    extension: int = 4 * MIB
    """Bytes of one pax or GNU long name record."""
    sparse_parts: int = 1 << 16
    document: int = 16 * MIB
    """Bytes of one JSON document."""
    documents: int = 128 * MIB
    free_unpacked: int = 4 * GIB
    """Unpacked bytes of a compressed layer up to which any ratio is fine."""
    ratio: int = 500
    """Unpacked to packed bytes beyond that; deflate reaches 1,030 on zeros."""
    kept: int = 64 * MIB
    """Bytes of file contents kept for a later look (package lists)."""
    hole: int = GIB
    """Holes of a sparse file up to which they are hashed as the zeros they stand for."""


DEFAULT = Limits()
