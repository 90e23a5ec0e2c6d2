"""The order of a stage's steps makes the repository's own commits rebuild more than another order would.

A step runs again when anything before it did. Over the history of the repository it can be counted how often each
step's sources changed; where a costly step stands behind one that changes often, and shown not to need it, every such
commit pays for it again.

Fix: put the steps in the order the finding gives, and build the image once to see that it is the same
(`dockwright prove build` shows what is). What is shown to be independent is shown from the text of the commands: a
script that reads files another step wrote is not seen, and such steps stay in their order.

Reported when a tenth of the expected seconds, and a tenth of a second per commit, would be saved; the seconds of a
step are assumed by its kind unless they were measured, the counts are exact. Only looked for when the history is
replayed (`dockwright audit --replay`).
"""

from collections.abc import Iterator

from dockwright.replay.result import OrderResult
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import HistorySubject

SHARE, SECONDS = 0.1, 0.1


def check(subject: HistorySubject) -> Iterator[Finding]:
    for order in subject.result.orders:
        before, after = order.replayed_before.value, order.replayed_after.value
        if before - after >= max(SHARE * before, SECONDS) and order.moved:
            yield _finding(subject, order)


def _finding(subject: HistorySubject, order: OrderResult) -> Finding:
    before, after = order.replayed_before, order.replayed_after
    earlier = [line for line in order.lines if line not in order.moved]
    first = next(
        (line for line, was in zip(order.lines, sorted(order.lines), strict=True) if line != was), earlier[0]
    )
    return RULE.finding(
        subject.at(subject.line_span(first)),
        f"the order of the steps of `{order.stage}` costs {before.value:.2f} s of rebuilding per commit, "
        f"{after.value:.2f} s in another order",
        related=[subject.related(subject.line_span(line), "stands ahead of it now") for line in order.moved],
        evidence=[f"lines {', '.join(map(str, order.lines))} in this order"],
        figures=[before, after],
        service=subject.service,
    )


_DOCKERFILE = """FROM debian:12-slim
COPY src/ /app/src/
RUN apt-get update && apt-get install -y --no-install-recommends curl
"""

RULE = Rule(
    id="costly-step-order",
    summary="the order of steps makes commits rebuild more than they need",
    category=Category.SLOW,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {"Dockerfile": _DOCKERFILE, "src/a.py": "4"},
            at="RUN apt-get update",
            says="in another order",
            history=[{"src/a.py": "1"}, {"src/a.py": "2"}, {"src/a.py": "3"}],
        ),
        Good(
            {"Dockerfile": _DOCKERFILE, "src/a.py": "1", "README.md": "4"},
            why="what is copied never changes, so that the order costs nothing",
            history=[{"README.md": str(number)} for number in range(4)],
        ),
        Good(
            {"Dockerfile": _DOCKERFILE, "src/a.py": "4"},
            why="without a history nothing is known of how often anything changes",
        ),
    ),
)
