"""A proof that two Dockerfiles give the same work, as a document fit to be shown; as JSON with a published schema."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.dockerfile.operations.compare import Difference, Side
from dockwright.dockerfile.operations.equivalences import EQUIVALENCES
from dockwright.dockerfile.operations.parts import Part
from dockwright.knowledge.secrets import REDACTED, looks_secret, redact
from dockwright.proof.build import BuildProof, TargetProof
from dockwright.report.clean import Cleaner
from dockwright.report.plain import plain
from dockwright.report.secrets import secrets_of_dockerfiles

SCHEMA = "dockwright.prove-build/1"


class SideEntry(msgspec.Struct, frozen=True):
    """One side of a difference; `line` is None where the place is a whole file."""

    path: str
    line: int | None
    text: str
    stage: str


class PartEntry(msgspec.Struct, frozen=True):
    """What differs, with its value on either side; None where it is not there. `places` are where a variable was set."""

    name: str
    first: str | None
    second: str | None
    places: Sequence[str | None]


class DifferenceEntry(msgspec.Struct, frozen=True):
    """The first difference. `kind`: changed, only in the first, only in the second, image configuration."""

    kind: str
    first: SideEntry | None
    second: SideEntry | None
    parts: Sequence[PartEntry]


class SelectedEntry(msgspec.Struct, frozen=True):
    """The same instruction, which selects other files in the second context."""

    place: str
    text: str
    selection: str


class RefusalEntry(msgspec.Struct, frozen=True):
    """The error BuildKit would stop at."""

    place: str
    message: str


class TargetEntry(msgspec.Struct, frozen=True):
    """One target: `verdict` is same, differs, or cannot be built. `name` is "" for the last stage."""

    name: str
    second: str
    verdict: str
    digests: Sequence[str]
    difference: DifferenceEntry | None
    selected: SelectedEntry | None
    refusals: Sequence[RefusalEntry | None]


class EquivalenceEntry(msgspec.Struct, frozen=True):
    """A difference that does not count, and why."""

    id: str
    what: str
    source: str


class ProofDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright prove build --format json` writes."""

    schema: str = SCHEMA
    tool: str
    version: str
    first: str
    second: str
    same: bool
    targets: Sequence[TargetEntry]
    only_first: Sequence[str]
    only_second: Sequence[str]
    unknown_images: Sequence[str]
    contexts_compared: bool
    frontends: Sequence[str]
    equivalences: Sequence[EquivalenceEntry]


def document(proof: BuildProof, sources: Iterable[bytes]) -> ProofDocument:
    """The proof with secrets out; `sources` are the Dockerfiles' bytes, whose secrets are known by that."""
    cleaner = Cleaner(redact, secrets_of_dockerfiles(sources))
    data: dict[str, Any] = {
        "tool": "dockwright",
        "version": __version__,
        "first": proof.first,
        "second": proof.second,
        "same": proof.same,
        "targets": [_target(one) for one in proof.targets],
        "only_first": plain(proof.only_first),
        "only_second": plain(proof.only_second),
        "unknown_images": plain(proof.unknown_images),
        "contexts_compared": proof.contexts_compared,
        "frontends": list(proof.frontends),
        "equivalences": plain(EQUIVALENCES),
    }
    return msgspec.convert(cleaner.data(data), ProofDocument)


def _target(proof: TargetProof) -> dict[str, Any]:
    found: dict[str, Any] = plain(msgspec.structs.replace(proof, difference=None))
    found["difference"] = None if proof.difference is None else _difference(proof.difference)
    return found


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind.value,
        "first": _side(difference.first),
        "second": _side(difference.second),
        "parts": [_part(one) for one in difference.parts],
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    return None if side is None else plain(side)


def _part(part: Part) -> dict[str, Any]:
    """The name of a variable stands apart from its value here, so its value is looked at together with it."""
    name = part.name.rpartition(" ")[2]
    return {
        "name": part.name,
        "first": _value(name, part.first),
        "second": _value(name, part.second),
        "places": list(part.places),
    }


def _value(name: str, value: str | None) -> str | None:
    return REDACTED if value and looks_secret(name, value) else value


def as_json(made: ProofDocument) -> str:
    """Indented JSON ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema of what `as_json` writes."""
    made: dict[str, Any] = msgspec.json.schema(ProofDocument)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright prove build ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }


def schema_text() -> str:
    """The schema as it stands in `docs/schema/prove-build-1.json`."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
