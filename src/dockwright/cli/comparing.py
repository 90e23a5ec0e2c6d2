"""From the arguments of `dockwright diff` to its report: opens both images and what is accepted of them."""

from typing import TYPE_CHECKING

import msgspec

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.cli.images import Images
    from dockwright.config import Diff
    from dockwright.image.source import Image
    from dockwright.measure.scanning import Scanned
    from dockwright.report.comparison.document import DiffDocument, FindingEntry


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    before: str
    after: str
    platform: str | None = None
    counting: tuple[str, ...] = ()
    waivers: str | None = None
    root: str = "."
    engine: str | None = None
    scan: bool = False
    quiet: bool = False


def answered(asked: Asked) -> "DiffDocument":
    """The report on two images. Raises UsageError, ConfigError, ImageError or EngineError."""
    from dockwright.cli.images import Images
    from dockwright.cli.output import Progress
    from dockwright.image.diff.compare import compared, switched_off
    from dockwright.image.diff.waivers import checked
    from dockwright.report.comparison.document import document

    if asked.before == asked.after == "-":
        raise UsageError("`-` is standard input, which can be read once")
    declared, where = _declared(asked)
    waivers = checked(declared.waivers, where)
    counting = (*declared.count, *asked.counting)
    switched_off(counting)  # a mistake in it is told before a gigabyte is read
    with Progress(quiet=asked.quiet) as progress:
        images = Images(asked.platform, asked.engine, asked.root)
        sides = []
        for name in (asked.before, asked.after):
            progress(f"reading {name}")
            sides.append(_image(name, images))
        scans = None
        if asked.scan:
            progress("scanning both")
            scans = _scanned(asked, images)
        progress("comparing")
        more = scans.packages if scans is not None else ()
        found = compared(sides[0], sides[1], waivers=waivers, counting=counting, more_packages=more)
    return document(found, *_told(scans))


def _scanned(asked: Asked, images: "Images") -> "Scanned":
    """What the scanners that are installed say. Raises UsageError when there is none, or an image passes only once."""
    from dockwright.engine.runner import run_async
    from dockwright.measure.scanning import SCANNERS, installed, scanned

    if "-" in (asked.before, asked.after):
        raise UsageError("--scan reads images again, and standard input passes once", "name a file")
    if not installed():
        raise UsageError(
            f"--scan: none of {', '.join(SCANNERS)} is on PATH", "install one, or leave --scan out"
        )
    engine = images.engine.name if images.engine is not None else "docker"
    return run_async(lambda: scanned(asked.before, asked.after, engine))


def _told(scans: "Scanned | None") -> "tuple[tuple[str, ...], list[FindingEntry]]":
    from dockwright.report.comparison.document import FindingEntry

    if scans is None:
        return (), []
    return scans.scanners, [
        FindingEntry(one.change, *msgspec.structs.astuple(one.finding)) for one in scans.changes
    ]


def _image(name: str, images: "Images") -> "Image":
    from dockwright.image.diff import noise
    from dockwright.image.packages import files

    found = images.named(name, lambda path, size: files.wanted(path, size) or noise.wanted(path, size))
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise UsageError(
            f"{name} holds {len(found)} images ({names})", "save each of them into a file of its own"
        )
    return found[0]


def _declared(asked: Asked) -> "tuple[Diff, str]":
    """What the configuration accepts, and where it stands. A file that is named must be there."""
    from dockwright.cli.source import configuration, directory, opened
    from dockwright.config import load

    if asked.waivers is None:
        tree = opened(directory(asked.root, "diff --root"), None, history=False).tree
        return configuration(tree).diff, "dockwright.toml"
    try:
        with open(asked.waivers, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise UsageError(f"{asked.waivers}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{asked.waivers}: is not UTF-8 ({error.reason})") from error
    return load(text, asked.waivers).diff, asked.waivers
