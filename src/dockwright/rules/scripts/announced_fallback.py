"""A container tool says of itself that it falls back.

Comments and log lines such as `# Fall back to creating a new environment` mark the places where a tool does something
else than it was asked to. Each hides a failure; many in one tool mean that nobody knows which way it takes on a given
machine. One finding per file, with every line.

Fix: let the tool stop with the reason in place of going on, or make the other way a choice of the caller (a flag).

The words are taken as they stand, so confidence is low: some fallbacks are harmless. Test code is not reported, nor are
lines with no container about: none is started within a few lines of them, and nothing there names Docker, Podman,
compose or a container.
"""

import re
from collections.abc import Iterator

from dockwright.figures import Basis, Figure
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.text import Span

WORDS = re.compile(rb"(?i)\bfall(?:ing|s)?[ _-]?back\b")
SAYS = re.compile(
    rb"(?i)^\s*(#|//|rem\b|::)|(#|//)[^\"']*$|\b(log(ger)?\.\w+|print|echo|write-host|console\.\w+|warn(ing)?)\b|\"\"\""
)
ABOUT = re.compile(rb"(?i)docker|podman|compose(?!r)|\bcontainer(?:s|d)?\b|nerdctl|buildx")
NEAR = 3
"""Lines before and after in which something must be about containers."""
REACH = 12
"""Lines around a container command that belong to it."""
SHOWN = 30


def check(subject: ScriptSubject) -> Iterator[Finding]:
    item = subject.item
    if item.test or not (item.invocations or item.named) or not WORDS.search(subject.source.data):
        return
    spans: list[Span] = []
    lines: set[int] = set()
    for match in WORDS.finditer(subject.source.data):
        line = subject.source.line_of(match.start())
        span = subject.source.line_span(line)
        says = line not in lines and SAYS.search(subject.source.data[span.start : span.end])
        if says and _about_containers(subject, line):
            lines.add(line)
            spans.append(Span(*match.span()))
    if not spans:
        return
    count = len(spans)
    yield RULE.finding(
        subject.at(spans[0]),
        f"says in {count} places that it falls back" if count > 1 else "says that it falls back",
        related=[subject.related(span, "and here") for span in spans[1 : SHOWN + 1]],
        figures=[Figure("places", count, "places", Basis.DERIVED, "lines whose comment or message says so")],
    )


def _about_containers(subject: ScriptSubject, line: int) -> bool:
    """True when a container is started near a line, or the lines around it speak of one."""
    if any(abs(one.place.line - line) <= REACH for one in subject.item.invocations):
        return True
    source = subject.source
    last = source.line_of(len(source.data))
    start = source.line_span(max(line - NEAR, 1)).start
    end = source.line_span(min(line + NEAR, last)).end
    return ABOUT.search(source.data, start, end) is not None


RULE = Rule(
    id="announced-fallback",
    summary="a container tool says of itself that it falls back",
    category=Category.DANGEROUS,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    check=check,
    examples=(
        Bad(
            {
                "docker_ports.py": "import subprocess\n\n\ndef ports():\n    try:\n        return subprocess.run(['docker', 'ps'])\n"
                "    except OSError:\n        # Fall back to the static ports\n        return {}\n",
            },
            at="Fall back to the static ports",
            says="says that it falls back",
        ),
        Good(
            {
                "docker_ports.py": "import subprocess\n\nfallback_allowed = False\nsubprocess.run(['docker', 'ps'])\n",
                "notes.py": "# Fall back to the other page\n",
            },
            why="a name is no statement, and other files are not container tools",
        ),
        Good(
            {
                "runtime.py": "import subprocess\n\n\ndef start(name):\n    subprocess.run(['docker', 'start', name])\n"
                + "\n\n" * 8
                + "def mapping(text):\n    # Fall back to the empty mapping\n    return text or {}\n",
            },
            why="the file starts containers, but not there",
        ),
    ),
)
