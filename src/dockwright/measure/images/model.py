"""What is said of an image: a plain value, the same for people and programs. Sizes are bytes."""

import msgspec

from dockwright.errors import Skipped
from dockwright.figures import Figure

SCHEMA = "dockwright.image/1"


class Place(msgspec.Struct, frozen=True):
    """A line of a Dockerfile. `sure` is False where the text differs from what the image's history says."""

    file: str
    line: int
    sure: bool

    @property
    def text(self) -> str:
        return f"{self.file}:{self.line}"


class LayerRow(msgspec.Struct, frozen=True):
    """One layer: `shipped` = `live` + `dead`. `kills` is what it hides, in itself and below."""

    number: int
    digest: str
    instruction: int | None
    """Number of the instruction that made it."""
    base: bool | None
    """Whether it comes with FROM; None when that is not known."""
    shipped: int
    live: int
    dead: int
    kills: int
    files: int
    tar: int
    packed: int | None
    """As it lies in the archive, when it is compressed there."""


class InstructionRow(msgspec.Struct, frozen=True):
    """One instruction and the bytes that are its own: those of its layer. The sum over all is `shipped`."""

    number: int
    instruction: str
    """Keyword and text on one line."""
    keyword: str
    place: Place | None
    layer: int | None
    base: bool | None
    shipped: int
    live: int
    dead: int
    kills: int
    junk: int


class Win(msgspec.Struct, frozen=True):
    """Bytes that need not be shipped, where they come from, and what removes them.

    `kind` is `dead`, `junk`, `duplicate` or `recommended` (packages that nothing requires). The `dead` ones add up to the image's
    dead bytes; the others are among what can be seen, and a file may be of several kinds.
    """

    kind: str
    cause: str
    """Of dead bytes: why they are hidden; else what they are."""
    bytes: int
    files: int
    paths: tuple[str, ...]
    """Where most of them are, the largest first."""
    made_by: int | None
    """The instruction that ships them."""
    hidden_by: int | None
    """The instruction that hid them."""
    own: bool | None
    """Whether they lie above the base image; None when that is not known."""
    sure: bool
    """False where somebody must say whether they are needed."""
    fix: str


class PackageRow(msgspec.Struct, frozen=True):
    """An installed package. `bytes` are those of its files that can be seen."""

    manager: str
    name: str
    version: str
    place: str
    """The folder it is installed in, for managers that install a name several times (pip, npm)."""
    bytes: int
    files: int
    instruction: int | None
    """That shipped most of it."""
    needed_by: tuple[str, ...]
    """Installed packages that require it; empty when nothing does, or that cannot be told."""
    recommended_by: tuple[str, ...]
    """Installed packages that only recommend it: apt installs those too, unless told not to."""
    asked_for: bool | None
    """Installed because somebody asked for it, not for another package; None when that is not recorded."""


class ProgramRow(msgspec.Struct, frozen=True):
    """One program that is there more than once."""

    name: str
    copies: tuple[str, ...]
    """Paths, the largest first."""
    bytes: int
    """Of all of them, what belongs to each included."""
    saved: int
    """By keeping only the largest."""
    same: bool
    """They are the same to the byte."""
    instructions: tuple[int | None, ...]
    """The instruction that shipped each."""
    fix: str
    """How to do with one, where that is known."""


class Base(msgspec.Struct, frozen=True):
    """How many of the lowest layers come with FROM, and how that is known. `layers` is None when it is not."""

    layers: int | None
    name: str
    how: str
    sure: bool


class DiveFigures(msgspec.Struct, frozen=True):
    """What dive says of the same image, by its own formula."""

    efficiency: float
    wasted_bytes: int
    user_size: int
    user_wasted: float


class ImageReport(msgspec.Struct, frozen=True):
    """Everything about one image."""

    schema: str
    image: str
    tags: tuple[str, ...]
    id: str
    platform: str
    shipped: int
    live: int
    dead: int
    dead_own: int | None
    dead_base: int | None
    dead_by_cause: dict[str, int]
    duplicate: int
    junk: int
    junk_by_kind: dict[str, int]
    files: int
    base: Base
    dockerfile: str
    layers: tuple[LayerRow, ...]
    instructions: tuple[InstructionRow, ...]
    wins: tuple[Win, ...]
    packages: tuple[PackageRow, ...]
    programs: tuple[ProgramRow, ...]
    dive: DiveFigures
    figures: tuple[Figure, ...]
    """The numbers above and those that are estimates, each with what it rests on."""
    notes: tuple[str, ...]
    skipped: tuple[Skipped, ...]


class SharedLayer(msgspec.Struct, frozen=True):
    """A layer that several images have."""

    digest: str
    bytes: int
    images: tuple[str, ...]


class SharedReport(msgspec.Struct, frozen=True):
    """Several images side by side: `unique` is what a registry stores, `total` what they ship one by one."""

    schema: str
    images: tuple[ImageReport, ...]
    total: int
    unique: int
    shared: float
    """1 - unique / total."""
    layers: tuple[SharedLayer, ...]
