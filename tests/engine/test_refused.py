"""Dockerfiles that BuildKit refuses: its first error against ours, in the dialect of the engine at hand (0.13).

A build with a target of its own (`FROM scratch` at the end) needs no image and no command, and still goes through all
of the file: the errors of the parser and of the typed instructions come first, those of the target's stage after them.
"""

import json
import re
from pathlib import Path
from random import Random

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.settings import Settings
from tests.dockerfile.strategies import FRAGMENTS, KEYWORDS
from tests.engine.builds import build, seeded, side_by_side

pytestmark = [pytest.mark.engine, pytest.mark.slow]

GOOD = (
    "ARG V=1", "FROM scratch AS base", "FROM base", "FROM base AS next", "FROM --platform=linux/amd64 scratch AS other",
    "COPY Dockerfile /", "COPY --chmod=644 --chown=1:2 Dockerfile /x", 'COPY ["Dockerfile", "/y"]', "COPY --from=base / /b",
    "COPY <<EOF /h\nbody $A\nEOF", "COPY <<-'EOF' <<B /h/\n\tbody\n\tEOF\nmore\nB", "ADD Dockerfile /z/", "ENV A=1 B='x y'",
    "ENV C c d", 'LABEL a=b "c d"="e"', "ARG X", "ARG Y=2 Z", "WORKDIR /w", "USER 1:1", "EXPOSE 80/tcp 90-92", 'CMD ["a", "b"]',
    "CMD a b", "ENTRYPOINT a", "VOLUME /v /w", 'VOLUME ["/v"]', "STOPSIGNAL SIGTERM", 'SHELL ["/bin/sh", "-c"]', "MAINTAINER me",
    "HEALTHCHECK --interval=5s CMD true", "HEALTHCHECK NONE", "ONBUILD COPY Dockerfile /o", "# escape=`", "# a comment",
    "ENV LONG=a\\\n  b\\\n\\\n  c", 'LABEL q="x\\\n# note\ny"', "ENV E=${A:-x} F=${B:+y} G=$X",
)  # fmt: skip

PARTS = 6
"""The recorded cases are this many tests, for processes to share."""
LATER = (
    "failed to compute cache key", "failed to calculate checksum", "lstat ", "stat ", "failed to resolve source metadata",
    "invalid includepatterns", "mkdir ",
)  # fmt: skip
"""What BuildKit says once it asks for images and files."""


def expected(text: bytes, target: str) -> list[str]:
    """Our errors, none where we see none."""
    tree = parse(text, dialect=Dialect.V0_13)
    found = tree.build(Settings(target=target)).target(target)
    return [one.text for one in ((*tree.problems, found) if isinstance(found, Problem) else found.problems)]


def compared(context: Path, text: bytes, target: str = "") -> tuple[list[str], str]:
    """Our errors and BuildKit's; what it meets only once it runs the steps is none of the file's."""
    context.mkdir()
    (context / "Dockerfile").write_bytes(text)
    error = build(context, context / "Dockerfile", *(("--target", target) if target else ())).error
    if any(one in error for one in LATER):
        error = ""
    return expected(text, target), error


SUGGESTED = re.compile(r" \(did you mean .*\?\)$")
PORT = re.compile(r"(?i)^(invalid (port|containerport|hostport|proto|range)|no port specified)")


def comparable(message: str) -> str:
    """A message without what is known to differ.

    Of several names equally near to an unknown instruction 0.13 suggests any (it walks a map); its texts for ports are
    those of an older docker/go-connections, and its platforms may have no dot.
    """
    message = SUGGESTED.sub("", message).replace("[A-Za-z0-9_.-]", "[A-Za-z0-9_-]")
    return "a bad port" if PORT.match(message) else message


def same(ours: list[str], theirs: str) -> bool:
    """True where BuildKit's error is our first. Images are looked up side by side, so any bad reference may come first."""
    if not ours or not theirs:
        return not ours and not theirs
    concurrent = [one for one in ours if one.startswith("failed to parse stage name")]
    first = ours if ours[0] in concurrent else ours[:1]
    return any(comparable(one) in comparable(theirs) for one in first)


def a_file(random: Random) -> bytes:
    """Good instructions, and now and then something amiss."""
    lines = ["FROM scratch AS base", *random.choices(GOOD, k=random.randint(2, 7))]
    if random.random() < 0.3:
        lines = random.sample(lines, len(lines))
    text = "\n".join(lines) + "\n"
    for _ in range(random.choice((0, 1, 1, 2))):
        at = random.randint(0, len(text))
        kind = random.random()
        if kind < 0.5:
            text = text[:at] + random.choice(FRAGMENTS) + text[at:]
        elif kind < 0.7:
            text = text[:at] + "\n" + random.choice(KEYWORDS) + " " + text[at:]
        elif kind < 0.9:
            text = text[:at] + text[at + random.randint(1, 3) :]
        else:
            text = text[:at].swapcase() + text[at:]
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("number", range(6))
def test_generated_files(engine: None, tmp_path: Path, number: int) -> None:
    random = seeded(f"refused {number}")
    texts = [text for text in (a_file(random) for _ in range(30)) if usable(text)]
    assert len(texts) > 10
    found = side_by_side(
        lambda one: compared(tmp_path / f"generated{number}-{one[0]}", one[1]), enumerate(texts)
    )
    assert [(text, *one) for text, one in zip(texts, found, strict=True) if not same(*one)] == []


def usable(text: bytes) -> bool:
    """Without a command to run, or another frontend."""
    return b"\nrun" not in text.lower() and b"# syntax" not in text


def recorded(corpus: Path) -> dict[bytes, str]:
    """Every input of the conformance cases once, with the name of a case it is in."""
    lines = (corpus / "conformance" / "parser_cases.jsonl").read_text("utf-8").splitlines()
    found: dict[bytes, str] = {}
    for row in map(json.loads, lines):
        if row["kind"] in ("parse", "instructions") and "panic" not in row.get("expected_0_13", {}):
            text = row["input"].encode("utf-8", "surrogateescape")
            if text and len(text) <= 60_000 and b"syntax" not in text:
                found.setdefault(text, row["name"])
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_recorded_cases(engine: None, corpus: Path, tmp_path: Path, part: int) -> None:
    """Each with a stage of its own behind it, so that no image is asked for."""
    cases = [*recorded(corpus).items()]
    assert len(cases) > 300
    cases = cases[part::PARTS]

    def asked(one: tuple[int, tuple[bytes, str]]) -> tuple[list[str], str]:
        text = one[1][0] + b"\nFROM scratch AS zzz\nCOPY Dockerfile /\n"
        return compared(tmp_path / f"recorded{part}-{one[0]}", text, "zzz")

    found = side_by_side(asked, enumerate(cases))
    different = [
        (name, text[:300], *one) for (text, name), one in zip(cases, found, strict=True) if not same(*one)
    ]
    assert different == []
