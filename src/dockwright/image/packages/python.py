"""pip: `dist-info` folders (packaging.python.org: Core metadata, Recording installed projects), and older `egg-info`."""

import csv
import re
from collections.abc import Iterator
from posixpath import normpath

from dockwright.image.packages.files import Contents
from dockwright.image.packages.model import Package
from dockwright.image.replay import Replay

_REQUIREMENT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*+==")


def normal(name: str) -> str:
    """The name by which two spellings are the same project (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pip(contents: Contents, replay: Replay) -> Iterator[Package]:
    """Installed distributions with their files."""
    records = {path.rpartition("/")[0]: text for path, text in contents.of("record")}
    for path, text in contents.of("pip"):
        folder = path.rpartition("/")[0]
        files = tuple(_recorded(records.get(folder, ""), folder.rpartition("/")[0]))
        requested = replay.at(f"{folder}/REQUESTED")
        asked = None if replay.at(f"{folder}/INSTALLER") is None else requested is not None
        yield _package(text, path, folder, files, asked)
    lists = {path.rpartition("/")[0]: text for path, text in contents.of("eggfiles")}
    for path, text in contents.of("egg"):
        folder = path.removesuffix("/PKG-INFO")  # or it is one file
        files = tuple(normpath(f"{folder}/{line}") for line in lists.get(folder, "").splitlines() if line)
        yield _package(text, path, folder, files, None)


def _package(text: str, path: str, folder: str, files: tuple[str, ...], asked: bool | None) -> Package:
    fields: dict[str, str] = {}
    needs = []
    for line in text.splitlines():
        if not line.strip():
            break  # the description follows
        key, colon, value = line.partition(":")
        if key == "Requires-Dist" and not _EXTRA.search(value.partition(";")[2]):
            match = _REQUIREMENT.match(value.strip())
            needs += [(normal(match[0]),)] if match else []
        elif colon and key not in fields:
            fields[key] = value.strip()
    name = fields.get("Name") or folder.rpartition("/")[2].partition("-")[0]
    return Package(
        "pip", name, fields.get("Version", ""), files, requires=tuple(needs), provides=(normal(name),),
        asked_for=asked, listed_in=path, place=folder.rpartition("/")[0],
    )  # fmt: skip


def _recorded(text: str, base: str) -> Iterator[str]:
    try:
        for row in csv.reader(text.splitlines()):
            if row and row[0]:
                path = row[0]
                yield path.lstrip("/") if path.startswith("/") else normpath(f"{base}/{path}")
    except csv.Error:
        return
