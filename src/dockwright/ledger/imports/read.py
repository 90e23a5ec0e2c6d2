"""Which kind of file it is, and the runs in it. Nothing is asked of the name: CI artefacts are called anything."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from dockwright.errors import Skipped
from dockwright.ledger.imports import buildx
from dockwright.ledger.imports.provenance import is_provenance
from dockwright.ledger.imports.shapes import items
from dockwright.ledger.model import KINDS, OUTCOMES, Run

EXPORT = "dockwright-ledger"
"""The `kind` of this program's own export."""
MAX_FILE = 64 << 20
"""Bytes that are read of a file, and unpacked of an archive."""
MAX_MEMBER = 8 << 20
"""Bytes of a record in an archive; logs and traces are larger and not needed."""


class Imported(msgspec.Struct):
    """Runs of a file, and what in it could not be taken."""

    runs: list[Run] = []
    skipped: list[Skipped] = []


class Export(msgspec.Struct, frozen=True):
    """The whole of a ledger, as `dockwright ledger export --format json` writes it."""

    runs: tuple[Run, ...]
    kind: str = EXPORT
    schema: int = 1


def read(data: bytes, name: str, target: str = "") -> Imported:
    """The runs in a file; `target` goes before what the file says. What it is not able to say is in `skipped`."""
    found = Imported()
    if len(data) > MAX_FILE:
        found.skipped.append(Skipped(name, f"larger than {MAX_FILE >> 20} MB"))
        return found
    documents = _bundle(data, name, found) if data[:2] == b"\x1f\x8b" else _documents(data, name, found)
    for document in documents:
        for one in _runs(document, name, target):
            if isinstance(one, Run):
                found.runs.append(one)
            else:
                found.skipped.append(one)
    if not found.runs and not found.skipped:
        found.skipped.append(Skipped(name, "no build in it that is known here"))
    return found


def _runs(data: Any, name: str, target: str) -> Iterable[Run | Skipped]:
    if isinstance(data, dict) and data.get("kind") == EXPORT:
        return _own(data, name)
    for known, reader in (
        (buildx.is_record, buildx.record),
        (buildx.is_inspected, buildx.inspected),
        (buildx.is_listed, buildx.listed),
        (is_provenance, buildx.statement),
        (buildx.is_metadata, buildx.metadata),
    ):
        if known(data):
            return reader(data, name, target)
    if buildx.is_bake(data):
        return buildx.bake(data, name)
    if isinstance(data, list):
        return [run for one in data if isinstance(one, dict) for run in _runs(one, name, target)]
    return [Skipped(name, "no build in it that is known here")]


def _own(data: dict[str, Any], name: str) -> Iterator[Run | Skipped]:
    if data.get("schema") != 1:
        yield Skipped(
            name,
            f"an export of schema {data.get('schema')}, of which this version knows 1; update dockwright",
        )
        return
    for number, one in enumerate(items(data, "runs"), 1):
        try:
            run = msgspec.convert(one, Run, strict=False)
            if run.at.tzinfo is None:
                raise ValueError("its time has no time zone")
            if run.kind not in KINDS or run.outcome not in OUTCOMES or not run.target:
                raise ValueError("its kind, outcome or target is none of a build")
            yield msgspec.structs.replace(run, number=0)
        except ValueError as error:
            yield Skipped(f"{name}: run {number}", str(error))


def _documents(data: bytes, name: str, found: Imported) -> list[Any]:
    """The JSON values of a file: one, or one a line."""
    try:
        return [msgspec.json.decode(data)]
    except (ValueError, RecursionError) as error:
        lines = [line for line in data.splitlines() if line.strip()]
        try:
            return (
                [msgspec.json.decode(line) for line in lines]
                if len(lines) > 1
                else _no_json(name, found, error)
            )
        except (ValueError, RecursionError):
            return _no_json(name, found, error)


def _no_json(name: str, found: Imported, error: Exception) -> list[Any]:
    why = "nested too deep" if isinstance(error, RecursionError) else str(error)
    found.skipped.append(Skipped(name, f"neither JSON nor an export of `docker buildx history`: {why}"))
    return []


def _bundle(data: bytes, name: str, found: Imported) -> list[Any]:
    """The records in a `.dockerbuild` file: a gzip of an OCI layout whose configurations are history records."""
    documents: list[Any] = []
    left = MAX_FILE
    try:
        with (
            gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as archive,
        ):
            for member in archive:
                left -= 512 + member.size
                if left < 0:
                    found.skipped.append(
                        Skipped(name, f"unpacks to more than {MAX_FILE >> 20} MB; the rest was not read")
                    )
                    break
                file = archive.extractfile(member) if member.isreg() and member.size <= MAX_MEMBER else None
                if file is not None and member.name.startswith("blobs/"):
                    documents += _one(file.read())
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        found.skipped.append(Skipped(name, f"a damaged archive: {error}"))
    records = [one for one in documents if buildx.is_record(one)]
    if not records and not found.skipped:
        found.skipped.append(Skipped(name, "an archive without build records"))
    return records


def _one(data: bytes) -> list[Any]:
    if data.lstrip()[:1] != b"{":
        return []
    try:
        return [msgspec.json.decode(data)]
    except (ValueError, RecursionError):
        return []
