"""A mapping in a compose file has the same key twice.

Compose refuses the file (`mapping key "<<" already defined`). Other readers, podman-compose among them, silently let the
last one win, so half of a service's settings are gone without a word. Two merge keys in one mapping are the same fault:
write `<<: [*a, *b]`.

Fix: keep one of the two and merge what both say; which one was in force depends on the tool that read the file.

One finding per file; the other places are listed with it.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject

SHOWN = 12


def check(subject: ComposeSubject) -> Iterator[Finding]:
    found = [problem for problem in subject.file.problems if problem.kind == "duplicate-key"]
    if not found or subject.file.yaml.broken:
        return
    first, rest = found[0], found[1:]
    related = [Related(subject.at(span), "first one here") for span in first.related[:1]]
    related += [Related(subject.at(problem.span), "the same again") for problem in rest[:SHOWN]]
    key = subject.source.text(first.span).rstrip(":").strip()
    more = f", and {len(rest)} more in this file" if rest else ""
    yield RULE.finding(
        subject.at(first.span),
        f"key `{key}` stands twice in one mapping{more}; compose refuses the file",
        related=related,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="duplicate-key",
    summary="a mapping in a compose file has the same key twice",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    environment:\n      A: 1\n"
                "    ports: ['80:80']\n    environment:\n      B: 2\n"
            },
            at="environment:",
            says="key `environment` stands twice",
        ),
        Bad(
            {
                "compose.yaml": "x-a: &a\n  restart: always\nx-b: &b\n  init: true\nservices:\n  web:\n"
                "    image: nginx:1.27\n    <<: *a\n    <<: *b\n"
            },
            at="<<: *b",
            says="key `<<` stands twice",
        ),
        Good(
            {
                "compose.yaml": "x-a: &a\n  restart: always\nservices:\n  web:\n    <<: *a\n    image: nginx:1.27\n"
                "    restart: 'no'\n"
            },
            why="a key of its own over a merged one is what merging is for",
        ),
    ),
)
