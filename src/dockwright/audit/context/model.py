"""The values of a context audit. Paths are relative to the context unless they say otherwise."""

import msgspec

from dockwright.errors import Skipped
from dockwright.figures import Figure

SCHEMA = "context-1"


class Amount(msgspec.Struct, frozen=True):
    """Files and their bytes."""

    files: int
    bytes: int


class Part(msgspec.Struct, frozen=True):
    """A file, or a folder as a whole (ending in `/`), with what is in it."""

    path: str
    files: int
    bytes: int


class Line(msgspec.Struct, frozen=True):
    """A line of a proposed ignore file: why it is there, and how much it leaves out that was sent.

    `changes_image` says that an instruction copies it today: leaving it out changes what is built, on purpose.
    """

    pattern: str
    because: str
    files: int = 0
    bytes: int = 0
    changes_image: bool = False


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An ignore file, and what would be sent under it: worked out again with it in place, not added up.

    `path` is where it would have to stand (in the repository), `content` its lines. `hidden_used` are used files it would hide: none but
    those that its lines say they take out on purpose.
    """

    path: str
    content: list[str]
    sent: Amount
    lines: list[Line]
    hidden_used: list[str] = []


class ContextAudit(msgspec.Struct, frozen=True, kw_only=True):
    """What one build is sent.

    `sent` is all that the ignore file lets through, `.git` of a checkout apart in `git` (None: not sent). BuildKit
    transfers of it what instructions name (`used`); other builders transfer all. `readers` are the other Dockerfiles
    whose builds read the same ignore file. `minimal` serves this Dockerfile alone, `better` all of them.
    """

    schema: str = SCHEMA
    dockerfile: str
    context: str
    target: str = ""
    ignore_file: str = ""
    revision: str = ""
    all: Amount
    sent: Amount
    used: Amount
    git: Amount | None = None
    sends_git: bool = False
    whole: bool = False
    """An instruction takes the whole context, so that all that is sent is used."""
    largest_unused: list[Part] = []
    secrets: list[str] = []
    version_control: list[str] = []
    readers: list[str] = []
    minimal: Proposal | None = None
    better: Proposal | None = None
    figures: list[Figure] = []
    notes: list[str] = []
    skipped: list[Skipped] = []
