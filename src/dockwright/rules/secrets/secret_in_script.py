"""A script holds secrets in plain text.

Shell scripts that write a `.env` file (`cat > .env <<EOF`) or export credentials carry them in the repository's history.
What began as a development default is found on servers later, because the script is run there too.

Fix: read the values from the environment or a file git ignores, ship an example with empty ones, and change the
secrets, because history keeps them.

One finding per script, with every line. Placeholders and references are not reported, nor is test code. Values are
never shown.
"""

import re
from collections.abc import Iterator

from dockwright.knowledge.secrets import is_weak, looks_secret, surely_secret
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.text import Span

SETTING = re.compile(
    rb"^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?\"?([A-Za-z_][A-Za-z0-9_]{2,60})[ \t]?=[ \t]?[\"']?([^\s\"'#;&|]{4,500})[\"']?[ \t]*$",
    re.MULTILINE,
)
LANGUAGES = frozenset(("shell", "sh", "bash", "batch", "bat", "cmd", "powershell"))
SHOWN = 20


def check(subject: ScriptSubject) -> Iterator[Finding]:
    item = subject.item
    if item.test or item.language not in LANGUAGES:
        return
    found: list[tuple[str, Span, bool]] = []
    sure = False
    for match in SETTING.finditer(subject.source.data):
        name, value = match[1].decode("ascii"), match[2].decode("utf-8", "replace")
        if looks_secret(name, value):
            found.append((name, Span(match.start(1), match.end(1)), is_weak(value)))
            sure = sure or surely_secret(name, value)
    if not found:
        return
    names = list(dict.fromkeys(name for name, _, _ in found))
    yield RULE.finding(
        subject.at(found[0][1]),
        f"{', '.join(f'`{name}`' for name in names[:4])}{f' and {len(names) - 4} more' if len(names) > 4 else ''} "
        f"{'is' if len(names) == 1 else 'are'} set in plain text",
        related=[subject.related(span, f"`{name}`") for name, span, _ in found[1 : SHOWN + 1]],
        severity=Severity.LOW if all(weak for _, _, weak in found) else RULE.severity,
        confidence=RULE.confidence if sure else Confidence.MEDIUM,
    )


RULE = Rule(
    id="secret-in-script",
    summary="a script holds secrets in plain text",
    category=Category.SECURITY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "deploy.sh": "#!/bin/sh\ncat > .env <<'EOF'\nJWT_SECRET_KEY=8f3a9c1b7d5e2f4a6b8c0d1e2f3a4b5c\nLOG_LEVEL=info\n"
                "DB_PASSWORD=s3cr3t-4nd-l0ng\nEOF\ndocker compose up -d\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="JWT_SECRET_KEY",
            says="`JWT_SECRET_KEY`, `DB_PASSWORD` are set in plain text",
        ),
        Good(
            {
                "deploy.sh": "#!/bin/sh\nexport API_TOKEN=$TOKEN\nSECRET_KEY=change-me\nDB_PASSWORD_FILE=/run/secrets/db\ndocker compose up -d\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="a reference, a placeholder and the name of a file",
        ),
    ),
)
