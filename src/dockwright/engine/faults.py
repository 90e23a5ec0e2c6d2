"""What goes wrong with an engine, as a value: what kind, which code, what was run, what it said, what to do."""

import re
from enum import StrEnum

import msgspec

from dockwright.errors import EngineError
from dockwright.knowledge.secrets import REDACTED, looks_secret, redact

MAX_SAID = 4000
"""Characters of an engine's own words that are kept: the last ones, where the reason stands."""


class Kind(StrEnum):
    """What kind of failure it is, whatever words the engine has for it."""

    NOT_CHOSEN = "not-chosen"
    """Two engines answer and nothing says which is meant."""
    NOT_INSTALLED = "not-installed"
    NOT_ANSWERING = "not-answering"
    """The program is there, the engine behind it is not."""
    LOST = "lost"
    """It answered at first and went away while it worked."""
    REFUSED = "refused"
    """Permission is missing."""
    NO_SUCH_IMAGE = "no-such-image"
    NO_SUCH_BUILDER = "no-such-builder"
    BASE_NOT_FOUND = "base-not-found"
    """A base image cannot be had."""
    DISK_FULL = "disk-full"
    STEP_FAILED = "step-failed"
    """An instruction of the Dockerfile failed."""
    BUILD_FAILED = "build-failed"
    """A build ended otherwise: the Dockerfile is not valid, a source is missing."""
    TIMED_OUT = "timed-out"
    TOO_MUCH = "too-much"
    """It said more than is read."""
    NOT_UNDERSTOOD = "not-understood"
    """Its answer is not what it should be."""
    OTHER = "other"


_HINTS = {
    Kind.NOT_INSTALLED: "install Docker with its buildx plugin, or Podman, and put its program on PATH",
    Kind.NOT_ANSWERING: "start the engine, or name another by --engine, DOCKWRIGHT_ENGINE or [engine] in dockwright.toml",
    Kind.LOST: "look at the engine's own log; what was finished before is in its cache",
    Kind.REFUSED: "the user needs access to the engine (for Docker: its socket)",
    Kind.NO_SUCH_IMAGE: "build or pull it first",
    Kind.NO_SUCH_BUILDER: "`docker buildx ls` names the builders there are",
    Kind.BASE_NOT_FOUND: "check its name in FROM, COPY --from or # syntax, the network, and the login to its registry",
    Kind.DISK_FULL: "free space where the engine keeps its data (`docker system df` shows what it holds); nothing was removed",
    Kind.TIMED_OUT: "give it more time, or see what it waits for",
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One failure. `code` is the exit code, None where the program did not end by itself; `argv` and `said` are redacted."""

    kind: Kind
    message: str
    argv: tuple[str, ...] = ()
    code: int | None = None
    said: str = ""
    hint: str = ""

    @property
    def text(self) -> str:
        """The message with the engine's last words."""
        last = next((line.strip() for line in reversed(self.said.splitlines()) if line.strip()), "")
        return f"{self.message}: {last}" if last and last not in self.message else self.message


class Failed(EngineError):
    """A fault on its way up."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text, fault.hint)
        self.fault = fault


def fault(
    kind: Kind, message: str, argv: tuple[str, ...] = (), code: int | None = None, said: str = ""
) -> Fault:
    """A fault fit to be shown: secrets are out, the engine's words bounded."""
    return Fault(
        kind=kind,
        message=message,
        argv=redacted(argv),
        code=code,
        said=redact(said[-MAX_SAID:]),
        hint=_HINTS.get(kind, ""),
    )


def redacted(argv: tuple[str, ...]) -> tuple[str, ...]:
    """A command line without the secrets in it: values of telling names, tokens of known formats."""
    return tuple(_word(word) for word in argv)


def _word(word: str) -> str:
    name, equals, value = word.partition("=")
    if equals and value and re.fullmatch(r"\w+", name) and looks_secret(name, value):
        return f"{name}={REDACTED}"
    return redact(word)


_WORDS = {
    Kind.NOT_INSTALLED: (r"'buildx' is not a docker command", "unknown command: docker buildx"),
    Kind.DISK_FULL: ("no space left on device", "disk quota exceeded"),
    Kind.NO_SUCH_BUILDER: (r"no builder \S+ found", "no such builder", "no instance found", "failed to find instance"),
    Kind.REFUSED: ("permission denied while trying to connect", r"dial unix \S+: connect: permission denied"),
    Kind.STEP_FAILED: ("did not complete successfully", "building at STEP", "while running runtime"),
    Kind.NO_SUCH_IMAGE: ("No such image", "image not known", "no such object", "failed to find image",
                         "reference does not exist"),
    Kind.BASE_NOT_FOUND: (
        "failed to resolve source metadata", "pull access denied", "manifest unknown", "initializing source docker",
        "unable to find image", "failed to do request: Head", r"short-name .* did not resolve",
    ),
    Kind.NOT_ANSWERING: (
        "Cannot connect to the Docker daemon", "Is the docker daemon running", "unable to connect to Podman",
        "error during connect", "connection refused", "failed to dial gRPC", "no such host",
    ),
    Kind.LOST: (
        "error reading from server", "transport is closing", "connection reset by peer", "unexpected EOF", r"\bEOF$",
        "closing transport", "broken pipe", "rpc error: code = Unavailable", "graceful_stop", "error reading preface",
        "http2: .*closed",
    ),
}  # fmt: skip
"""What engines say, first match first. Sources: docker/cli, moby/buildkit, google.golang.org/grpc, containers/podman and image."""


def kind_of(said: str, default: Kind = Kind.OTHER, *, begun: bool = False) -> Kind:
    """The kind that an engine's words mean. `begun`: it had begun to work, so what does not answer has gone away."""
    for kind, patterns in _WORDS.items():
        if any(re.search(pattern, said, re.IGNORECASE | re.MULTILINE) for pattern in patterns):
            return Kind.LOST if begun and kind is Kind.NOT_ANSWERING else kind
    return default
