"""Writing hostile repositories."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

SEED = 20240229


def noise(size: int, letters: bytes = bytes(range(256))) -> bytes:
    """The same noise every time."""
    return bytes(Random(SEED).choices(letters, k=size))


def many(count: int, make: Callable[[int], bytes]) -> bytes:
    """`make(0) + make(1) + …`."""
    return b"".join(map(make, range(count)))


def nested(opening: bytes, depth: int, closing: bytes, core: bytes = b"x") -> bytes:
    return opening * depth + core + closing * depth


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
